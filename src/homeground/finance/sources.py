# SPDX-License-Identifier: Apache-2.0
"""Who pays a plan: public money, climate funds, private investors; apart from them, never added, households' own money."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator
from typing import Any

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.numbers.money import NOT_STATED, Money, currencies

CLASSES = ("public", "climate funds", "private", "household")
STATUSES = ("pledged", "committed", "paid")
BASES = ("contract", "consent")
COLUMNS = ("who", "class", "amount", "currency", "price_year", "status", "source", "licence")
STACK = (
    "class",
    "who",
    "status",
    "counted",
    "amount",
    "currency",
    "price_year",
    "share",
    "source",
    "licence",
    "kind",
    "note",
)
HOUSEHOLD = (
    "iso3", "year", "what", "value", "unit", "low", "high", "basis", "definition", "source", "licence", "kind", "note",
)  # fmt: skip
AS_PUBLISHED = "as published"
UPKEEP = "upkeep"  # of what covers says: after the plan, so no part of its budget
# Words of households' own money in the languages of the studies; such a row is never public, climate or ODA finance.
_OWN_MONEY = re.compile(
    r"remit|diaspora|migrant|transferts? d|remesas|حوالات|денежные переводы|переводы мигрант|侨汇|doznak", re.IGNORECASE
)
_PUBLIC_WORDS = re.compile(r"\boda\b|official development|public|climate", re.IGNORECASE)
# Which class those belong to whose pledges the figures name.
_PLEDGED_BY = {"IFAD and Green Climate Fund": "climate funds"}


def source_stack(
    budget: Money, sources: pd.DataFrame | None = None, *, pledges: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Who pays a plan's budget, and how much of it nobody has committed; pledges stand beside it and are not counted.

    Parameters
    ----------
    budget : Money
        The whole budget of the plan.
    sources : DataFrame, optional
        The study's table: who, class (public, climate funds, private; household rows are left to `household_money`),
        amount, currency, price_year (a year, "as published", or "not stated": then taken as if of the budget's, and so
        noted), status (pledged, committed, paid), source, licence; covers, where it says "upkeep": after the plan, and left
        out here.
        Committed is what binds and is not paid yet: a sum stands in one row only. Left out, nothing is known to be
        committed.
    pledges : DataFrame, optional
        Published figures (columns of `homeground.catalogue.figures`) with indicator pledged.

    Returns
    -------
    DataFrame
        class, who, status, counted (True: part of the budget), amount, currency, price_year, share of the budget (NaN
        where not counted), source, licence, kind, note. The counted rows add up to the budget; the last of them is
        "not_committed".

    Raises
    ------
    DataError
        Remittances or diaspora money labelled as anything but household; a row without source; commitments above the
        budget, or in another currency or price year than it.

    Examples
    --------
    >>> stack = source_stack(Money(100.0, "USD", 2023))
    >>> stack[["class", "amount", "share"]].values.tolist()
    [['not_committed', 100.0, 1.0]]
    """
    _check_sources(sources)
    rows: list[dict[str, Any]] = []
    known = Money(0.0, budget.currency, budget.price_year)
    for row in [] if sources is None else sources.to_dict("records"):
        if row["class"] == "household" or row.get("covers") == UPKEEP:
            continue
        counted = row["status"] != "pledged"
        silent = row["price_year"] == NOT_STATED
        year = budget.price_year if silent else _year(row["price_year"])
        money = Money(float(row["amount"]), str(row["currency"]), year)
        if counted:
            try:
                known = known + money
            except DataError as error:
                raise DataError(f"sources, {row['who']}: {error}") from error
        kept = {name: row[name] for name in ("class", "who", "status", "source", "licence")}
        note = _text(row.get("note")) if counted else "a pledge is no commitment; not counted"
        if silent:
            note = "; ".join(["price year not stated: taken as if of the budget's", *([note] if note else [])])
        told = _amount(money, budget, counted=counted) | ({"price_year": NOT_STATED} if silent else {})
        rows.append(kept | told | {"kind": _text(row.get("kind")) or "published", "note": note})
    rest = budget.amount - known.amount
    if rest < -1e-9 * budget.amount:
        raise DataError(
            f"sources commit {known.amount:,.0f} {known.currency}, the budget is {budget.amount:,.0f}. "
            "Mend one of them; a sum that is committed and paid stands in one row."
        )
    note = "of this sum nobody is known to have committed anything"
    open_row = {"class": "not_committed", "who": "", "status": "not_committed", "source": "budget of the study"}
    open_row |= {"licence": "", "kind": "default", "note": note}
    rows.append(open_row | _amount(Money(max(rest, 0.0), budget.currency, budget.price_year), budget, counted=True))
    rows += _pledge_rows(pledges, budget)
    return pd.DataFrame(rows, columns=list(STACK))


