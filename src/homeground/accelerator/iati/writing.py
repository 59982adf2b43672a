# SPDX-License-Identifier: Apache-2.0
"""Write tables of the registry as IATI 2.03: valid by the schema, in one order, the same bytes for the same tables.

What the registry holds and the standard has no place for (pillars, portfolio, who confirmed a row, its own names of
rows) is written in a namespace of its own, as the schema allows, and read back from there.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from homeground.accelerator.iati.codes import code_of, iso2_of
from homeground.accelerator.iati.rows.gathering import FACTS, OWN
from homeground.accelerator.iati.rows.shares import TOLERANCE, WHOLE
from homeground.accelerator.iati.schema import LANG, VERSION, lxml_etree, schema
from homeground.accelerator.registry.declared import registry_tables
from homeground.errors import DataError, Problems
from homeground.numbers.money import from_minor

Row = dict[str, Any]
REFERENCE = re.compile(r"[A-Z]{2,3}-[^ ]+\Z|[0-9]{5}\Z")  # what references look like: XM-DAC-41108, 44002
UNSPECIFIED = "998"  # developing countries, unspecified
BEGUN = ("implementation", "finalisation", "closed", "suspended")  # their first day is an actual one
WRITTEN = (
    "participants", "project_countries", "project_pillars", "project_sectors", "project_links", "project_markers",
    "transactions", "budgets",
)  # fmt: skip


def write_iati(tables: Mapping[str, pd.DataFrame], path: str | Path, *, language: str = "en") -> int:
    """Write projects with all that hangs on them as an IATI activity file.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the registry; ``projects``, ``organisations`` and ``participants`` at least. Money in smallest units.
    path : str or Path
        Where the file goes. It is written beside it and moved there at the end, so that a cut leaves no half file.
    language : str, optional
        Language of the words in the tables.

    Returns
    -------
    int
        Activities written.

    Raises
    ------
    DataError
        All at once: what the standard asks for and the tables lack, which nobody but the owner can add.

    Examples
    --------
    >>> write_iati({"projects": pd.DataFrame({"project": ["XX-1-a"], "title": ["Zaï"]})}, "a.xml")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: the export as IATI has 4 problems:
      - XX-1-a: no reporting organisation. IATI asks for it: write it in projects.
      - XX-1-a: no status. IATI asks for it: write it in projects.
      - XX-1-a: no first or last day. IATI asks for one: write it in projects.
      - XX-1-a: nobody takes part. IATI asks for one organisation: write it in participants.
    """
    held = {name: _rows(name, frame) for name, frame in tables.items()}
    projects = sorted(held.get("projects", []), key=lambda row: str(row["project"]))
    organisations = {row["organisation"]: row for row in held.get("organisations", [])}
    by = {name: _by_project(held.get(name, []), registry_tables()[name].table.key) for name in WRITTEN}
    problems = Problems("the export as IATI")
    for project in projects:
        problems.extend(_gaps(project, organisations, by["participants"]))
    if not projects:
        problems.add("no project is there to write. IATI asks for at least one.")
    problems.raise_if_any(DataError)
    path = Path(path)
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, projects, organisations, by, language)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return len(projects)


def _write(file: BinaryIO, projects: list[Row], organisations: dict[str, Row], by: Any, language: str) -> None:
    etree: Any = lxml_etree()
    known = schema()
    file.write(b"<?xml version='1.0' encoding='UTF-8'?>\n")
    file.write(f'<iati-activities version="{VERSION}" xmlns:registry="{OWN}">\n'.encode())
    for project in projects:
        rows = {name: found.get(project["project"], []) for name, found in by.items()}
        try:
            element = _activity(project, organisations, rows, language)
        except (KeyError, ValueError) as error:
            raise DataError(
                f"{project['project']} cannot be written as IATI: {str(error)[:200]} is there. Mend its rows: a word that the "
                "registry does not know, a day that is missing, or a character that XML cannot hold."
            ) from error
        if not known.validate(element):
            fault = known.error_log[0].message
            raise DataError(f"{project['project']} would not be valid IATI: {fault} Mend its row in the registry.")
        etree.indent(element, space="  ", level=1)
        text: bytes = etree.tostring(element, encoding="utf-8")
        file.write(b"  " + text.replace(f' xmlns:registry="{OWN}"'.encode(), b"", 1) + b"\n")
    file.write(b"</iati-activities>\n")


def _rows(name: str, frame: pd.DataFrame) -> list[Row]:
    """Rows of a table as plain values; what is missing is None."""
    declared = registry_tables().get(name)
    if declared is None:
        return []
    rows: list[Row] = frame.to_dict("records")  # type: ignore[assignment]
    clean = [{key: _plain(value) for key, value in row.items()} for row in rows]
    names = [column.column for column in declared.table.columns]
    return [{**dict.fromkeys(names), **row} for row in clean]


def _plain(value: Any) -> Any:
    """A value of a table; what is missing, or a text of blanks, is None."""
    if isinstance(value, str):
        return value.strip() or None
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value


def _by_project(rows: Iterable[Row], key: tuple[str, ...]) -> dict[str, list[Row]]:
    """Rows by project, in the order of their key."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: tuple(str(row[name]) for name in key)):
        if row["project"] is not None:
            found.setdefault(row["project"], []).append(row)
    return found


