# SPDX-License-Identifier: Apache-2.0
"""Tables that people give, as files to fill in: what each column means above the heads, the rows that ship below them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from homeground.catalogue.regions import study_regions
from homeground.errors import StudyError
from homeground.numbers.table import Column, read_rows
from homeground.study.faults import suggest
from homeground.study.model import Study
from homeground.study.tables import given_tables

PACKAGE = Path(__file__).parents[2]
COVER = PACKAGE / "land" / "cover"
# Name on the command line, and the table of `given_tables` that it is.
TEMPLATES = {
    "options": "data.options",
    "values": "values.csv",
    "population": "data.population",
    "city_people": "data.city_people",
    "access": "data.access",
    "rights": "data.rights",
    "screening": "data.screening",
    "value_chain": "data.value_chain",
    "sources": "sources.csv",
    "trust_fund": "trust_fund.csv",
    "goals": "data.goals",
    "legend": "data.cover_series.legend",
    "matrix": "data.matrix",
    "reference_plots": "data.reference_plots",
}
SHIPPED = {
    "options": "measures/options.csv",
    "values": "finance/values.csv",
    "value_chain": "finance/value_chain/chains.csv",
    "screening": "measures/rights/questions.csv",
}
LEFT_OUT = "may be left out"
OF_REGIONS = ("population", "city_people", "access", "rights")
NAMES = {
    "population": ["name"],
    "city_people": ["name"],
    "access": ["name"],
    "rights": ["name"],
    "screening": ["asks"],
    "legend": ["name"],
}  # beside codes that nobody knows by heart
NAMED_BY = {"legend": '[data].cover_series = { path = "...", legend = "legend.csv" }'}


def write_template(name: str, to: Path | None = None, study: Study | None = None) -> Path:
    """Write a table to fill in, and return where it lies.

    Parameters
    ----------
    name : str
        One of `TEMPLATES`.
    to : Path, optional
        A new file; left out, the name with .csv in the current folder.
    study : Study, optional
        Tables of regions get a row for each of its regions.

    Raises
    ------
    StudyError
        No such table, or the file exists.
    """
    if name not in TEMPLATES:
        raise StudyError(f'no table is called "{name}".{suggest(name, list(TEMPLATES))}')
    path = to or Path(f"{name}.csv")
    if path.exists():
        raise StudyError(f"{path} exists already. Give another name with --to, or move that file.")
    given = given_tables()[TEMPLATES[name]]
    columns = given.table.columns
    rows = _rows(name, study)
    heads = [
        column.column for column in columns if column.needs != LEFT_OUT or any(row.get(column.column) for row in rows)
    ]
    heads[1:1] = NAMES.get(name, [])  # columns beyond the declared are let pass
    key = TEMPLATES[name].removeprefix("data.")
    named = NAMED_BY.get(
        name, f'[data].{key} = "{path.name}"' if "." not in key else f"the file {key} beside study.toml"
    )
    remarks = [f"{given.table.description}", f"The study reads it by {named}. Lines that begin with # are left out."]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([f"# {remark}"] for remark in (*remarks, *map(_remark, columns)))
    writer.writerow(heads)
    writer.writerows([row.get(head, "") for head in heads] for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8-sig")  # the mark tells spreadsheets that it is UTF-8
    return path


def _remark(column: Column) -> str:
    """A column in words: what it means, its unit, what may stand there."""
    unit = "" if column.unit in ("", "1") else f", {column.unit}"
    values = f"; one of: {', '.join(column.values)}" if column.values else ""
    may = f"; {column.needs if column.needs == LEFT_OUT else f'for {column.needs} alone'}" if column.needs else ""
    return f"{column.column}: {column.meaning}{unit}{values}{may}"


def _rows(name: str, study: Study | None) -> list[dict[str, str]]:
    """Rows that ship with homeground; of a study's regions only who they are, for their people are to be filled in."""
    if name in SHIPPED:
        return read_rows(PACKAGE / SHIPPED[name])
    if name == "legend":
        return [row for row in read_rows(COVER / "cover_classes.csv") if row["legend"] == "esa-cci"]
    if name == "matrix":
        return [
            {"initial": row["initial"], "final": final, "change": change}
            for row in read_rows(COVER / "transition_matrix.csv")
            for final, change in row.items()
            if final != "initial"
        ]
    if name in OF_REGIONS and study is not None:
        regions = study_regions(study)
        return [
            {"region_id": one, "name": said} for one, said in zip(regions["region_id"], regions["name"], strict=True)
        ]
    return []
