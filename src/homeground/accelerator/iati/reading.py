# SPDX-License-Identifier: Apache-2.0
"""Read IATI files: the valid part becomes tables of the registry, everything else is told with its line."""

from __future__ import annotations

import datetime
import gc
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.opening import LARGEST, Root, stream
from homeground.accelerator.iati.rows.activities import take_activity
from homeground.accelerator.iati.rows.budgets import take_organisation
from homeground.accelerator.iati.rows.gathering import COLUMNS, OWN, Gathered, dates_of, declared, transactions_of
from homeground.accelerator.iati.rows.words import text_of
from homeground.accelerator.iati.schema import ROOTS, Element, schema
from homeground.accelerator.issues import Issue

TABLES = (
    "organisations", "projects", "participants", "project_countries", "project_pillars", "project_sectors",
    "project_links", "project_markers", "transactions", "budgets",
)  # fmt: skip
_PROJECT = (
    "project", "title", "reporting_organisation", "status", "portfolio", "level", "currency", "start", "end",
    "description", "source",
)  # fmt: skip
MOST_OF_ONE = 20  # faults of the schema told of one activity: after the first few, the others follow from them
_DATETIME = re.compile(
    r"\s*-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?\s*\Z"
)
_ROOT_ATTRIBUTES = {
    "iati-activities": ("version", "generated-datetime", "linked-data-default"),
    "iati-organisations": ("version", "generated-datetime"),
}


@dataclass(frozen=True)
class IatiFile:
    """What stands in an IATI file: tables, what is wrong, and how much was read.

    ``read`` counts activities or organisations that ended in the file, ``accepted`` those that became rows, ``refused``
    the others, each of which is among the issues.
    """

    path: str
    kind: str  # iati-activities, iati-organisations; empty: neither
    version: str
    read: int
    accepted: int
    gathered: Gathered
    findings: Findings

    @property
    def refused(self) -> int:
        return self.read - self.accepted

    @cached_property
    def issues(self) -> list[Issue]:
        """What is wrong, in the order of the file."""
        return list(self.findings.issues())

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables of the registry, in the columns it declares, money in smallest units."""
        return _tables(self.gathered)

    def counts(self) -> dict[str, Any]:
        """How much there is: activities, transactions by kind, rows by table, issues by severity."""
        words = [rest[0] for rest in self.gathered.known]
        kinds = Counter(dict.fromkeys(words, 0))
        for index in self.gathered.shared:
            kinds[words[index]] += 1
        rows = {name: len(rows) for name, rows in self.gathered.rows.items()}
        rows |= {"projects": len(self.gathered.projects), "organisations": len(self.gathered.organisations)}
        return {
            "read": self.read,
            "accepted": self.accepted,
            "refused": self.refused,
            "transactions": dict(sorted(kinds.items())),
            "rows": dict(sorted((rows | {"transactions": len(self.gathered.names)}).items())),
            "severities": dict(self.findings.count()),
        }


def read_iati(
    source: str | Path | BinaryIO,
    *,
    name: str | None = None,
    today: datetime.date | None = None,
    largest: int = LARGEST,
) -> IatiFile:
    """Read an IATI 2 file, activity by activity.

    Each activity is held against the schema of 2.03 and, if that passes it, against the rules of the ruleset; then its
    rows are kept and it is let go, so that the memory needed hangs on the rows and not on the XML.

    Parameters
    ----------
    source : str, Path or binary file
        XML, also packed with gzip: activities or organisations.
    name : str, optional
        What the file is called in issues and in the column ``source``; by default its own name.
    today : date, optional
        Day of reading, by default that of the clock; what is later is to come. A transaction may also not be later than
        the day the file says it was made.
    largest : int, optional
        Bytes, unpacked, that a file may have.

    Returns
    -------
    IatiFile
        Also for a file that cannot be read: then its one critical issue says why.

    Raises
    ------
    DataError
        lxml is not installed.

    Examples
    --------
    >>> import io
    >>> file = read_iati(io.BytesIO(b"<html/>"), name="page.xml")
    >>> file.issues[0].severity, file.issues[0].message
    ('critical', 'The root element is html, not iati-activities or iati-organisations')
    """
    if isinstance(source, str):
        source = Path(source)
    called = name if name is not None else (source.name if isinstance(source, Path) else "")
    findings, root = Findings(called), Root()
    day = (today or datetime.date.today()).toordinal()
    out = Gathered(called, today=day, made=day)
    known = schema()
    accepted = 0
    begun = False
    with _uncollected():
        for element in stream(source, findings, root, largest=largest, check=known):
            if not begun:
                begun = True
                _begin(root, out, findings)
            if not (root.passed or known.validate(element)):
                _tell(known, element, findings)
            elif element.tag == "iati-activity":
                accepted += take_activity(element, out, findings)
            else:
                accepted += take_organisation(element, out, findings)
    return IatiFile(called, root.tag, root.version, root.read, accepted, out, findings)


def validate_iati(path: str | Path) -> list[Issue]:
    """What is wrong with an IATI file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of Issue
        In the order of the file; empty where nothing is.

    Examples
    --------
    >>> validate_iati("no such file.xml")[0].rule
    'file.missing'
    """
    return read_iati(path).issues


def duplicates(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Activities that stand in more than one place, with the newer one proposed; a person decides.

    Parameters
    ----------
    paths : iterable of str or Path
        IATI files.

    Returns
    -------
    DataFrame
        One row a place: identifier, file, line, updated (last-updated-datetime as written; None: not said), proposed
        (True for the one to keep: the latest update, of equal ones the last given).

    Examples
    --------
    >>> duplicates([]).columns.tolist()
    ['identifier', 'file', 'line', 'updated', 'proposed']
    """
    places: dict[str, list[tuple[str, int, str | None]]] = {}
    for path in map(Path, paths):
        findings = Findings(path.name)
        for element in stream(path, findings, Root()):
            node = element.find("iati-identifier")
            node = element.find("organisation-identifier") if node is None else node
            if identifier := text_of(node).strip():
                place = (str(path), findings.line(element.sourceline), element.get("last-updated-datetime"))
                places.setdefault(identifier, []).append(place)
    rows = []
    for identifier, found in places.items():
        if len(found) > 1:
            best = max(range(len(found)), key=lambda index: (_moment(found[index][2]), index))
            rows += [(identifier, *place, index == best) for index, place in enumerate(found)]
    return pd.DataFrame(rows, columns=["identifier", "file", "line", "updated", "proposed"])


