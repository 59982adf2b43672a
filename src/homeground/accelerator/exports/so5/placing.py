# SPDX-License-Identifier: Apache-2.0
"""Which payment belongs to which table of SO5 and why; every payment of a country stands in exactly one place.

SO5-1 is international public money, SO5-2 the country's own public money, SO5-3 private money, each of projects that serve the
Convention (see `relevance`). Money that one of these passes on to another is counted where it came in and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from homeground.accelerator.exports.so5.relevance import relevance
from homeground.accelerator.results.money.dollars import in_dollars, money_rows, rates_of
from homeground.accelerator.results.series import day_of, text_of
from homeground.language.messages import phrase

PUBLIC, MULTILATERAL = {"10", "11", "15"}, {"40"}  # codes of the IATI list OrganisationType
PRIVATE = {"21", "22", "23", "24", "60", "70", "71", "72", "73"}
PLACES = ("SO5-1", "SO5-2", "SO5-3", "passed on", "not relevant", "not placed")
WHOLE = 1_000_000  # ten-thousandths of a per cent
DUST = 500  # of these a sum may miss the whole by: thirds are written 33.33
Tables = Mapping[str, pd.DataFrame]


def placed_payments(tables: Tables, iso3: str, language: str = "en") -> pd.DataFrame:
    """Payments to a country with the table of SO5 that each belongs to.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry: projects, project_countries, participants, organisations, transactions, exchange_rates,
        and those that `relevance` reads.
    iso3 : str
        The Party.
    language : str, optional
        Of ``why``: en, fr or zh.

    Returns
    -------
    DataFrame
        Rows of disbursements, or the part of them that is the country's: transaction, project, year, donor (reference),
        provider (name), receiver, currency, instrument, amount_minor (int64), usd_minor (missing without a rate), confirmed_by,
        source, place (one of `PLACES`), why; rule and support, by which its project serves the Convention.

    Examples
    --------
    >>> tables = {"projects": pd.DataFrame({"project": ["p"], "currency": "USD"}),
    ...     "project_markers": pd.DataFrame({"project": ["p"], "marker": "8", "significance": 2}),
    ...     "organisations": pd.DataFrame({"organisation": ["bank"], "name": "A bank", "type": "40", "iso3": None}),
    ...     "transactions": pd.DataFrame({"transaction": ["t"], "project": "p", "kind": "disbursement", "date": "2022-05-01",
    ...         "amount_minor": [100], "currency": "USD", "donor": "bank", "iso3": "NER", "instrument": "loan"})}
    >>> placed_payments(tables, "NER")[["provider", "place", "amount_minor"]].values.tolist()
    [['A bank', 'SO5-1', 100]]
    """
    paid = tables["transactions"]
    paid = paid[paid["kind"] == "disbursement"]
    rates = rates_of(tables.get("exchange_rates"))
    money = money_rows(paid, tables.get("projects"), rates)
    shares, by_name = _shares(tables.get("project_countries")), _organisations(tables.get("organisations"))
    serves = relevance(tables, language).set_index("project")
    that_serve = set(serves.index[serves["relevant"]])
    by_project = serves.to_dict("index")
    funders, fed = _funders(tables.get("participants")), passed_on(tables, that_serve)
    rows = []
    for row in money.to_dict("records"):
        project = str(row["project"])
        amount, no_country = _part(row, iso3, shares.get(project))
        if amount is None:
            continue
        donor = text_of(row.get("donor")) or funders.get(project, "")
        organisation = by_name.get(donor.lower())
        place, why = ("not placed", "no_country") if no_country else _place(organisation, donor, iso3)
        said = phrase(f"form.so5.why.{why}", language, kind=_kind(organisation))
        if project not in that_serve:
            place, said = "not relevant", by_project[project]["why"]
        elif project in fed:
            place = "passed on"
            said = phrase("form.so5.why.passed_on", language, projects=", ".join(sorted(fed[project])))
        day = day_of(row.get("value_date")) or day_of(row["date"])
        usd = in_dollars(amount, row["currency"], day.year, rates) if day and row["currency"] else None
        rows.append({
            "transaction": str(row["transaction"]), "project": project, "year": row["year"], "donor": donor,
            "provider": text_of((organisation or {}).get("name")) or donor, "receiver": text_of(row.get("receiver")),
            "currency": row["currency"], "instrument": row["instrument"], "amount_minor": amount,
            "usd_minor": pd.NA if usd is None else usd, "confirmed_by": text_of(row.get("confirmed_by")),
            "source": text_of(row.get("source")), "place": place, "why": said,
            "rule": by_project[project]["rule"], "support": by_project[project]["support"],
        })  # fmt: skip
    columns = ["transaction", "project", "year", "donor", "provider", "receiver", "currency", "instrument", "amount_minor",
               "usd_minor", "confirmed_by", "source", "place", "why", "rule", "support"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"usd_minor": "Int64", "amount_minor": "int64", "year": "Int64"})


def passed_on(tables: Tables, counted: Collection[str] | None = None) -> dict[str, set[str]]:
    """Projects whose money came from others of the registry, with those that it came from.

    Parameters
    ----------
    tables : mapping of DataFrame
        projects and transactions as declared in the registry.
    counted : collection of str, optional
        Projects whose money is counted at all; None: all. Money that came by way of another came from before it.

    Returns
    -------
    dict of project to set of project
        Projects that feed each other in a circle, and that nothing outside feeds, are not in it: their money is counted.

    Examples
    --------
    >>> tables = {"projects": pd.DataFrame({"project": ["a", "b"]}),
    ...     "transactions": pd.DataFrame({"project": ["a"], "kind": "disbursement", "receiver_project": "b"})}
    >>> passed_on(tables)
    {'b': {'a'}}
    """
    known = set(tables["projects"]["project"].astype(str))
    feeds: dict[str, set[str]] = {}
    for row in tables["transactions"].to_dict("records"):
        project, kind = str(row["project"]), row["kind"]
        giver, taker = text_of(row.get("donor_project")), text_of(row.get("receiver_project"))
        if kind == "disbursement" and taker in known and taker != project:
            feeds.setdefault(taker, set()).add(project)
        elif kind == "incoming funds" and giver in known and giver != project:
            feeds.setdefault(project, set()).add(giver)
    feeds = {taker: _before(taker, feeds, counted) for taker in feeds}
    feeds = {taker: givers for taker, givers in feeds.items() if givers}
    reached = {one for one in {giver for givers in feeds.values() for giver in givers} if one not in feeds}
    while more := {taker for taker, givers in feeds.items() if givers & reached} - reached:
        reached |= more
    return {taker: givers for taker, givers in feeds.items() if taker in reached}


def _before(taker: str, feeds: Mapping[str, set[str]], counted: Collection[str] | None) -> set[str]:
    """The nearest projects that money came from and that are counted."""
    found: set[str] = set()
    seen, ask = {taker}, set(feeds[taker])
    while ask - seen:
        giver = (ask - seen).pop()
        seen.add(giver)
        if counted is None or giver in counted:
            found.add(giver)
        else:
            ask |= feeds.get(giver, set())
    return found


def split_exactly(amount: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Whole smallest units divided by percentages, so that the parts sum exactly; what no share claims stands under "".

    Parameters
    ----------
    amount : int
        Below zero too.
    shares : mapping of str to float
        Per cent.

    Returns
    -------
    dict of str to int

    Notes
    -----
    Method of the largest remainder (Hare and Niemeyer) on the absolute amount; of equal remainders the first name wins.

    Examples
    --------
    >>> split_exactly(100, {"BFA": 33.33, "MLI": 33.33, "NER": 33.33})
    {'BFA': 34, 'MLI': 33, 'NER': 33}
    >>> split_exactly(-101, {"NER": 50.0})
    {'': -50, 'NER': -51}
    """
    weights = {name: round(10_000 * share) for name, share in sorted(shares.items())}
    total = sum(weights.values())
    if total < WHOLE - DUST:
        weights = {"": WHOLE - total} | weights
        total = WHOLE
    if total <= 0:
        return {"": amount}
    size, sign = abs(amount), -1 if amount < 0 else 1
    parts = {name: size * weight // total for name, weight in weights.items()}
    left = size - sum(parts.values())
    for name in sorted(weights, key=lambda one: (-(size * weights[one] % total), one == "", one))[:left]:
        parts[name] += 1
    return {name: sign * part for name, part in parts.items()}


def _part(row: dict[Any, Any], iso3: str, shares: Mapping[str, float] | None) -> tuple[int | None, bool]:
    """What of a payment is the country's, and whether nobody says of which it is; none where nothing of it is."""
    amount, own = int(row["amount_minor"]), text_of(row.get("iso3"))
    if own:
        return (amount, False) if own == iso3 else (None, False)
    if not shares:
        return amount, True
    if iso3 not in shares:
        return None, False
    return split_exactly(amount, shares)[iso3], False


def _kind(organisation: Mapping[str, Any] | None) -> str:
    return text_of((organisation or {}).get("type")).removesuffix(".0")


def _place(organisation: Mapping[str, Any] | None, donor: str, iso3: str) -> tuple[str, str]:
    """The table of a payment, and why: the end of the id of its sentence."""
    kind, home = _kind(organisation), text_of((organisation or {}).get("iso3"))
    if kind in PUBLIC and home:
        return ("SO5-2", "own") if home == iso3 else ("SO5-1", "other_country")
    if kind in MULTILATERAL:
        return "SO5-1", "multilateral"
    if kind in PRIVATE:
        return "SO5-3", "private"
    if not donor:
        return "not placed", "no_donor"
    if not kind:
        return "not placed", "no_kind"
    return "not placed", "no_home" if kind in PUBLIC else "neither"


def _shares(countries: pd.DataFrame | None) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in [] if countries is None else countries.to_dict("records"):
        found.setdefault(str(row["project"]), {})[str(row["iso3"])] = float(row["share"])
    return found


def _organisations(table: pd.DataFrame | None) -> dict[str, dict[Any, Any]]:
    """Organisations by their reference, name and aliases, in small letters."""
    found: dict[str, dict[Any, Any]] = {}
    rows = [] if table is None else table.to_dict("records")
    for row in rows:
        for name in [text_of(row.get("name")), *text_of(row.get("aliases")).split(";")]:
            if name.strip():
                found.setdefault(name.strip().lower(), row)
    return found | {str(row["organisation"]).lower(): row for row in rows}


def _funders(participants: pd.DataFrame | None) -> dict[str, str]:
    """The funding organisation of projects that have one alone."""
    found: dict[str, set[str]] = {}
    for row in [] if participants is None else participants.to_dict("records"):
        if row["role"] == "funding":
            found.setdefault(str(row["project"]), set()).add(str(row["organisation"]))
    return {project: next(iter(names)) for project, names in found.items() if len(names) == 1}
