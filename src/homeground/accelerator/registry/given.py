# SPDX-License-Identifier: Apache-2.0
"""The one reader of tables that people give: a registry, folders of spreadsheets, single spreadsheets, or several of these.

Rows of spreadsheets are held to the rules of the import, so that a folder says what a registry made of it would say. Here
nothing is left out: what an import would leave out is refused, all of it at once. No database is needed for spreadsheets.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from homeground.accelerator.issues import Issue
from homeground.accelerator.registry.declared import registry_tables, stored_name, stored_names
from homeground.accelerator.registry.quarantine.reading import AMBIGUOUS, Parsed, read_file
from homeground.accelerator.registry.quarantine.rules import hold
from homeground.accelerator.registry.quarantine.workbooks import TEXTS, WORKBOOKS
from homeground.accelerator.results.goals import observatory, with_observatory
from homeground.catalogue.sheets import word
from homeground.errors import DataError, Problems
from homeground.extras import advice
from homeground.numbers.table import Column

FACE = "homeground.accelerator"  # its open_registry needs a database: taken when a registry is named
SQLITE = b"SQLite format 3\x00"
TOLD = 60  # problems that one refusal lists
GRAVE = ("critical", "error")
Tables: TypeAlias = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class _Beside:
    """What rows are held against beside each other: ids that ship; no registry stands behind these tables."""

    shipped: Mapping[tuple[str, str], Collection[str]]

    def values(self, table: str, column: str) -> Collection[str] | None:
        return self.shipped.get((table, column))

    def project_currencies(self) -> Mapping[str, str]:
        return {}

    def shares(self, table: str, projects: Collection[str]) -> Iterable[Mapping[str, Any]]:
        return ()


def read_tables(given: Iterable[str | Path], *, tell: Callable[[str], None] | None = None) -> Tables:
    r"""All tables of the registry: those that are given, and empty ones for the rest.

    Parameters
    ----------
    given : iterable of str or Path
        Registries (files or URLs), folders, CSV files and workbooks. In a folder CSV files are named by their tables
        (``transactions.csv``) and others left alone; sheets of workbooks are named so, or told by their columns.
    tell : function, optional
        Called with each warning, such as values of a column that is not known and so not taken.

    Returns
    -------
    dict of DataFrame
        By table, with all its columns as the registry has them: text as str, money as ``<column>_minor`` in the smallest
        units of its currency (int64, Int64 where some is missing), numbers as float64, days as `datetime.date`. The
        index of a table of one file is the row of the file. A transaction without a currency has that of its project.
        Indicators of the Observatory's template are among them.

    Raises
    ------
    DataError
        Nothing to read, or all that is wrong with the files at once, by file, row and column.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = "transaction;project;kind;date;amount;currency\nT1;P;disbursement;2024-03-01;1250,50;EUR\n"
    >>> with TemporaryDirectory() as place:
    ...     _ = Path(place, "transactions.csv").write_text(text, encoding="utf-8")
    ...     read_tables([place])["transactions"]["amount_minor"].tolist()
    [125050]
    """
    sources = [str(one) for one in given]
    registries = [_of_registry(source) for source in sources if is_registry(source)]
    issues: list[Issue] = []
    parsed: list[Parsed] = []
    for source in sources:
        if not is_registry(source):
            for rows, faults in _of_path(Path(source)):
                parsed += rows
                issues += faults
    if len(registries) == 1 and not parsed and not issues:
        tables = registries[0]
    else:
        parsed += [one for held in registries for one in _as_parsed(held)]
        hold(parsed, _Beside(_shipped(parsed)))
        issues += [issue for one in parsed for issue in one.issues]
        _refuse(issues)
        _tell(issues, tell)
        tables = {name: _frame(name, [one for one in parsed if one.table == name]) for name in registry_tables()}
    if not any(map(len, tables.values())):
        raise DataError(
            f"{', '.join(sources) or 'what was named'} holds no table of the registry with rows. Give a registry, or a folder "
            f"with spreadsheets named by their tables: {', '.join(f'{name}.csv' for name in registry_tables())}."
        )
    return with_observatory(tables)


def read_as(
    path: Path, name: str, *, also: Callable[[pd.DataFrame], Iterable[tuple[int, str, str]]] | None = None,
    tell: Callable[[str], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    r"""One table of a spreadsheet whose name does not say which it is, by the same rules.

    Parameters
    ----------
    path : Path
    name : str
        Of a table of the registry.
    also : function, optional
        What else is wrong with its rows: of the table (what could not be read is missing) row, column and sentence. What is
        told of a cell already is not told again.
    tell : function, optional
        Called with each warning.

    Returns
    -------
    DataFrame
        As of `read_tables`.

    Raises
    ------
    DataError
        All that is wrong with it at once.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     _ = Path(place, "bank.csv").write_text("currency;year;usd;source\nEUR;2023;1,08;bank\n", encoding="utf-8")
    ...     read_as(Path(place, "bank.csv"), "exchange_rates")["usd"].tolist()
    [1.08]
    """
    if not path.exists():
        raise DataError(f"{path} is not there. Name a file of {name}.")
    parsed, issues = read_file(path, name)
    hold(parsed, _Beside(_shipped(parsed)))
    issues += [issue for one in parsed for issue in one.issues]
    if also is not None:
        known = {(issue.line, issue.path) for issue in issues if issue.severity in GRAVE}
        for line, column, said in also(_frame(name, parsed, whole=True)):
            if (line, column) not in known:
                issues.append(Issue(path.name, line, "", name, "error", said, ""))  # the sentence names the column
    _refuse(issues)
    _tell(issues, tell)
    return _frame(name, parsed)


def is_registry(source: str) -> bool:
    """Whether a name is of a registry and not of spreadsheets.

    Parameters
    ----------
    source : str
        A URL or a path.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_registry("postgresql://here/registry"), is_registry("templates")
    (True, False)
    """
    if "://" in source:
        return True
    path = Path(source)
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(SQLITE)) == SQLITE
    except OSError as error:
        raise DataError(f"{source} cannot be read ({error.strerror}). Look at your rights.") from error


def opened(source: str) -> Any:
    """A registry by its name.

    Parameters
    ----------
    source : str
        A file or a URL.

    Returns
    -------
    Registry

    Raises
    ------
    DataError
        It is no registry, or what it needs is not installed.
    """
    try:
        return importlib.import_module(FACE).open_registry(source)
    except ImportError as error:
        raise DataError(f"a registry needs {error.name}. {advice('accelerator')}") from error


def empty_tables() -> Tables:
    """All declared tables without rows.

    Returns
    -------
    dict of DataFrame
        Columns as the registry has them.

    Examples
    --------
    >>> empty_tables()["exchange_rates"].columns.tolist()
    ['currency', 'year', 'usd', 'source']
    """
    return {name: pd.DataFrame(columns=list(stored_names(name)), dtype="object") for name in registry_tables()}


def folder_of(sources: Iterable[str]) -> Path | None:
    """Where files lie that tables name, such as outlines of places: beside the first spreadsheet.

    Parameters
    ----------
    sources : iterable of str
        As `read_tables` takes them.

    Returns
    -------
    Path or None

    Examples
    --------
    >>> folder_of(["postgresql://here/registry"]) is None
    True
    """
    for source in sources:
        if "://" not in source:
            return Path(source) if Path(source).is_dir() else Path(source).parent
    return None


def _of_registry(source: str) -> Tables:
    with closing(opened(source)) as registry:
        found: Tables = registry.tables()
    return found


def _as_parsed(tables: Tables) -> Iterator[Parsed]:
    """Rows of a registry in the form of a file's, to be held together with those of files."""
    from homeground.accelerator.registry.frames import as_parsed  # a registry was opened: what it needs is there

    for name, frame in tables.items():
        if len(frame):
            yield as_parsed("the registry", name, frame)[0]


