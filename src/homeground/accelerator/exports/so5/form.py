# SPDX-License-Identifier: Apache-2.0
"""The workbook of SO5: one row an activity, year, provider and instrument; a Party confirms, corrects or rejects each row.

Columns follow the reporting manual of the Convention (PRAIS 4, SO5). Dollars stand only where a rate of the currency and year
is stated; grants, loans and guarantees stand in rows of their own. What the registry does not know is empty, and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.exports.so5.placing import placed_payments
from homeground.accelerator.exports.so5.relevance import relevance, relevance_rules
from homeground.accelerator.exports.writing import book_bytes, new_book, put_table, write_whole
from homeground.accelerator.results.money.dollars import in_dollars, rates_of
from homeground.accelerator.results.series import text_of
from homeground.catalogue import atlas
from homeground.errors import DataError
from homeground.numbers.money import from_minor

DECISIONS = ("confirm", "correct", "reject")
PARTY = ("Decision", "Corrected amount USD", "Comment")
FACTS = {  # heading: column of project_reporting
    "Sector": "sector", "Type of flow": "flow", "Type of support": "support", "Leveraging mechanism": "leveraging",
    "Capacity building": "capacity_building", "Technology transfer": "technology_transfer",
    "Gender equality": "gender_equality",
}  # fmt: skip
BEGIN = ("Year", "Provider", "Country name", "Recipient/beneficiary", "Channel (first implementer)", "Title")
END = ("Financial instrument", "Private resources USD", *FACTS, "Relevant by", "Amount as told", "Confirmed by",
       "Rows of the registry", "Source")  # fmt: skip
SAID = {
    "SO5-1": "Bilateral and multilateral public resources, disbursed, by calendar year of payment.",
    "SO5-2": "The country's own public resources, disbursed, by calendar year of payment.",
    "SO5-3": "International and domestic private resources, disbursed, by calendar year of payment.",
    "SO5-4": "Technology transfer: rows of SO5-1 to SO5-3 again. Their money is counted there: never add this sheet to them.",
    "SO5-5": "Future support: what the country itself says it lacks.",
    "Totals": "By table, year and instrument. Instruments are not added up. Rows without dollars are in no total.",
    "Relevance": "Which projects are counted as serving the Convention, and by which rule. Confirm, correct or reject each; to "
    "keep it, write yes or no under project_reporting.relevant.",
    "Rules": "Asked in this order; the first that says something of a project decides. Quality 5: our own choice, unverified.",
    "Told twice": "Money that a person found told twice, with the reason. The rows still hold it: correct or reject one of them.",
    "Left out": "Payments that are in none of the tables, with the reason. Nothing is dropped: these and the tables are all.",
    "Rates": "Dollars for one unit of a currency, as stated in the registry.",
    "Documentation": "How the sheets were made.",
}


def so5(tables: Mapping[str, pd.DataFrame], iso3: str) -> dict[str, pd.DataFrame]:
    """The sheets of SO5 for one Party.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    iso3 : str
        The Party, ISO 3166-1 alpha-3.

    Returns
    -------
    dict of DataFrame
        SO5-1 to SO5-5, Totals, Relevance, Rules, Told twice, Left out, Rates, Documentation; by the names of the sheets.

    Raises
    ------
    DataError
        No such country.

    Examples
    --------
    >>> from homeground.accelerator.registry.given import empty_tables
    >>> tables = empty_tables() | {"projects": pd.DataFrame({"project": ["p"], "title": "Land", "currency": "USD"}),
    ...     "project_markers": pd.DataFrame({"project": ["p"], "marker": "8", "significance": 2}),
    ...     "organisations": pd.DataFrame({"organisation": ["bank"], "name": "A bank", "type": "40", "iso3": None}),
    ...     "transactions": pd.DataFrame({"transaction": ["t"], "project": "p", "kind": "disbursement", "date": "2022-05-01",
    ...         "amount_minor": [100], "currency": "USD", "donor": "bank", "iso3": "NER", "instrument": "loan"})}
    >>> so5(tables, "NER")["SO5-1"][["Year", "Provider", "Amount USD (disbursed)", "Financial instrument"]].values.tolist()
    [[2022, 'A bank', 1.0, 'loan']]
    """
    names = atlas.countries().set_index("iso3")["name_en"]
    if iso3 not in names.index:
        raise DataError(f"{iso3} is no country of the atlas. Write its three letters, such as NER.")
    placed = placed_payments(tables, iso3)
    known = _Known(tables, str(names[iso3]))
    sheets = {
        name: _table(placed[placed["place"] == name], known, own=name == "SO5-2")
        for name in ("SO5-1", "SO5-2", "SO5-3")
    }
    sheets["SO5-4"] = _technology(sheets)
    sheets["SO5-5"] = _future(tables, iso3)
    sheets["Totals"] = _totals(placed)
    sheets["Relevance"] = _relevance(tables, placed, known)
    sheets["Rules"] = relevance_rules().drop(columns=["share"])
    sheets["Told twice"] = _overlaps(tables, iso3)
    sheets["Left out"] = _left_out(placed[~placed["place"].str.startswith("SO5")], known)
    sheets["Rates"] = tables["exchange_rates"][["currency", "year", "usd", "source"]].reset_index(drop=True)
    sheets["Documentation"] = _documentation(placed, sheets, iso3, str(names[iso3]))
    return sheets


def write_so5(tables: Mapping[str, pd.DataFrame], path: Path, iso3: str) -> Path:
    """Write the workbook of SO5 for one Party.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    path : Path
        Of the workbook.
    iso3 : str
        The Party.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        No such country, or it cannot be written.
    """
    book = new_book()
    for name, table in so5(tables, iso3).items():
        answers: dict[str, tuple[str, ...]] = {}
        if name.startswith("SO5"):
            answers = {"Decision": DECISIONS, "Corrected amount USD": (), "Comment": ()}
        elif name == "Relevance":
            answers = {"Decision": DECISIONS, "Comment": ()}
        sheet = table.assign(**dict.fromkeys(answers)) if answers else table
        put_table(book, name, sheet, said=SAID[name], choices=answers)
    return write_whole(path, book_bytes(book))


class _Known:
    """What the registry knows of projects and organisations, by name."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], country: str) -> None:
        self.country = country
        self.names = {
            str(r["organisation"]): text_of(r.get("name")) for r in tables["organisations"].to_dict("records")
        }
        self.titles = {str(r["project"]): text_of(r.get("title")) for r in tables["projects"].to_dict("records")}
        self.facts = {str(r["project"]): r for r in tables["project_reporting"].to_dict("records")}
        self.implementers: dict[str, list[str]] = {}
        for row in tables["participants"].to_dict("records"):
            if row["role"] == "implementing":
                self.implementers.setdefault(str(row["project"]), []).append(self.name(str(row["organisation"])))

    def name(self, organisation: str) -> str:
        return self.names.get(organisation) or organisation

    def fact(self, project: str, column: str) -> str | None:
        return text_of(self.facts.get(project, {}).get(column)) or None


