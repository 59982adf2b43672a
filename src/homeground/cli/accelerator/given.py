# SPDX-License-Identifier: Apache-2.0
"""The tables that commands are given, with what must be looked at on the second channel."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pandas as pd

from homeground.accelerator.registry.given import read_tables
from homeground.language.layout import fill

TOLD = 20  # warnings that the terminal shows


def told_tables(given: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Tables of registries, folders and files; warnings go beside what a command prints."""
    said: list[str] = []
    tables = read_tables(given, tell=said.append)
    show_warnings(said)
    return tables


def show_warnings(said: Sequence[str]) -> None:
    """What must be looked at, on the second channel."""
    for sentence in said[:TOLD]:
        print(fill(f"look at {sentence}"), file=sys.stderr)
    if len(said) > TOLD:
        print(f"and {len(said) - TOLD} more; homeground accelerator validate FILE... lists all", file=sys.stderr)
