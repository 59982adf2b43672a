# SPDX-License-Identifier: Apache-2.0
"""The results as one Excel workbook: what each sheet holds, every column explained, numbers as numbers."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from homeground.brief.workbook.cells import save_workbook
from homeground.brief.workbook.class_words import spelled_out
from homeground.brief.workbook.fill import columns_sheet, described_sheet, plain_sheet
from homeground.brief.workbook.readme import Explained, write_readme
from homeground.brief.workbook.rows import Book
from homeground.brief.workbook.sheets import SHEETS, Sheet, sheet_about, sheet_name
from homeground.catalogue.atlas import country_names
from homeground.catalogue.columns import PARTS, Assessed, Column, assessed_land, columns, country_totals
from homeground.errors import DataError
from homeground.language.messages import known, phrase
from homeground.numbers.counts import count_of
from homeground.numbers.disclosure import protect, refuse_personal
from homeground.running.tables import DEGRADATION_FACTS, PLAN_FACTS, REGIONS
from homeground.study.model import Study

PEOPLE = ("persons", "people")
STAGES = ("land", "people", "evidence", "measures", "finance", "risk")  # in the order of the chain
FIVE = 5  # classes of productivity; another tool's may be three
MOST_ROWS = 1_000_000  # a sheet of Excel holds 1 048 576


def write_tables(results: Path, study: Study, out: Path) -> Path:
    """Write ``tables.xlsx``: a sheet that explains, the columns, countries, regions and every table of the results.

    Parameters
    ----------
    results : Path
        Folder of a run; tables that are not there are left out.
    study : Study
        The study that was run; the first of its ``[brief].languages`` is that of the workbook.
    out : Path
        Folder to write into.

    Returns
    -------
    Path
        The workbook. Equal results give equal bytes: it carries the date of the results, not of the writing. Each sheet is
        a named range, whose name is that of its table in the results folder in every language.

    Raises
    ------
    DataError
        No ``regions.parquet``, or a table about single persons, households or points.

    Notes
    -----
    Missing values are empty cells, never 0. Counts of persons pass `homeground.numbers.disclosure.protect`: 1 to 9 are hidden,
    and others so that no total gives them away; the rest is rounded. Counts that are published elsewhere stay as their
    publisher has them (`homeground.numbers.counts`).
    """
    path = results / REGIONS
    if not path.is_file():
        raise DataError(f"{results.name} has no regions.parquet. Run the study first: homeground run {study.id}")
    code = study.brief.languages[0]
    book = Book()
    readme = book.worksheets[0]
    readme.title = sheet_name("readme", code)

    table = _read(path)
    described, regions, countries, withheld = _regions(table, assessed_land(results), code)
    told = Explained(withheld=withheld, lacking=_lacking(set(table.columns)))
    columns_sheet(book, described, set(table.columns), code)
    described_sheet(book, "countries", countries, described, code)
    described_sheet(book, "regions", regions, described, code)
    for key, rows in (("columns", described), ("countries", countries), ("regions", regions)):
        told.sheets.append((sheet_name(key, code), len(rows), phrase(f"sheet.{key}.about", code)))
    facts_of_land = results / DEGRADATION_FACTS
    judged = json.loads(facts_of_land.read_text("utf-8")).get("productivity") if facts_of_land.is_file() else None
    five = judged is None or len(judged) == FIVE
    known = {s.key for s in SHEETS}
    risk = sorted(p.stem for p in results.glob("risk*.parquet") if p.stem not in known)
    for sheet in (*SHEETS, *map(Sheet, risk)):
        path = results / f"{sheet.key}.parquet"
        table = _read(path, coordinates=sheet.coordinates) if path.is_file() else pd.DataFrame()
        if table.empty:
            continue
        table = spelled_out(
            _protected(table.drop(columns=list(sheet.without), errors="ignore"), sheet), code, five=five
        )
        plain_sheet(book, sheet.key, table.head(MOST_ROWS), code, sheet.units)
        about = sheet_about(sheet, code)
        if len(table) > MOST_ROWS:
            about += " " + phrase("sheet.cut", code, most=MOST_ROWS)
        told.sheets.append((sheet_name(sheet.key, code), len(table), about))
        if {"source", "licence"} <= set(table.columns) and not sheet.key.startswith("effects"):
            publishers = table["source"].astype(str).str.split(",").str[0]
            told.licences |= dict(zip(publishers, table["licence"].astype(str), strict=True))
            told.licences.pop("", None)  # what is absent has no source
    if (results / PLAN_FACTS).is_file():
        facts = _facts(json.loads((results / PLAN_FACTS).read_text(encoding="utf-8")), code)
        plain_sheet(book, "plan_facts", facts, code)
        told.sheets.append((sheet_name("plan_facts", code), len(facts), phrase("sheet.plan_facts.about", code)))
    write_readme(readme, results, study, told)
    return save_workbook(book, out / "tables.xlsx")


def _lacking(held: Container[str]) -> list[tuple[Column, ...]]:
    """Columns that are not there, together where a study would bring them by giving the same."""
    lacking: dict[str, list[Column]] = {}
    for column in (c for s in _stages() for c in columns(s)):
        if column.needs and column.column not in held:
            lacking.setdefault(column.needs, []).append(column)
    return [tuple(some) for some in lacking.values()]


def _read(path: Path, *, coordinates: bool = False) -> pd.DataFrame:
    table = pd.read_parquet(path)
    table = table.reset_index() if any(table.index.names) else table
    refuse_personal(table.drop(columns=["latitude", "longitude"], errors="ignore") if coordinates else table)
    for name in table.select_dtypes("datetime"):
        table[name] = table[name].dt.strftime("%Y-%m-%d")
    shapes = [c for c in table.columns if c == "geometry" or any(isinstance(v, bytes) for v in table[c].head(5))]
    return table.drop(columns=shapes)


def _stages() -> list[str]:
    """The parts that publish columns, in the order of the chain."""
    found = (p.parent.name for p in PARTS.glob("*/columns.csv"))
    return sorted(found, key=lambda s: (STAGES.index(s) if s in STAGES else len(STAGES), s))


def _regions(
    table: pd.DataFrame, assessed: Assessed | None, code: str
) -> tuple[tuple[Column, ...], pd.DataFrame, pd.DataFrame, list[tuple[Column, str]]]:
    """Columns that are explained and there, regions and countries behind the gate, and totals that must not show."""
    described = tuple(c for s in _stages() for c in columns(s) if c.column in table)
    described = tuple(c for c in described if c.total != "people" or "people_population" in table)
    bounds = {c.column: c.bounds for c in described if c.bounds and set(c.bounds) <= set(table.columns)}
    counts = [c.column for c in described if c.unit in PEOPLE and c.total == "sum" and not (table[c.column] < 0).any()]
    withheld: list[tuple[Column, str]] = []
    hidden_totals: set[str] = set()
    if counts:
        intervals = {name: bounds[name] for name in counts if name in bounds}
        shown, record = protect(table, counts=counts, groups="iso3", intervals=intervals)
        table = _without_empty_marks(shown, counts)
        hidden_totals = set(record.totals_withheld)
    # Of what is shown: a total tells no more than its parts.
    plain = table.astype(dict.fromkeys(counts, "Float64")).astype(dict.fromkeys(counts, "float64"))
    totals = country_totals(plain, described, assessed=assessed)
    for column in (c for c in described if c.column in counts):
        name = column.column
        hidden = [f"{name} of iso3 {iso3}" in hidden_totals for iso3 in totals["iso3"]]
        totals.loc[hidden, name] = np.nan
        withheld += [(column, str(iso3)) for iso3 in totals.loc[hidden, "iso3"]]
    names = country_names(code)
    totals.insert(1, "country", totals["iso3"].map(names).fillna(totals["iso3"]))
    return described, table, totals, withheld


def _protected(table: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """A table behind the gate, group by group; rates stay, and nets that are published: they count nobody."""
    if not sheet.count or sheet.count not in table:
        return table
    by = [name for name in sheet.by if name in table]
    ends = ("low", "high")
    persons = table["unit"].isin(PEOPLE) if "unit" in table else pd.Series(True, index=table.index)
    keys = [table[name].astype(str) for name in by]
    none = pd.Series("", index=table.index)
    said = zip(*(table.get(name, none).astype(str) for name in ("indicator", "source")), strict=True)
    ways = [count_of(f"{sheet.key}.parquet", sheet.count, what, source) for what, source in said]
    limits = pd.Series([way.limits for way in ways], index=table.index, dtype=object)
    public = pd.Series([way.way == "published" for way in ways], index=table.index)
    parts = []
    refuse_personal(table)
    narrow = table[[sheet.count, *(end for end in ends if end in table)]]  # the gate copies what it is given
    for (_, published, people), rows in narrow.groupby([_joined(keys, table), public, persons], sort=False):
        if not people or (published and (rows[sheet.count] < 0).any()):
            parts.append(rows)
            continue
        shown, _ = protect(
            rows,
            counts=sheet.count,
            intervals={sheet.count: ends} if set(ends) <= set(rows.columns) else None,
            **limits[rows.index[0]],
        )
        parts.append(shown)
    whole = pd.concat([part.astype({sheet.count: "Float64"}) for part in parts]).loc[table.index]
    whole = table.assign(**{str(name): values for name, values in whole.items()})
    mark = f"{sheet.count}_hidden"
    if mark in whole:
        whole[mark] = whole[mark].eq(True)
    return _without_empty_marks(whole, [sheet.count])


def _joined(keys: Sequence[pd.Series[str]], table: pd.DataFrame) -> pd.Series[str]:
    out = pd.Series("", index=table.index)
    for key in keys:
        out = out + "|" + key
    return out


def _without_empty_marks(table: pd.DataFrame, counts: Sequence[str]) -> pd.DataFrame:
    marks = [f"{name}_hidden" for name in counts if f"{name}_hidden" in table]
    return table.drop(columns=[mark for mark in marks if not table[mark].any()])


def _facts(facts: Mapping[str, Any], code: str) -> pd.DataFrame:
    """A record as rows: its key, what that is in words, and the value; a pair of numbers becomes its low and its high end.

    Its notes are left out: the first sheet tells them among the limits.
    """
    facts = {key: value for key, value in facts.items() if key != "notes"}
    rows = [(".".join(keys), _fact_words(keys, code), value) for keys, value in _leaves(facts)]
    return pd.DataFrame(rows, columns=["key", "what", "value"], dtype=object)


def _leaves(facts: Mapping[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in facts.items():
        keys = (*before, key)
        if isinstance(value, dict) and "message" not in value:
            yield from _leaves(value, keys)
        elif isinstance(value, list):
            pair = len(value) == 2 and all(isinstance(v, int | float) for v in value)
            marks = ("low", "high") if pair else [str(i + 1) for i in range(len(value))]
            yield from (((*keys, mark), v) for mark, v in zip(marks, value, strict=True))
        else:
            yield keys, value


def _fact_words(keys: Sequence[str], code: str) -> str:
    """The keys of a fact in words, from the widest to the narrowest; a country is told by its code."""
    return phrase("ui.colon", code).join(_key_words(key, code) for key in keys)


def _key_words(key: str, code: str) -> str:
    return phrase(f"sheet.fact.{key}", code) if known(f"sheet.fact.{key}") else key