def _amount_name(*, own: bool) -> tuple[str, ...]:
    money = ("Amount USD (disbursed)",)
    return (*money, "Amount (domestic currency)", "Currency") if own else money


def _table(placed: pd.DataFrame, known: _Known, *, own: bool) -> pd.DataFrame:
    """One row an activity, year, provider and instrument."""
    rows = []
    keys = ["project", "year", "donor", "instrument"]
    for _, group in placed.groupby(keys, sort=True, dropna=False):
        project, year, instrument = (group[name].iloc[0] for name in ("project", "year", "instrument"))
        whole = not group["usd_minor"].isna().any()
        one = group["currency"].nunique() == 1
        by_currency = group.groupby("currency")["amount_minor"].sum()
        amounts = {
            "Amount USD (disbursed)": float(from_minor(int(group["usd_minor"].sum()), "USD")) if whole else None,
            "Amount (domestic currency)": _whole_units(by_currency) if own and one else None,
            "Currency": str(group["currency"].iloc[0]) if own and one else None,
        }
        receivers = sorted({known.name(one) for one in group["receiver"] if one})
        provider = str(group["provider"].iloc[0])
        rows.append({
            "Year": int(year), "Provider": None if own else provider,
            "Country name": provider if own else known.country,  # SO5-2: the economic unit
            "Recipient/beneficiary": "; ".join(receivers) or known.country,
            "Channel (first implementer)": "; ".join(known.implementers.get(project, [])) or known.fact(project, "channel"),
            "Title": known.titles.get(project) or project,
            **{name: amounts[name] for name in _amount_name(own=own)},
            "Financial instrument": instrument or None, "Private resources USD": None,
            **{heading: known.fact(project, column) for heading, column in FACTS.items()},
            "Type of support": group["support"].iloc[0] or None, "Relevant by": group["rule"].iloc[0],
            "Amount as told": "; ".join(f"{_told(int(minor), str(code))}" for code, minor in by_currency.items()),
            "Confirmed by": ", ".join(sorted({text for text in group["confirmed_by"] if text})) or None,
            "Rows of the registry": " ".join(sorted(group["transaction"])),
            "Source": "; ".join(sorted({text for text in group["source"] if text})) or None,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=[*BEGIN, *_amount_name(own=own), *END], dtype="object")


def _whole_units(by_currency: pd.Series) -> float | None:
    code = str(by_currency.index[0])
    return float(from_minor(int(by_currency.iloc[0]), code)) if code else None


def _told(minor: int, currency: str) -> str:
    return f"{from_minor(minor, currency):,f} {currency}" if currency else f"{minor} (no currency)"


def _technology(sheets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = [sheets[name].assign(**{"Also in": name}) for name in ("SO5-1", "SO5-2", "SO5-3")]
    columns = ["Also in", *BEGIN, "Amount USD (disbursed)", *END]
    held = [part[part["Technology transfer"] == "yes"].reindex(columns=columns) for part in parts]
    return pd.concat(held, ignore_index=True)


def _future(tables: Mapping[str, pd.DataFrame], iso3: str) -> pd.DataFrame:
    rates = rates_of(tables["exchange_rates"])
    rows = []
    for row in tables["future_support"].to_dict("records"):
        if row["iso3"] != iso3:
            continue
        minor, currency, start = row["amount_minor"], text_of(row.get("currency")), row.get("start")
        known = not pd.isna(minor) and currency != ""
        year = 0 if start is None or pd.isna(start) else int(start)
        usd = in_dollars(int(minor), currency, year, rates) if known else None
        rows.append({
            "Need": row["need"], "Financing gap USD": None if usd is None else float(from_minor(usd, "USD")),
            "Amount as told": _told(int(minor), currency) if known else None, "First year": start, "Last year": row.get("end"),
            "DLDD plan or target": text_of(row.get("plan")) or None, "SLM measures": text_of(row.get("measures")) or None,
            "Communities": text_of(row.get("communities")) or None, "Source": text_of(row.get("source")) or None,
        })  # fmt: skip
    columns = ["Need", "Financing gap USD", "Amount as told", "First year", "Last year", "DLDD plan or target", "SLM measures",
               "Communities", "Source"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _totals(placed: pd.DataFrame) -> pd.DataFrame:
    held = placed[placed["place"].str.startswith("SO5")]
    rows = []
    for _, group in held.groupby(["place", "year", "instrument"], sort=True):
        place, year, instrument = (group[name].iloc[0] for name in ("place", "year", "instrument"))
        known = group[group["usd_minor"].notna()]
        usd = float(from_minor(int(known["usd_minor"].sum()), "USD")) if len(known) else None
        rows.append((place, int(year), instrument or "not said", usd, len(group), len(group) - len(known)))
    columns = [
        "Table",
        "Year",
        "Financial instrument",
        "Amount USD (disbursed)",
        "Payments",
        "Payments without dollars",
    ]
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _relevance(tables: Mapping[str, pd.DataFrame], placed: pd.DataFrame, known: _Known) -> pd.DataFrame:
    """Projects that pay in the country: what is counted first, each with what decided."""
    found = relevance(tables)
    found = found[found["project"].isin(set(placed["project"]))].sort_values("relevant", ascending=False, kind="stable")
    payments = placed.groupby("project").size()
    return pd.DataFrame({
        "Project": found["project"], "Title": [known.titles.get(project) or project for project in found["project"]],
        "Relevant": ["yes" if one else "no" for one in found["relevant"]], "Rule": found["rule"],
        "Type of support": [one or None for one in found["support"]], "Why": found["why"],
        "Payments": [int(payments[project]) for project in found["project"]],
    }, dtype="object").reset_index(drop=True)  # fmt: skip


def _overlaps(tables: Mapping[str, pd.DataFrame], iso3: str) -> pd.DataFrame:
    rows = []
    for row in tables["overlaps"].to_dict("records"):
        if row["step"] == "disbursed" and text_of(row.get("iso3")) in (iso3, ""):
            rows.append((row["overlap"], text_of(row.get("donor")) or None, row.get("year"),
                         _told(int(row["amount_minor"]), text_of(row["currency"])), row["reason"], row["approved_by"]))  # fmt: skip
    columns = ["Overlap", "Provider", "Year", "Amount as told", "Reason", "Approved by"]
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _left_out(placed: pd.DataFrame, known: _Known) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for row in placed.sort_values(["place", "project", "transaction"]).to_dict("records"):
        rows.append((row["place"], row["year"], row["provider"] or None, known.titles.get(row["project"]) or row["project"],
                     _told(int(row["amount_minor"]), row["currency"]), row["transaction"], row["why"]))  # fmt: skip
    columns = ["Place", "Year", "Provider", "Title", "Amount as told", "Row of the registry", "Why"]
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _documentation(placed: pd.DataFrame, sheets: Mapping[str, pd.DataFrame], iso3: str, country: str) -> pd.DataFrame:
    held = placed[placed["place"].str.startswith("SO5")]
    told = [sheets[name] for name in ("SO5-1", "SO5-2", "SO5-3")]
    empty = [heading for heading in FACTS if all(table[heading].isna().all() for table in told)]
    lacking = sorted(
        {f"{c or 'no currency'} {y}" for c, y in held[held["usd_minor"].isna()][["currency", "year"]].values}
    )
    rows = [
        ("Party", f"{country} ({iso3})"),
        ("Relevance", "By the first rule of the sheet Rules that says something of a project: what a Party says, the marker of "
                      "desertification, goal 15.3, and only then choices of ours. The manual prescribes no definition and asks "
                      "for the method: this is it. What serves the Convention counts whole; no coefficient is taken."),
        ("Not relevant", f"{(placed['place'] == 'not relevant').sum()} payments, listed under Left out with the reason."),
        ("Year", "Calendar year of the payment."),
        ("Amounts", "Disbursements. Commitments are in no sheet: the two are never added."),
        ("Dollars", "By the rates of the sheet Rates, of the year of the value date. No rate is made up."),
        ("Without dollars", f"No rate: {', '.join(lacking)}." if lacking else "None."),
        ("SO5-1, 2 or 3", "By the kind and country of the organisation that gave the money; each payment stands in one table."),
        ("Passed on", f"{(placed['place'] == 'passed on').sum()} payments of money that came from another project of the "
                      "registry: counted where it came in, listed under Left out."),
        ("Not placed", f"{(placed['place'] == 'not placed').sum()} payments, listed under Left out with the reason."),
        ("Several countries", "Divided by the shares that the project declares, in smallest units, so that parts sum exactly."),
        ("Empty everywhere", f"{', '.join(empty)}: the registry does not know them." if empty else "Nothing."),
        ("Private resources USD", "Money drawn in by public money is not known by row; private money stands in SO5-3."),
        ("Decision", "confirm, correct or reject each row; a corrected amount goes beside it. A row may be added."),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["What", "How"])
