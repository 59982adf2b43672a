# SPDX-License-Identifier: Apache-2.0
"""Files into the registry: quarantine, a report by row, then the valid part in one transaction; the same file twice is once."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from homeground.accelerator.issues import Issue
from homeground.accelerator.registry.accepting import Batch, InRegistry, Rows, accept, close_batch, new_batch
from homeground.accelerator.registry.declared import registry_tables, stored_name
from homeground.accelerator.registry.engine import reading, writing
from homeground.accelerator.registry.frames import as_parsed
from homeground.accelerator.registry.quarantine.reading import Parsed, read_file
from homeground.accelerator.registry.quarantine.rules import Stored, Unknown, hold
from homeground.accelerator.registry.schema import metadata

IATI = "homeground.accelerator.iati"
XML = (".xml", ".xml.gz")
# What donors' files have no place for, or name only in passing: there an empty value is not said, and erases nothing.
IATI_KEEPS = {
    "projects": frozenset({"portfolio"}),
    "organisations": frozenset({"name", "type", "iso3", "aliases"}),
    "project_links": frozenset({"evidence"}),
    "transactions": frozenset({"pillar", "confirmed_by", "confirmed_on"}),
}


@dataclass
class FileReport:
    """What came of one file: every row of it is added, changed, the same or left out (and then told in the issues)."""

    file: str
    sha256: str
    batch: int | None = None  # None: nothing was imported
    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    left_out: int = 0
    already: int | None = None  # the import that brought the same file before
    issues: list[Issue] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing needs a person: notices alone do not."""
        return all(issue.severity == "notice" for issue in self.issues)


def import_files(
    engine: sa.Engine, paths: Sequence[Path], *, actor: str, today: datetime.date | None = None
) -> list[FileReport]:
    """Bring files in, all in one transaction; the order of the files does not matter.

    Parameters
    ----------
    engine : Engine
    paths : sequence of Path
        CSV and workbooks.
    actor : str
        The role of who brings them.
    today : date, optional

    Returns
    -------
    list of FileReport
        In the order of the paths.
    """
    read = [_read(path) for path in paths]
    with writing(engine) as connection:
        known = [_known(connection, report.sha256) for report, _ in read]
        fresh = [(report, parsed) for (report, parsed), already in zip(read, known, strict=True) if already is None]
        for (report, _), already in zip(read, known, strict=True):
            if already is not None:
                report.already, report.same = already, report.rows
                said = f"this file was brought before, as import {already}; nothing was changed"
                report.issues = [Issue(report.file, 0, "", "again", "notice", said, "Nothing.")]
        hold([one for _, parsed in fresh for one in parsed], InRegistry(connection), today=today)
        # by what is in them, not by the order in which they were named
        order = {name: number for number, name in enumerate(registry_tables())}
        for report, parsed in sorted(
            fresh, key=lambda one: (min((order[p.table] for p in one[1]), default=0), one[0].sha256)
        ):
            _tell(report, parsed)
            if report.rows > report.left_out:
                _accept_file(connection, report, parsed, actor)
    return [report for report, _ in read]


def validate_files(
    paths: Sequence[Path], engine: sa.Engine | None = None, *, today: datetime.date | None = None
) -> list[FileReport]:
    """What `import_files` would say, without a change.

    Parameters
    ----------
    paths : sequence of Path
    engine : Engine, optional
        Of the registry that rows are held against; None: by themselves.
    today : date, optional

    Returns
    -------
    list of FileReport
    """
    read = [_read(path) for path in paths]
    every = [one for _, parsed in read for one in parsed]
    if engine is None:
        hold(every, Unknown(), today=today)
    else:
        with reading(engine) as connection:
            stored: Stored = InRegistry(connection)
            hold(every, stored, today=today)
    for report, parsed in read:
        _tell(report, parsed)
    return [report for report, _ in read]


def validate_iati(path: Path) -> FileReport:
    """What is wrong with an IATI file, as its own reader tells it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    FileReport
    """
    report = FileReport(path.name, "")
    if find_spec(IATI) is None:
        report.issues = _of_iati(path)[1]
    else:
        found = import_module(IATI).validate_iati(path)
        report.issues = list(getattr(found, "issues", found))
    return report


