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
from homeground.accelerator.exports.so5.words import documentation, heading_words, sheet_words, so5_words
from homeground.accelerator.exports.writing import book_bytes, new_book, put_table, write_whole
from homeground.accelerator.results.money.dollars import in_dollars, rates_of
from homeground.accelerator.results.series import text_of
from homeground.catalogue import atlas
from homeground.errors import DataError
from homeground.language.messages import phrase
from homeground.language.wording import slug
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


def so5(tables: Mapping[str, pd.DataFrame], iso3: str, language: str = "en") -> dict[str, pd.DataFrame]:
    """The sheets of SO5 for one Party.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    iso3 : str
        The Party, ISO 3166-1 alpha-3.
    language : str, optional
        Of sentences, names of rules and the country: en, fr or zh. Headings and names of sheets are keys.

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
    names = atlas.country_names(language)
    if iso3 not in names:
        raise DataError(f"{iso3} is no country of the atlas. Write its three letters, such as NER.")
    placed = placed_payments(tables, iso3, language)
    known = _Known(tables, names[iso3], language)
    sheets = {
        name: _table(placed[placed["place"] == name], known, own=name == "SO5-2")
        for name in ("SO5-1", "SO5-2", "SO5-3")
    }
    sheets["SO5-4"] = _technology(sheets)
    sheets["SO5-5"] = _future(tables, iso3)
    sheets["Totals"] = _totals(placed, language)
    sheets["Relevance"] = _relevance(tables, placed, known)
    rules = relevance_rules(language)
    sheets["Rules"] = rules.assign(rule=[known.rule(name) for name in rules["rule"]]).drop(columns=["share"])
    sheets["Told twice"] = _overlaps(tables, iso3)
    sheets["Left out"] = _left_out(placed[~placed["place"].str.startswith("SO5")], known)
    sheets["Rates"] = tables["exchange_rates"][["currency", "year", "usd", "source"]].reset_index(drop=True)
    told = [sheets[name] for name in ("SO5-1", "SO5-2", "SO5-3")]
    sheets["Documentation"] = documentation(placed, told, FACTS, {"country": names[iso3], "iso3": iso3}, language)
    return sheets


def write_so5(tables: Mapping[str, pd.DataFrame], path: Path, iso3: str, language: str = "en") -> Path:
    """Write the workbook of SO5 for one Party.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    path : Path
        Of the workbook.
    iso3 : str
        The Party.
    language : str, optional
        en, fr or zh. Headings of the Convention's form stay as they are.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        No such country, or it cannot be written.
    """
    book = new_book()
    decisions = tuple(so5_words(f"answer.{one}", language) for one in DECISIONS)
    for name, table in so5(tables, iso3, language).items():
        asked = PARTY if name.startswith("SO5") else (PARTY[0], PARTY[2]) if name == "Relevance" else ()
        sheet = table.assign(**dict.fromkeys(asked))
        sheet = sheet.set_axis([heading_words(str(heading), language) for heading in sheet.columns], axis=1)
        answers = {heading_words(one, language): decisions if one == PARTY[0] else () for one in asked}
        title, said = sheet_words(name, language)
        put_table(book, title, sheet, said=said, choices=answers)
    return write_whole(path, book_bytes(book))


class _Known:
    """What the registry knows of projects and organisations, by name."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], country: str, language: str) -> None:
        self.country, self.language = country, language
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

    def rule(self, name: str) -> str:
        return so5_words(f"rule.{slug(name)}", self.language)

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
            "Type of support": group["support"].iloc[0] or None, "Relevant by": known.rule(group["rule"].iloc[0]),
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


def _totals(placed: pd.DataFrame, language: str) -> pd.DataFrame:
    not_said = phrase("accelerator.ladder.instrument.not_said", language)
    held = placed[placed["place"].str.startswith("SO5")]
    rows = []
    for _, group in held.groupby(["place", "year", "instrument"], sort=True):
        place, year, instrument = (group[name].iloc[0] for name in ("place", "year", "instrument"))
        known = group[group["usd_minor"].notna()]
        usd = float(from_minor(int(known["usd_minor"].sum()), "USD")) if len(known) else None
        rows.append((place, int(year), instrument or not_said, usd, len(group), len(group) - len(known)))
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
    found = relevance(tables, known.language)
    found = found[found["project"].isin(set(placed["project"]))].sort_values(
        "relevant", ascending=False, kind="stable", ignore_index=True
    )
    payments = placed.groupby("project").size()
    return pd.DataFrame({
        "Project": found["project"], "Title": [known.titles.get(project) or project for project in found["project"]],
        "Relevant": [so5_words(f"answer.{'yes' if one else 'no'}", known.language) for one in found["relevant"]],
        "Rule": [known.rule(name) for name in found["rule"]],
        "Type of support": [one or None for one in found["support"]], "Why": found["why"],
        "Payments": [int(payments[project]) for project in found["project"]],
    }, dtype="object")  # fmt: skip


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
        place = so5_words(f"place.{slug(row['place'])}", known.language)
        rows.append((place, row["year"], row["provider"] or None, known.titles.get(row["project"]) or row["project"],
                     _told(int(row["amount_minor"]), row["currency"]), row["transaction"], row["why"]))  # fmt: skip
    columns = ["Place", "Year", "Provider", "Title", "Amount as told", "Row of the registry", "Why"]
    return pd.DataFrame(rows, columns=columns, dtype="object")