def _gaps(project: Row, organisations: dict[str, Row], participants: dict[str, list[Row]]) -> Iterable[str]:
    """What IATI asks of an activity and the registry does not hold."""
    name, reporter = project["project"], project["reporting_organisation"]
    ask = "IATI asks for it: write it in"
    if reporter is None:
        yield f"{name}: no reporting organisation. {ask} projects."
    elif not (organisations.get(reporter) or {}).get("type"):
        yield f"{name}: no type of the reporting organisation {reporter}. {ask} organisations (10: a government)."
    if project["status"] is None:
        yield f"{name}: no status. {ask} projects."
    if project["start"] is None and project["end"] is None:
        yield f"{name}: no first or last day. IATI asks for one: write it in projects."
    if not participants.get(name):
        yield f"{name}: nobody takes part. IATI asks for one organisation: write it in participants."


def _activity(project: Row, organisations: dict[str, Row], rows: dict[str, list[Row]], language: str) -> Any:
    """One activity, its children in the order of the standard."""
    activity = _head(project, organisations, language)
    for row in rows["participants"]:
        element = _who(activity, "participating-org", row["organisation"], organisations)
        element.set("role", code_of("OrganisationRole")[row["role"]])
    _sub(activity, "activity-status", code=code_of("ActivityStatus")[project["status"]])
    begun = project["status"] in BEGUN
    for column, kind in (("start", "2" if begun else "1"), ("end", "4" if project["status"] == "closed" else "3")):
        if project[column] is not None:
            _sub(activity, "activity-date", type=kind, **{"iso-date": _day(project[column])})
    _countries(activity, rows["project_countries"])
    for row in rows["project_sectors"]:
        share = {} if row["share"] is None else {"percentage": _number(row["share"])}
        _sub(activity, "sector", vocabulary=row["vocabulary"], code=row["code"], **share)
    for row in rows["project_markers"]:
        _sub(activity, "policy-marker", vocabulary="1", code=row["marker"], significance=str(int(row["significance"])))
    _budgets(activity, rows["budgets"], organisations)
    for row in rows["transactions"]:
        _transaction(activity, row, project, organisations)
    _links_and_pillars(activity, rows)
    return activity


def _head(project: Row, organisations: dict[str, Row], language: str) -> Any:
    """An activity with who reports it and what it is called."""
    etree: Any = lxml_etree()
    activity = etree.Element("iati-activity", nsmap={"registry": OWN})
    activity.set(LANG, language)
    if project["currency"] is not None:
        activity.set("default-currency", project["currency"])
    if project["level"] is not None:
        activity.set("hierarchy", str(int(project["level"])))
    for name in ("portfolio", "source"):
        _own(activity, name, project[name])
    _sub(activity, "iati-identifier").text = project["project"]
    reporter = organisations[project["reporting_organisation"]]
    element = _sub(activity, "reporting-org", ref=reporter["organisation"], type=reporter["type"])
    _facts(element, reporter)
    _say(element, reporter["name"] or reporter["organisation"])
    _say(_sub(activity, "title"), project["title"] or project["project"])
    description = _sub(activity, "description", type="1")
    _own(description, "made", "of the title" if project["description"] is None else None)
    _say(description, project["description"] or project["title"] or project["project"])
    return activity


def _links_and_pillars(activity: Any, rows: dict[str, list[Row]]) -> None:
    for row in rows["project_links"]:
        code = code_of("RelatedActivityType")[row["relation"]]
        element = _sub(activity, "related-activity", ref=row["other"], type=code)
        if row["evidence"] is not None:
            _sub(element, f"{{{OWN}}}evidence").text = row["evidence"]
    for row in rows["project_pillars"]:
        element = _sub(activity, f"{{{OWN}}}pillar", number=str(int(row["pillar"])), share=_number(row["share"]))
        if row["method"] is not None:
            element.set("method", row["method"])