def _read(path: Path) -> tuple[FileReport, list[Parsed]]:
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        report = FileReport(path.name, "")
        said = f"it cannot be read ({error.strerror})"
        report.issues = [Issue(path.name, 0, "", "file", "critical", said, "Look at the path and your rights.")]
        return report, []
    if path.name.lower().endswith(XML):
        parsed, issues = _of_iati(path)
    else:
        parsed, issues = read_file(path)
    return FileReport(path.name, digest, rows=sum(len(one.lines) for one in parsed), issues=issues), parsed


def _of_iati(path: Path) -> tuple[list[Parsed], list[Issue]]:
    """Rows of an IATI file, as its reader gives them."""
    if find_spec(IATI) is None:
        said = "IATI files are not read by this homeground"
        return [], [Issue(path.name, 0, "", "file", "critical", said, "Bring a spreadsheet.")]
    found = import_module(IATI).read_iati(path)
    frames = [(name, frame) for name, frame in found.tables.items() if len(frame)]
    parsed = [as_parsed(path.name, name, frame)[0] for name, frame in frames]
    for one in parsed:
        one.keeps = IATI_KEEPS.get(one.table, frozenset())
    return parsed, list(found.issues)


def _tell(report: FileReport, parsed: Sequence[Parsed]) -> None:
    report.issues += [issue for one in parsed for issue in one.issues]
    report.left_out = sum(len(one.left_out) for one in parsed)
    report.same = sum(len(one.twice - one.left_out) for one in parsed)


def _known(connection: sa.Connection, sha256: str) -> int | None:
    """The import that brought this file whole, if nothing was undone since; what it left out may be taken now."""
    batches = metadata().tables["batches"]
    # what an undo took out may have stood in this file too
    undone = sa.select(sa.func.coalesce(sa.func.max(batches.c.id), 0)).where(batches.c.kind == "undo").scalar_subquery()
    asked = sa.select(batches.c.id).where(
        batches.c.sha256 == sha256, batches.c.kind == "import", batches.c.left_out == 0, batches.c.id > undone
    )
    return connection.execute(asked.order_by(batches.c.id.desc()).limit(1)).scalar()


def _accept_file(connection: sa.Connection, report: FileReport, parsed: Sequence[Parsed], actor: str) -> Batch:
    batch = new_batch(connection, actor=actor, kind="import", source=report.file, sha256=report.sha256)
    for name in registry_tables():
        for one in parsed:
            if one.table == name:
                accept(connection, batch, rows_of(one))
    batch.left_out, batch.issues = report.left_out, report.issues
    report.batch, report.added, report.changed = batch.id, batch.added, batch.changed
    report.same += batch.same
    close_batch(connection, batch)
    return batch


def rows_of(one: Parsed) -> Rows:
    """The good rows of a parsed table, in stored columns.

    Parameters
    ----------
    one : Parsed
        Held against the rules.

    Returns
    -------
    Rows
    """
    declared = registry_tables()[one.table].table
    columns: dict[str, Sequence[Any]] = {}
    for column in declared.columns:
        name = stored_name(column)
        if name in one.columns:
            values = one.columns[name]
            number = column.types == ("number",) and name == column.column
            columns[name] = [None if v is None else float(v) for v in values] if number else values
    every = list(zip(*columns.values(), strict=True))
    good = one.good()
    rows = every if len(good) == len(every) else [every[place] for place in good]
    return Rows(one.table, tuple(columns), rows, [one.lines[place] for place in good], keeps=one.keeps)


def as_json(reports: Sequence[FileReport]) -> list[Mapping[str, Any]]:
    """Reports as a machine reads them.

    Parameters
    ----------
    reports : sequence of FileReport

    Returns
    -------
    list of mapping

    Examples
    --------
    >>> as_json([FileReport("a.csv", "00")])[0]["file"]
    'a.csv'
    """
    names = ("file", "sha256", "batch", "already", "rows", "added", "changed", "same", "left_out")
    return [
        {name: getattr(report, name) for name in names}
        | {"clean": report.clean, "issues": [dict(vars(issue)) for issue in report.issues]}
        for report in reports
    ]