def household_money(remittances: pd.DataFrame, committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """What households receive from their own people abroad, and what of it is bound to land by contract or consent.

    Parameters
    ----------
    remittances : DataFrame
        Published figures (columns of `homeground.catalogue.figures`), indicators remittances_received and
        remittances_received_share; rows of other indicators are left out.
    committed : DataFrame, optional
        The study's table of sources; its household rows need iso3, basis (contract or consent) and a source. Left out,
        nothing is committed.

    Returns
    -------
    DataFrame
        iso3, year, what (received, received_share, committed), value, unit, low, high, basis, definition (what the source
        counts), source, licence, kind, note. Sources that differ stand side by side. These rows are private household
        money: they never enter a stack of public, climate or ODA finance and are never added to it.

    Raises
    ------
    DataError
        Remittances labelled as public, climate or ODA finance; a committed row without basis or source.

    Examples
    --------
    >>> from homeground.catalogue import figures
    >>> table = household_money(figures.load("remittances", iso3="XKX"))
    >>> table.loc[table.what == "received_share", ["year", "value"]].values.tolist()[-2:]
    [[2024, 12.7], [2024, 17.3]]
    >>> table.loc[table.what == "committed", "value"].tolist()
    [0.0]
    """
    _check_remittances(remittances)
    _check_sources(committed)
    what = {"remittances_received": "received", "remittances_received_share": "received_share"}
    seen = remittances[remittances["indicator"].isin(list(what)) & (remittances["iso3"] != "")].copy()
    seen["what"] = seen["indicator"].map(what)
    seen["definition"], seen["note"], seen["basis"] = seen["note"], "", ""
    own = [] if committed is None else [r for r in committed.to_dict("records") if r["class"] == "household"]
    rows = [_committed_row(row) for row in own if row["status"] != "pledged"]
    silent = sorted(set(seen["iso3"]) - {row["iso3"] for row in rows})
    none = {"what": "committed", "value": 0.0, "unit": "USD", "basis": "", "source": "tables of the study"}
    none |= {"kind": "default", "note": "no contract or consent is named in the study, so none is counted"}
    rows += [none | {"iso3": iso3} for iso3 in silent]
    out = pd.concat([seen.reindex(columns=list(HOUSEHOLD)), pd.DataFrame(rows).reindex(columns=list(HOUSEHOLD))])
    out["year"] = out["year"].astype("Int64")
    out[["low", "high", "value"]] = out[["low", "high", "value"]].astype(float)
    text = [name for name in HOUSEHOLD if name not in ("year", "value", "low", "high")]
    out[text] = out[text].fillna("").astype("str")
    return out.sort_values(["iso3", "what", "year", "source"], ignore_index=True)


def _committed_row(row: dict[Hashable, Any]) -> dict[str, Any]:
    silent = row["price_year"] == NOT_STATED
    year = None if silent else _year(row["price_year"])
    unit = f"{row['currency']} of {year}" if year else f"{row['currency']} as published"
    unit = f"{row['currency']}, price year not stated" if silent else unit
    kept = {str(name): row[name] for name in ("iso3", "basis", "source", "licence")}
    return kept | {
        "what": "committed",
        "value": float(row["amount"]),
        "unit": unit,
        "kind": _text(row.get("kind")) or "published",
        "note": f"{row['who']}: {row['status']}",
    }


def _amount(money: Money, budget: Money, *, counted: bool) -> dict[str, Any]:
    return {
        "counted": counted,
        "amount": money.amount,
        "currency": money.currency,
        "price_year": AS_PUBLISHED if money.price_year is None else str(money.price_year),
        "share": money.amount / budget.amount if counted and budget.amount > 0 else float("nan"),
    }


def _pledge_rows(pledges: pd.DataFrame | None, budget: Money) -> list[dict[str, Any]]:
    rows = []
    for row in [] if pledges is None else pledges[pledges["indicator"] == "pledged"].to_dict("records"):
        money = Money(float(row["value"]), str(row["unit"]), None)
        about = f"pledged for a wider programme, {row['year']}; pledges overlap and are not added up"
        note = f"{about}; {row['note']}" if row["note"] else about
        kept = {"class": _PLEDGED_BY.get(str(row["place"]), "public"), "who": row["place"], "status": "pledged"}
        if row["place"] not in _PLEDGED_BY and "Wall" in str(row["place"]):
            kept["class"] = "all donors"
        kept |= {"source": row["source"], "licence": row["licence"], "kind": row["kind"], "note": note}
        rows.append(kept | _amount(money, budget, counted=False))
    return rows


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _year(value: Any) -> int | None:
    text = str(value).strip()
    return None if text == AS_PUBLISHED else int(float(text))


def _check_sources(sources: pd.DataFrame | None) -> None:
    if sources is None:
        return
    problems = Problems("the table of sources of money")
    missing = [name for name in COLUMNS if name not in sources.columns]
    if missing:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join(COLUMNS)}.")
        problems.raise_if_any(DataError)
    problems.extend(source_problems(sources))
    problems.raise_if_any(DataError)


