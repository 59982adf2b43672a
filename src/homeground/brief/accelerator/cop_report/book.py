# SPDX-License-Identifier: Apache-2.0
"""What a report is made from, and its numbers: each knows the rows that it was made from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from homeground.accelerator.cooperation.shipped import stated_numbers
from homeground.accelerator.cooperation.tables import table_of
from homeground.accelerator.registry.declared import registry_tables
from homeground.brief.accelerator.cop_report.content import Origin
from homeground.language.figures import span
from homeground.numbers.fact import Fact, counted_fact
from homeground.numbers.money import from_minor

UNDATED = "accelerator.cop.undated"


@dataclass
class Book:
    """The tables of one report in one language; ``origins`` grows with every number that is told."""

    tables: Mapping[str, pd.DataFrame]
    code: str
    on: datetime.date
    origins: dict[Fact, Origin] = field(default_factory=dict)
    quoted: list[str] = field(default_factory=list)

    def table(self, name: str) -> pd.DataFrame:
        """A table; without rows where it was not given."""
        return table_of(self.tables, name)

    def count(self, key: str, table: str, rows: pd.DataFrame, value: float | None = None) -> Fact:
        """How many rows there are, or another number that is made from them."""
        ids = row_ids(table, rows)
        told = counted_fact(key, len(rows) if value is None else value, "1", source=table, period=_years(rows))
        self.origins[told] = Origin(tuple((table, one) for one in ids))
        return told

    def count_over(self, key: str, frames: Mapping[str, pd.DataFrame], value: float | None = None) -> Fact:
        """How many rows several tables have together, or another number that is made from them."""
        ids = tuple((name, one) for name, rows in frames.items() for one in row_ids(name, rows))
        years = pd.DataFrame({"year": pd.concat([years_of(rows) for rows in frames.values()])}) if frames else None
        period = UNDATED if years is None else _years(years)
        told = counted_fact(
            key, len(ids) if value is None else value, "1", source=", ".join(frames) or "tables", period=period
        )
        self.origins[told] = Origin(ids)
        return told

    def stated(self, key: str) -> Fact:
        """A number that the note states."""
        row = stated_numbers()[key]
        told = Fact(key, float(row["value"]), row["unit"], row["source"], "published",
                    UNDATED if row["period"] == "target" else row["period"], no_interval="why.source")  # fmt: skip
        self.origins[told] = Origin((("stated_numbers", key),))
        return told

    def rule(self, key: str, value: float) -> Fact:
        """A number that a rule of the report sets."""
        told = Fact(key, value, "1", "source.rule", "default", UNDATED, no_interval="why.rule")
        self.origins[told] = Origin(())
        return told

    def money(self, key: str, minor: int, currency: str, source: str, period: str = UNDATED) -> Fact:
        """A sum of money as it was published."""
        amount = float(from_minor(int(minor), currency))
        return Fact(key, amount, currency, source, "published", period, no_interval="why.source")

    def take(self, fact: Fact, rows: Iterable[tuple[str, str]]) -> Fact:
        """A number that was made elsewhere, with the tables and rows that it was made from."""
        before = self.origins[fact].rows if fact in self.origins else ()
        self.origins[fact] = Origin(tuple(dict.fromkeys((*before, *rows))))
        return fact


def row_ids(table: str, rows: pd.DataFrame) -> tuple[str, ...]:
    """The keys of rows, each once."""
    declared = registry_tables().get(table)
    key = [c for c in declared.table.key if c in rows] if declared else list(rows.columns[:1])
    return tuple(dict.fromkeys(" ".join(map(str, ids)) for ids in rows[key].itertuples(index=False, name=None)))


def years_of(rows: pd.DataFrame) -> pd.Series[Any]:
    """The year of each row: of its day, else as it is told; missing where neither is there."""
    found = pd.Series(pd.NA, rows.index, dtype="Int64")
    for name in ("year", "start", "received", "reviewed", "published", "asked"):
        if name in rows:
            values = rows[name] if name == "year" else pd.to_datetime(rows[name]).dt.year
            found = found.fillna(whole(values))
    return found


def whole(values: pd.Series[Any]) -> pd.Series[Any]:
    """Whole numbers, missing where there are none."""
    return pd.to_numeric(values, errors="coerce").astype("Int64")


def _years(rows: pd.DataFrame) -> str:
    years = years_of(rows).dropna()
    return span(int(years.min()), int(years.max())) if len(years) else UNDATED