def _of_path(path: Path) -> Iterator[tuple[list[Parsed], list[Issue]]]:
    """Rows of a file, or of the files of a folder, and what is wrong with each as a whole."""
    if not path.exists():
        raise DataError(f"{path} is not there. Give a registry, a folder of tables, or files of tables.")
    if not path.is_dir():
        yield read_file(path)
        return
    named = {word(name) for name in registry_tables()}
    for file in sorted(path.iterdir()):
        kind = file.suffix.lower()
        if file.name.startswith("~$") or not (kind in WORKBOOKS or (kind in TEXTS and word(file.stem) in named)):
            continue
        rows, issues = read_file(file)
        # sheets of other matters may lie in a folder; those that could be of two tables may not be passed over
        yield rows, [issue for issue in issues if issue.rule != "table" or issue.fix.startswith(AMBIGUOUS)]


def _shipped(parsed: list[Parsed]) -> dict[tuple[str, str], frozenset[str]]:
    """What files may refer to without giving it: the Observatory's template, beside their own of the same table."""
    given = {one.table for one in parsed}
    keys = (("frameworks", "framework"), ("indicators", "indicator"))
    return {(name, key): frozenset(observatory(name)[key]) for name, key in keys if name in given}


def _refuse(issues: list[Issue]) -> None:
    """Refuse what the import would leave out, all of it at once."""
    faults = [issue for issue in issues if issue.severity in GRAVE or issue.fix.startswith(AMBIGUOUS)]
    files = dict.fromkeys(issue.file for issue in faults)
    one = len(files) == 1
    problems = Problems(next(iter(files)) if one else "these tables")
    for issue in faults[:TOLD]:
        problems.add(_sentence(issue, file=not one))
    if len(faults) > TOLD:
        problems.add(f"and {len(faults) - TOLD} more. All of them: homeground accelerator validate FILE...")
    problems.raise_if_any(DataError)


