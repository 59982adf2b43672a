# SPDX-License-Identifier: Apache-2.0
"""The page's section on finance: what comes back, who pays, and, apart, households' own money."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.drawing.charts import interval_dots
from homeground.brief.page.content import Figure, Section, Table
from homeground.brief.sections.tables import country_names
from homeground.numbers.units import counted
from homeground.running.tables import FINANCE_APPRAISAL, FINANCE_HOUSEHOLD, FINANCE_PUBLISHED, FINANCE_SOURCES

if TYPE_CHECKING:
    import pandas as pd

VIEWS = {"financial": "Land users: market money only", "economic": "Economy: plus a shadow price of carbon"}


def section(results: Path, finding: str) -> Section:
    """Worth at several rates in both views, sources of money, and private household money apart from them."""
    import pandas as pd

    title = "Finance: what comes back, and who pays?"
    appraisal = pd.read_parquet(results / FINANCE_APPRAISAL)
    household = _household(pd.read_parquet(results / FINANCE_HOUSEHOLD))
    if appraisal.empty:
        return Section("finance", title, finding, tables=household)
    plan = appraisal[appraisal["scope"] == "plan"]
    return Section(
        "finance",
        title,
        finding,
        body=(
            "The financial view counts what land users pay and earn at market prices. The economic view adds a shadow "
            "price of carbon, which nobody pays out. The two are never added.",
            "Ranges hold nine of ten draws over costs, yields, prices and delays. Yields and prices are expert "
            "defaults, unverified: give your own in values.csv beside the study.",
            "Remittances and diaspora funds are households' own money. They stand apart from public, climate and "
            "private finance and count for land only where committed by contract or consent.",
        ),
        charts=_charts(plan),
        tables=(_rates(plan), _sources(results), *_published(results), *household),
    )


def _charts(plan: pd.DataFrame) -> tuple[Figure, ...]:
    """What a dollar brings back; no chart where no benefit of the plan could be valued."""
    rows = plan[plan["view"] == "financial"].dropna(subset=["bcr_p50"])
    if rows.empty:
        return ()
    frame = rows.assign(label=[f"{100 * rate:g} %" for rate in rows["rate"]])
    svg = interval_dots(
        frame, label="label", value="bcr_p50", low="bcr_p05", high="bcr_p95", unit="USD per USD", decimals=2
    )
    figure = Figure(
        svg,
        "Farm benefit for each dollar, by discount rate",
        "Valued farm benefits over the cost of the plan, land users' view; below 1 the costs are not met.",
        f"{int(plan['horizon'].iloc[0])} years",
        "cash flow of the plan (cashflow.parquet)",
        "modelled",
        "by row of options.csv and values.csv",
        note="Benefits that could not be valued are absent, not zero.",
    )
    return (figure,)


def _rates(plan: pd.DataFrame) -> Table:
    import pandas as pd

    million = 1e6
    frame = pd.DataFrame(
        {
            "View": plan["view"].map(VIEWS),
            "Rate": [f"{100 * rate:g} %" for rate in plan["rate"]],
            "Worth": (plan["npv_usd"] / million).round(1),
            "Worth_low": (plan["npv_usd_p05"] / million).round(1),
            "Worth_high": (plan["npv_usd_p95"] / million).round(1),
            "Benefit per cost": plan["bcr_p50"].round(2),
            "Benefit per cost_low": plan["bcr_p05"].round(2),
            "Benefit per cost_high": plan["bcr_p95"].round(2),
            "Internal rate": [_rate(rate, why) for rate, why in zip(plan["irr"], plan["irr_reason"], strict=True)],
            "Pays back after": [_years(years) for years in plan["payback_years"]],
        }
    )
    note = (
        f"Prices of {int(plan['price_year'].iloc[0])}. Worth is the net present value at middle values, with nine of ten draws; "
        "all internal rates stand in finance_appraisal.parquet."
    )
    return Table("Worth of the plan in two views", frame.reset_index(drop=True), {"Worth": "million USD"}, note)


def _rate(rate: float, why: str) -> str:
    return f"{100 * rate:.1f} %" if rate == rate else str(why or "none")  # noqa: PLR0124 (NaN is not itself)


def _years(years: float) -> str:
    return counted(round(years), "year", "years") if years == years else "not within the horizon"  # noqa: PLR0124


def _sources(results: Path) -> Table:
    import pandas as pd

    rows = pd.read_parquet(results / FINANCE_SOURCES)
    frame = rows[["class", "who", "status", "counted", "amount", "currency", "source"]].rename(columns=str.capitalize)
    frame = frame.replace("not_committed", "not committed")
    frame["Amount"] = (rows["amount"] / 1e6).round(1)
    frame["Counted"] = rows["counted"].map({True: "yes", False: "no"})
    note = "Pledges overlap and are listed, never counted. Commitments come from sources.csv beside the study."
    return Table("Who pays: public, climate funds, private", frame, {"Amount": "million"}, note)


def _published(results: Path) -> tuple[Table, ...]:
    import pandas as pd

    rows = pd.read_parquet(results / FINANCE_PUBLISHED)
    if rows.empty:
        return ()
    frame = rows[["place", "indicator", "value", "low", "high", "unit", "source"]].rename(columns=str.capitalize)
    frame = frame.rename(columns={"Low": "Value_low", "High": "Value_high"})
    frame["Indicator"] = frame["Indicator"].str.replace("_", " ")
    return (Table("Published beside it, never mixed in", frame, {}, "Other methods, areas and years."),)


def _household(rows: pd.DataFrame) -> tuple[Table, ...]:
    """The latest figure of each definition; what is committed stands in one sentence, for it is mostly nothing."""
    if rows.empty:
        return ()
    import pandas as pd

    received = rows[rows["what"] != "committed"].sort_values("year")
    latest = received.drop_duplicates(["iso3", "what", "definition"], keep="last").sort_values(["iso3", "what"])
    frame = pd.DataFrame(
        {
            "Country": latest["iso3"].map(country_names("en")),
            "Year": latest["year"],
            "Received": [f"{v:,.1f} {unit}" for v, unit in zip(latest["value"], latest["unit"], strict=True)],
            "Definition or remark of the source": latest["definition"],
            "Source": latest["source"],
        }
    )
    committed = rows.loc[rows["what"] == "committed", "value"].sum()
    note = (
        "Latest figure of each definition; definitions differ by up to several points of GDP, so both are kept. No interval "
        f"is published. Committed to land by contract or consent: {committed:,.0f}; it is zero unless the study names it."
    )
    return (Table("Private household money, apart", frame.reset_index(drop=True), {}, note),)