def source_problems(sources: pd.DataFrame) -> Iterator[str]:
    """What is wrong with single rows of a table of sources of money, one sentence each.

    Parameters
    ----------
    sources : DataFrame
        As of `source_stack`. An index called row gives the rows of a file that the sentences name.

    Yields
    ------
    str

    Examples
    --------
    >>> row = {"who": "Diaspora fund", "class": "public", "amount": 1.0, "currency": "US", "price_year": 2023}
    >>> row |= {"status": "paid", "source": "a", "licence": "b"}
    >>> [fault.partition(",")[0] for fault in source_problems(pd.DataFrame([row]))]
    ["Diaspora fund: remittances and diaspora money are households' own", 'Diaspora fund: a currency such as USD was expected']
    """
    for number, row in zip(sources.index, sources.to_dict("records"), strict=True):
        where = f"{row['who']} (row {number})" if sources.index.name == "row" else row["who"]
        yield from (f"{where}: {fault}" for fault in _source_faults(row))


def names_own_money(words: str) -> bool:
    """Whether words name remittances or diaspora money, which are households' own and never public money.

    Parameters
    ----------
    words : str

    Returns
    -------
    bool

    Examples
    --------
    >>> names_own_money("Diaspora bond"), names_own_money("Trust fund")
    (True, False)
    """
    return _OWN_MONEY.search(words) is not None


def _source_faults(row: dict[Hashable, Any]) -> list[str]:
    faults = []
    if row["class"] not in CLASSES:
        faults.append(f'class "{row["class"]}" is unknown: {", ".join(CLASSES)}.')
    words = " ".join(str(row.get(name, "")) for name in ("who", "what", "instrument", "note"))
    if row["class"] != "household" and names_own_money(words):
        faults.append(
            f"remittances and diaspora money are households' own, found under {row['class']}. "
            'Set class to "household"; it is shown apart and never as public, climate or ODA finance.'
        )
    if row["status"] not in STATUSES:
        faults.append(f'status "{row["status"]}" is unknown: {", ".join(STATUSES)}.')
    try:
        good = 0 <= float(row["amount"]) < math.inf
    except (TypeError, ValueError):
        good = False
    if not good:
        faults.append(f"a finite amount of 0 or more was expected, found {row['amount']}.")
    price_year = str(row["price_year"]).strip()
    if price_year not in (AS_PUBLISHED, NOT_STATED) and not re.fullmatch(r"(19|20)\d\d(\.0)?", price_year):
        faults.append(f'price_year is a year, "{AS_PUBLISHED}" or "{NOT_STATED}", found {price_year}.')
    if row["currency"] not in currencies():
        faults.append(f"a currency such as USD was expected, found {row['currency']}.")
    faults += [f"has no {name}." for name in ("source", "licence") if not isinstance(row[name], str) or not row[name]]
    if row["class"] == "household":
        if row.get("basis") not in BASES:
            faults.append(f"household money counts by {' or '.join(BASES)} only; name it in the column basis.")
        if not re.fullmatch("[A-Z]{3}", str(row.get("iso3", ""))):
            faults.append("household money needs the country it goes to in the column iso3.")
    return faults


def _check_remittances(remittances: pd.DataFrame) -> None:
    problems = Problems("the remittances")
    needed = ("iso3", "year", "indicator", "value", "unit", "source", "licence", "kind", "note")
    missing = [name for name in needed if name not in remittances.columns]
    if missing:
        problems.add(f"columns {', '.join(missing)} are missing. Give figures as homeground.catalogue.figures.")
        problems.raise_if_any(DataError)
    # The note of a figure may well speak of public bodies; what the money is called may not.
    labels = [name for name in ("class", "finance", "indicator") if name in remittances.columns]
    for name in labels:
        for label in sorted({str(x) for x in remittances[name]}):
            if _PUBLIC_WORDS.search(label):
                problems.add(f'remittances are labelled "{label}" in {name}: they are households\' own money.')
    problems.raise_if_any(DataError)