def _tell(issues: Iterable[Issue], tell: Callable[[str], None] | None) -> None:
    for issue in issues if tell is not None else ():
        if issue.severity == "warning":
            tell(_sentence(issue))  # type: ignore[misc]


def _sentence(issue: Issue, *, file: bool = True) -> str:
    row = f"row {issue.line}" if issue.line > 0 else ""
    said = issue.message.removeprefix(f"{issue.file}: ").removeprefix(f"{issue.file} ")
    said = said if said.endswith("?") else f"{said.rstrip('.')}."
    parts = [part for part in (issue.file if file else "", row, issue.path) if part]
    return (f"{', '.join(parts)}: " if parts else "") + f"{said} {issue.fix}".strip()


def _frame(name: str, parts: list[Parsed], *, whole: bool = False) -> pd.DataFrame:
    """Good rows of a table, as the registry gives them; as a whole also those of which something cannot be read."""
    rows = [(one, list(range(len(one.lines))) if whole else one.good()) for one in parts]
    found: dict[str, pd.Series[Any]] = {}
    for column in registry_tables()[name].table.columns:
        stored = stored_name(column)
        held = [
            value
            for one, good in rows
            for value in ([one.columns[stored][i] for i in good] if stored in one.columns else [None] * len(good))
        ]
        found[stored] = _series(held, column, money=stored != column.column)
    lines = [one.lines[i] for one, good in rows for i in good]
    index = pd.Index(lines, name="row") if len(parts) == 1 else pd.RangeIndex(len(lines))
    return pd.DataFrame(found).set_axis(index, axis=0)


def _series(values: list[Any], column: Column, *, money: bool) -> pd.Series[Any]:
    if money or column.types == ("integer",):
        return pd.Series(values, dtype="Int64" if None in values else "int64")
    if column.types == ("number",):
        return pd.Series([None if v is None else float(v) for v in values], dtype="float64")
    return pd.Series(values, dtype="str" if column.types[0] == "text" else "object")