def _countries(activity: Any, rows: list[Row]) -> None:
    """Countries with their shares; what is left of the whole goes to no region in particular, since none is known."""
    for row in rows:
        code = iso2_of().get(row["iso3"])
        if code is None:
            raise DataError(f"{row['project']}: {row['iso3']} is no country of ISO 3166-1. Mend project_countries.")
        _sub(activity, "recipient-country", code=code, percentage=_number(row["share"]))
    left = WHOLE - sum((Decimal(_number(row["share"])) for row in rows), Decimal(0))
    if rows and left > TOLERANCE:
        _sub(activity, "recipient-region", code=UNSPECIFIED, vocabulary="1", percentage=f"{left.normalize():f}")


def _budgets(activity: Any, rows: list[Row], organisations: dict[str, Row]) -> None:
    for kind, tag in (("project", "budget"), ("planned disbursement", "planned-disbursement")):
        for row in rows:
            if row["kind"] != kind or (kind == "project" and row["end"] is None):
                continue
            element = _sub(activity, tag)
            for name in ("budget", "source"):
                _own(element, name, row[name])
            if kind == "project" and row["status"] is not None:
                element.set("status", code_of("BudgetStatus")[row["status"]])
            for name in ("start", "end"):
                if row[name] is not None:
                    _sub(element, f"period-{name}", **{"iso-date": _day(row[name])})
            _value(element, row, row["start"])
            if kind != "project" and row["receiver"] is not None:
                _who(element, "receiver-org", row["receiver"], organisations)


def _transaction(activity: Any, row: Row, project: Row, organisations: dict[str, Row]) -> None:
    """One transaction; its own name in the registry, and what IATI has no place for, in the namespace of the registry."""
    element = _sub(activity, "transaction")
    name = str(row["transaction"])
    element.set("ref", name.removeprefix(f"{project['project']}#"))
    _own(element, "transaction", name)
    for column in ("pillar", "instrument", "confirmed_by", "confirmed_on", "source"):
        value = row[column]
        if value is not None:
            text = str(int(value)) if column == "pillar" else _day(value) if column == "confirmed_on" else str(value)
            _own(element, column.replace("_", "-"), text)
    _sub(element, "transaction-type", code=code_of("TransactionType")[row["kind"]])
    _sub(element, "transaction-date", **{"iso-date": _day(row["date"])})
    _value(element, row | {"currency": row["currency"] or project["currency"]}, row["date"])
    if row["description"] is not None:
        _say(_sub(element, "description"), row["description"])
    for who, tag, other in (("donor", "provider", "donor_project"), ("receiver", "receiver", "receiver_project")):
        if row[who] is None and row[other] is None:
            continue
        side = _who(element, f"{tag}-org", row[who], organisations)
        if row[other] is not None:
            side.set(f"{tag}-activity-id", row[other])
    if row["iso3"] is not None:
        code = iso2_of().get(row["iso3"])
        if code is None:
            raise DataError(f"{name}: {row['iso3']} is no country of ISO 3166-1. Mend transactions.")
        _sub(element, "recipient-country", code=code)
    if (finance := code_of("FinanceType").get(row["instrument"] or "")) is not None and row["instrument"] != "other":
        _sub(element, "finance-type", code=finance)


def _value(element: Any, row: Row, day: Any) -> None:
    """An amount in whole units, exactly."""
    value_day = row["value_date"] if row["value_date"] is not None else day
    value = _sub(element, "value", currency=row["currency"], **{"value-date": _day(value_day)})
    value.text = f"{from_minor(row['amount_minor'], row['currency']):f}"


def _who(parent: Any, tag: str, key: str | None, organisations: dict[str, Row]) -> Any:
    """An organisation by its reference and name; where the registry has one of them, it is told by its look which."""
    element = _sub(parent, tag)
    if key is None:
        return element
    row = organisations.get(key) or {"name": key, "type": None}
    named = row["name"] not in (None, key)
    reference = named or REFERENCE.match(key)
    if reference:
        element.set("ref", key)
    if row["type"] is not None:
        element.set("type", row["type"])
    _facts(element, row)
    if named or not reference:
        _say(element, row["name"] or key)
    return element


def _facts(element: Any, organisation: Row) -> None:
    """What the registry holds of an organisation and IATI has no place for, wherever it is named."""
    for name in FACTS:
        _own(element, name, organisation.get(name))


def _sub(parent: Any, tag: str, **attributes: str) -> Any:
    etree: Any = lxml_etree()
    return etree.SubElement(parent, tag, attributes)


def _say(element: Any, words: str) -> None:
    _sub(element, "narrative").text = words


def _own(element: Any, name: str, value: Any) -> None:
    if value is not None:
        element.set(f"{{{OWN}}}{name}", str(value))


def _day(value: Any) -> str:
    return pd.Timestamp(value).date().isoformat()


def _number(value: Any) -> str:
    """A share in the fewest digits that give the same number back."""
    number = float(value)
    return str(int(number)) if number.is_integer() else f"{number!r}"
