# SPDX-License-Identifier: Apache-2.0
"""One table that answers a question in the terminal."""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """A table to print: what it shows, its rows by name, columns as (head lines, cells), and what to mind."""

    title: str
    rows: list[str]
    columns: list[tuple[list[str], list[str]]]
    mind: str
