# SPDX-License-Identifier: Apache-2.0
"""What the Great Green Wall Observatory asks of projects: by its four portfolios, money by step, results that were approved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from homeground.accelerator.exports.writing import write_book
from homeground.accelerator.results.aggregate import aggregate
from homeground.accelerator.results.money.dollars import money_rows, rates_of
from homeground.accelerator.results.series import text_of
from homeground.accelerator.vocabularies.reading import portfolio_names
from homeground.language.messages import phrase
from homeground.language.wording import slug
from homeground.numbers.money import from_minor

WORDS = "form.observatory"
STEPS = {"commitment": "committed", "disbursement": "disbursed", "expenditure": "spent"}


def observatory_sheets(tables: Mapping[str, pd.DataFrame], language: str = "en") -> dict[str, tuple[pd.DataFrame, str]]:
    """The sheets of the export: portfolios, projects, finance, results.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    language : str, optional
        Of the words: en, fr or zh. What projects wrote, and notes of results, stay as they are.

    Returns
    -------
    dict of (DataFrame, str)
        By title: the table and what a reader must know of it. Portfolios are counted, their money is not added here: see
        the finance ladder, which knows what was told twice.

    Examples
    --------
    >>> from homeground.accelerator.registry.given import empty_tables
    >>> projects = pd.DataFrame({"project": ["p", "q"], "title": "Land", "portfolio": ["legacy", None]})
    >>> sheets = observatory_sheets(empty_tables() | {"projects": projects})
    >>> sheets["Portfolios"][0]["Projects"].tolist()
    [1, 0, 0, 0, 1]
    """
    projects = tables["projects"]
    portfolio = [text_of(one) for one in projects.get("portfolio", pd.Series([""] * len(projects)))]
    names = _portfolios(language)
    counts = pd.DataFrame({"Portfolio": list(names.values()), "Projects": [portfolio.count(one) for one in names]})
    results = aggregate(
        tables["actuals"], tables["indicators"], by=("project",), places=tables["places"],
        project_countries=tables["project_countries"], project_links=tables["project_links"],
    )  # fmt: skip
    shown = ["project", "indicator", "title", "unit", "quantity", "reach", "value", "start", "end", "actuals", "notes"]
    found = {
        "Portfolios": counts, "Projects": _projects(tables, language), "Finance": _finance(tables, language),
        "Results": results[shown],
    }  # fmt: skip
    return {name: (table, phrase(f"{WORDS}.said.{slug(name)}", language)) for name, table in found.items()}


def write_observatory(tables: Mapping[str, pd.DataFrame], path: Path, language: str = "en") -> Path:
    """Write the export as a workbook.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry.
    path : Path
        Of the workbook.
    language : str, optional

    Returns
    -------
    Path

    Raises
    ------
    DataError
        It cannot be written.
    """
    sheets = []
    for name, (table, said) in observatory_sheets(tables, language).items():
        heads = [phrase(f"{WORDS}.head.{slug(str(heading))}", language) for heading in table.columns]
        sheets.append((phrase(f"{WORDS}.sheet.{slug(name)}", language), table.set_axis(heads, axis=1), said))
    return write_book(path, sheets)


def _portfolios(language: str) -> dict[str, str]:
    return portfolio_names(language) | {"": phrase(f"{WORDS}.no_portfolio", language)}


def _projects(tables: Mapping[str, pd.DataFrame], language: str) -> pd.DataFrame:
    portfolios = _portfolios(language)
    countries, pillars = _listed(tables["project_countries"], "iso3"), _listed(tables["project_pillars"], "pillar")
    funders = tables["participants"]
    donors = _listed(funders[funders["role"] == "funding"], "organisation")
    rows = []
    for row in tables["projects"].to_dict("records"):
        name = str(row["project"])
        rows.append({
            "project": name, "title": text_of(row.get("title")), "portfolio": portfolios[text_of(row.get("portfolio"))],
            "status": text_of(row.get("status")) or None, "countries": countries.get(name), "pillars": pillars.get(name),
            "funding": donors.get(name), "start": row.get("start"), "end": row.get("end"),
            "source": text_of(row.get("source")) or None,
        })  # fmt: skip
    columns = ["project", "title", "portfolio", "status", "countries", "pillars", "funding", "start", "end", "source"]
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _listed(table: pd.DataFrame, column: str) -> dict[str, str]:
    """What a project is divided among, with shares where they are told."""
    found: dict[str, list[str]] = {}
    for row in table.to_dict("records"):
        share = row.get("share")
        told = "" if share is None or pd.isna(share) else f" {float(share):g} %"
        found.setdefault(str(row["project"]), []).append(f"{row[column]}{told}")
    return {name: ", ".join(sorted(parts)) for name, parts in found.items()}


def _finance(tables: Mapping[str, pd.DataFrame], language: str) -> pd.DataFrame:
    told = tables["transactions"][tables["transactions"]["kind"].isin(list(STEPS))]
    money = money_rows(told, tables["projects"], rates_of(tables["exchange_rates"]))
    rows = []
    for (project, kind, instrument, currency), group in money.groupby(
        ["project", "kind", "instrument", "currency"], sort=True
    ):
        usd = None if group["usd_minor"].isna().any() else float(from_minor(int(group["usd_minor"].sum()), "USD"))
        minor = int(group["amount_minor"].sum())
        amount = float(from_minor(minor, str(currency))) if currency else None
        step = phrase(f"accelerator.ladder.step.{STEPS[str(kind)]}", language)
        of = phrase(f"accelerator.ladder.instrument.{instrument or 'not_said'}", language)
        rows.append((project, step, of, currency or None, amount, usd, len(group)))
    columns = ["project", "step", "instrument", "currency", "amount", "USD by stated rates", "rows"]
    return pd.DataFrame(rows, columns=columns, dtype="object")