def _moment(text: str | None) -> datetime.datetime:
    """A time to compare by; without a zone it is taken as UTC, and what cannot be read as the earliest of all."""
    try:
        moment = datetime.datetime.fromisoformat((text or "").strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    except ValueError:
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for circles of objects: reading makes none, and looking for them takes a tenth of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            if not gc.get_freeze_count():
                gc.freeze()  # what was read counts as old then: it is not looked through at once
                gc.unfreeze()
            gc.enable()


def _begin(root: Root, out: Gathered, findings: Findings) -> None:
    """What the root says: it is checked here, since activities are held against the schema one by one."""
    attributes, line, known = root.attributes, 1, _ROOT_ATTRIBUTES[root.tag]
    if "version" not in attributes:
        findings.add("schema.root", line, root.tag, "The attribute 'version' is missing.")
    made = attributes.get("generated-datetime")
    if made is not None and not _is_moment(made):
        findings.add("schema.root", line, f"{root.tag}/@generated-datetime", f"'{made}' is no day and time.")
    for name in attributes:
        if not name.startswith("{") and name not in known:
            findings.add("schema.root", line, f"{root.tag}/@{name}", f"The attribute '{name}' is not known.")
    if made is not None and (day := out.day(made)):
        out.made = min(day, out.today)
    out.own = OWN in root.namespaces.values()


def _is_moment(text: str) -> bool:
    """Whether a text is a dateTime of XML: a real day, a time, and a zone if any."""
    if not _DATETIME.match(text):
        return False
    try:
        datetime.datetime.fromisoformat(text.strip()[:19])
    except ValueError:
        return False
    return True


_KINDS = (
    ("This element is not expected", "schema.order"),
    ("Missing child element", "schema.missing"),
    ("is required but missing", "schema.missing"),
    ("is not allowed", "schema.attribute"),
    ("is not a valid value", "schema.type"),
)


def _tell(known: Any, element: Element, findings: Findings) -> None:
    """What the schema says of an activity, in the order of the file, once for each line and message."""
    told = set()
    for error in known.error_log:
        words = error.message.replace("Element '", "'").strip()
        if (error.line, words) in told:
            continue
        told.add((error.line, words))
        if len(told) > MOST_OF_ONE:
            findings.add("schema.other", element.sourceline, str(element.tag), "More is wrong with it.")
            break
        rule = next((rule for part, rule in _KINDS if part in words), "schema.other")
        path = re.sub(r"\[[0-9]+\]", "", error.path or "").removeprefix("/")
        for root in ROOTS:
            path = path.removeprefix(f"{root}/")
        findings.add(rule, error.line, path, words if len(words) < 300 else words[:297] + "...")


def _tables(out: Gathered) -> dict[str, pd.DataFrame]:
    """All tables, in the columns that are declared."""
    rows: dict[str, dict[str, Any]] = {name: {} for name in TABLES}
    keys = list(out.organisations)
    for place, name in enumerate(("name", "type", "iso3", "aliases")):
        rows["organisations"][name] = [out.organisations[key][place] for key in keys]
    rows["organisations"]["organisation"] = keys
    for place, name in enumerate(_PROJECT):
        rows["projects"][name] = [row[place] for row in out.projects]
    for name in ("start", "end"):
        rows["projects"][name] = dates_of(rows["projects"][name])
    for table, names in COLUMNS.items():
        for place, name in enumerate(names):
            rows[table][name] = [row[place] for row in out.rows[table]]
    for name in ("start", "end", "value_date"):
        rows["budgets"][name] = dates_of(rows["budgets"][name])
    tables = {name: declared(name, rows[name]) for name in TABLES if name != "transactions"}
    moneys = transactions_of(out)
    tables["transactions"] = declared("transactions", {str(name): values for name, values in moneys.items()})
    return {name: tables[name] for name in TABLES}
