# SPDX-License-Identifier: Apache-2.0
"""What a proposal is made from, and the file and rows behind each of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.brief.accelerator.cop_report.content import Origin
from homeground.brief.facts.collect import collect
from homeground.brief.facts.results import read
from homeground.errors import DataError
from homeground.language.messages import known, needs, say
from homeground.language.quantities import Run, Text
from homeground.numbers.fact import Fact
from homeground.numbers.table import read_rows
from homeground.study.model import Study

HERE = Path(__file__).parent


@cache
def _files() -> tuple[tuple[str, str, str], ...]:
    rows = [(row["prefix"], row["file"], row["rows"]) for row in read_rows(HERE / "origins.csv")]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


def file_of(key: str) -> tuple[str, str]:
    """File of the results, and rows in it, that a fact of a run was read from."""
    for prefix, file, rows in _files():
        if key.startswith(prefix):
            return file, f"{key}: {rows}"
    raise DataError(f"nobody says which file the fact {key} is read from. Add a row to origins.csv.")


@dataclass
class Ledger:
    """Facts of one run in one language, and where each comes from; ``given`` are tables of the user."""

    results: Path
    study: Study
    code: str
    facts: dict[str, Fact] = field(default_factory=dict)
    origins: dict[Fact, Origin] = field(default_factory=dict)
    given: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict)  # what is worked out once

    @property
    def folder(self) -> str:
        """What the folder of results is called in the file of numbers."""
        return f"results/{self.study.id}/{self.study.scenario_name}"

    def read(self, name: str) -> pd.DataFrame | None:
        """A table of the run; None where it is not there or empty."""
        return read(self.results, name)

    def add(self, fact: Fact, file: str, rows: str) -> Fact:
        """A number that is made here, with the file and rows that it is made from."""
        if fact.key in self.facts:
            return self.facts[fact.key]
        self.facts[fact.key] = fact
        elsewhere = "/" in file and not file.startswith("regions/")  # of the study, of the package, given
        self.origins[fact] = Origin(((file if elsewhere else f"{self.folder}/{file}", rows),))
        return fact

    def has(self, name: str) -> bool:
        """Whether every fact that a message states is known."""
        return known(f"proposal.{name}") and needs(f"proposal.{name}") <= set(self.facts)

    def say(self, name: str, **words: Any) -> Text:
        """A message of the proposal."""
        return say(f"proposal.{name}", self.facts, self.code, **words)

    def plain(self, text: object) -> Text:
        """Words without numbers of ours."""
        return Text((Run(str(text)),))


def open_ledger(results: Path, study: Study, code: str, given: Mapping[str, pd.DataFrame]) -> Ledger:
    """The facts of a run, each with the file that it was read from."""
    ledger = Ledger(results, study, code, given=given)
    for key, fact in collect(results, study).items():
        ledger.add(fact, *file_of(key))
    return ledger
