# SPDX-License-Identifier: Apache-2.0
"""What the page says beyond the plan: what holds it back, how it spreads, and what other budgets and ceilings reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.drawing.lines import lines_chart
from homeground.brief.page.content import Figure, Table
from homeground.catalogue.given import given_table
from homeground.language.figures import write_number
from homeground.language.messages import Saying, Word, phrase
from homeground.language.wording import named, unit_name
from homeground.measures.planning.objective import AMOUNTS, OBJECTIVES
from homeground.numbers.fact import Amount
from homeground.running.tables import PLAN_FRONTIER

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.model import Study

MILLION, GAIN_YEARS = 1e6, 20
MANY_HA = 1e6
TO_CARBON = 12 / 44


def sayings(facts: dict[str, Any], prices: pd.DataFrame, code: str) -> list[Saying]:
    """What holds the plan back, what its gain is when it is drawn again, and which prices are withheld.

    Parameters
    ----------
    facts : dict
        ``plan.json``.
    prices : DataFrame
        ``plan_prices.parquet``.
    code : str
        Language.
    """
    binds = facts["binding"]
    counts = {"land": binds["land"], "adoption": binds["adoption"], "money": binds["money_or_rules"]}
    said = [Saying("section.measures.binding", {**counts, "none": binds["nothing_fits"], "all": sum(binds.values())})]
    if not counts["land"] + counts["adoption"]:
        said = [Saying("section.measures.binding_money", {"all": counts["money"]})]
    drawn = facts["drawn"]
    if "p05" in drawn:
        unit = AMOUNTS.get(facts["objective_unit"], "1")
        ends = {name: Amount(drawn[end], unit, kind="modelled") for name, end in (("low", "p05"), ("high", "p95"))}
        weighted = "_weighted" if facts["objective_unit"] == OBJECTIVES["restored"] else ""
        said.append(Saying(f"section.measures.drawn{weighted}", {"n": round(drawn["draws"] - drawn["none"]), **ends}))
    silent = [named("rule", rule, code) for rule in dict.fromkeys(prices.loc[prices["withheld"] != "", "rule"])]
    if silent:
        said.append(Saying("section.measures.withheld", {"rules": silent}))
    return said


def frontier_of(results: Path) -> pd.DataFrame:
    """Plans at other budgets and ceilings; empty where there are none."""
    import pandas as pd

    return pd.read_parquet(results / PLAN_FRONTIER)


def frontier_table(frontier: pd.DataFrame, code: str) -> Table:
    """Budget, land, cost, work and carbon of each plan."""
    frame = frontier.dropna(subset=["hectares"])
    # All stand in plan_frontier.parquet and in the chart: of other ceilings the plan's own budget is enough here.
    frame = frame[(frame["land_ceiling"] == frame["land_ceiling"].min()) | (frame["budget_factor"] == 1)].copy()
    frame["land_ceiling"] *= 100
    frame["budget"] = frame["budget_usd_per_year"] / MILLION
    frame["cost_usd"] /= MILLION
    frame["days"] = frame["person_days"] / MILLION
    frame["carbon"] = frame["carbon_t_co2e_per_year"] / MILLION
    land, unit = (MANY_HA, "million ha") if frame["hectares"].max() >= MANY_HA else (1e3, "thousand ha")
    frame["restored"] = frame["restored_hectares"] / land
    frame["hectares"] /= land
    names = ("land_ceiling", "budget", "hectares", "restored", "cost_usd", "days", "carbon")
    heads = {name: phrase(f"column.measures.{name}", code) for name in names}
    units = {
        "land_ceiling": "%", "budget": unit_name("million USD", code), "hectares": unit_name(unit, code),
        "restored": unit_name(unit, code),
        "cost_usd": unit_name("million USD", code), "days": unit_name("million person-days", code),
        "carbon": unit_name("million t CO2e/year", code),
    }  # fmt: skip
    note = phrase("section.measures.frontier_note", code)
    return Table(
        phrase("section.measures.frontier", code), frame.reset_index(drop=True)[list(names)], heads, units, note
    )


def frontier_chart(frontier: pd.DataFrame, facts: dict[str, Any], code: str) -> tuple[Figure, ...]:
    """Land by budget, a line for each land ceiling."""
    frame = frontier.dropna(subset=["hectares"])
    if frame.empty:
        return ()
    title = phrase("section.measures.frontier", code)
    land, unit = (MANY_HA, "million ha") if frame["hectares"].max() >= MANY_HA else (1e3, "thousand ha")
    ceilings = sorted(frame["land_ceiling"].unique())
    names = {c: f"{phrase('column.measures.land_ceiling', code)} {write_number(100 * c, 0, code)} %" for c in ceilings}
    svg = lines_chart(
        frame.assign(budget=frame["budget_usd_per_year"] / MILLION, land=frame["hectares"] / land),
        group="land_ceiling", x="budget", y="land", names=names, x_unit=unit_name("million USD", code),
        y_unit=unit_name(unit, code), mark=float(facts["budget_per_year"]) / MILLION, language=code, describe=title,
    )  # fmt: skip
    years = "–".join(dict.fromkeys(str(year) for year in facts["years"]))
    source, licence = (phrase(f"section.finance.return_{what}", code) for what in ("source", "licence"))
    note = phrase("section.measures.frontier_note", code)
    return (Figure(svg, title, note, years, source, "modelled", licence),)


def reach(study: Study, frontier: pd.DataFrame, facts: dict[str, Any]) -> list[Saying]:
    """How far the plan goes towards what was promised, and what it would take; nothing where nothing was.

    Parameters
    ----------
    study : Study
        Its goals are read: land restored in Mha, carbon sequestered in Mt, green jobs in millions.
    frontier : DataFrame
    facts : dict
        ``plan.json``.
    """
    goals = given_table(study, "data.goals")
    if goals is None or frontier.empty:
        return []
    asked = {str(row["indicator"]): float(row["value"]) for row in goals.to_dict("records")}
    at = frontier[(frontier["budget_factor"] == 1) & (frontier["land_ceiling"] == facts["land_ceiling"])]
    if at.empty or at["hectares"].isna().all():
        return []
    plan, what = at.iloc[0], []
    if "land restored" in asked:
        target = asked["land restored"] * MILLION
        words = {
            "found": Amount(float(plan["restored_hectares"]), "ha", kind="modelled"),
            "target": Amount(target, "ha"),
        }
        what.append(Saying("section.measures.reach_land", {**words, "needs": _needs(frontier, target)}))
    if "carbon sequestered" in asked:
        tonnes = float(plan["carbon_t_co2e_per_year"]) * GAIN_YEARS
        gas, carbon = Amount(tonnes, "t CO2e", kind="modelled"), Amount(tonnes * TO_CARBON, "t C", kind="modelled")
        told: dict[str, Word] = {
            "years": GAIN_YEARS,
            "gas": gas,
            "carbon": carbon,
            "target": Amount(asked["carbon sequestered"] * MILLION, "t"),
        }
        what.append(Saying("section.measures.reach_carbon", told))
    if "green jobs" in asked:
        days = Amount(float(plan["person_days"]), "person-days", kind="modelled")
        what.append(
            Saying("section.measures.reach_work", {"found": days, "target": round(asked["green jobs"] * MILLION)})
        )
    return [Saying("section.measures.reach", {"what": what})] if what else []


def _needs(frontier: pd.DataFrame, target: float) -> Saying:
    enough = frontier[frontier["restored_hectares"] >= target].sort_values(["budget_usd_per_year", "land_ceiling"])
    if enough.empty:
        return Saying(
            "section.measures.reach_none",
            {"most": Amount(float(frontier["restored_hectares"].max()), "ha", kind="modelled")},
        )
    first = enough.iloc[0]
    return Saying(
        "section.measures.reach_with",
        {
            "budget": Amount(float(first["budget_usd_per_year"]), "USD"),
            "ceiling": Amount(100 * float(first["land_ceiling"]), "%"),
        },
    )


def money_range(prices: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Ends of what rules cost in money over the draws, where they hold the value; a plan at middle numbers may lie outside.

    Parameters
    ----------
    prices : DataFrame
        ``plan_prices.parquet``.

    Returns
    -------
    (Series, Series)
        USD; NaN where there is no range to tell.
    """
    low, high = prices["money_lost_p05"], prices["money_lost_p95"]
    holds = (low <= prices["money_lost"]) & (prices["money_lost"] <= high)
    return low.where(holds), high.where(holds)
