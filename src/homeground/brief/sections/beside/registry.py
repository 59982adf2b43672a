# SPDX-License-Identifier: Apache-2.0
"""The page's section on the registry of a study: what was promised, paid and achieved, beside the plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.brief.facts.results import read
from homeground.brief.page.content import Section, Table
from homeground.brief.sections.tables import by_country, country_head
from homeground.language.messages import Saying, Word, phrase
from homeground.language.wording import named, unit_name
from homeground.numbers.fact import Amount
from homeground.running.tables import REGISTRY_COSTS, REGISTRY_LADDER, REGISTRY_LAND

if TYPE_CHECKING:
    import pandas as pd

STEPS = ("pledged", "programmed", "committed", "disbursed", "spent")
MILLION = 1e6


def section(results: Path, code: str) -> tuple[Section, ...]:
    """Money by country and step, hectares planned beside reported, cost per hectare; nothing without a registry."""
    money, land, costs = (read(results, name) for name in (REGISTRY_LADDER, REGISTRY_LAND, REGISTRY_COSTS))
    tables = [
        *([] if money is None else [_money(money, code)]),
        *([] if land is None or land["reported_ha"].isna().all() else [_land(land, code)]),
        *([] if costs is None else [_costs(costs, code)]),
    ]
    if not tables:
        return ()
    finding = phrase("section.registry.finding", code, what=sayings(money, land))
    return (Section("registry", phrase("section.registry.title", code), finding, tables=tuple(tables)),)


def sayings(money: pd.DataFrame | None, land: pd.DataFrame | None) -> list[Saying]:
    """What was committed and disbursed in dollars, and which land was reported as restored, each where it is told.

    Parameters
    ----------
    money, land : DataFrame or None
        ``registry_ladder.parquet`` and ``registry_land.parquet``.

    Returns
    -------
    list of Saying
    """
    said = []
    for step in ("committed", "disbursed"):
        found = None if money is None else money[(money["money_step"] == step) & (money["currency"] == "USD")]
        if found is not None and len(found):
            amount = Amount(float(found["amount"].sum()), "USD", kind="published")
            kinds = sorted({str(kind) or "not_said" for kind in found["instrument"]})
            words: dict[str, Word] = {
                "money": amount,
                "kinds": [Saying(f"accelerator.ladder.instrument.{kind}") for kind in kinds],
            }
            said.append(Saying(f"section.registry.{step}", words))
    restored = None if land is None else land[land["quantity"] == "restored"]
    if restored is not None and restored["reported_ha"].notna().any():
        reported = Amount(float(restored["reported_ha"].sum()), "ha", kind="published")
        said.append(Saying("section.registry.restored", {"land": reported}))
    return said or [Saying("section.registry.nothing")]


def _heads(names: tuple[str, ...], code: str) -> dict[str, str]:
    return {name: phrase(f"column.registry.{name}", code) for name in names}


def _instrument(kind: str, code: str) -> str:
    return phrase(f"accelerator.ladder.instrument.{kind or 'not_said'}", code)


def _money(money: pd.DataFrame, code: str) -> Table:
    keys = ["iso3", "instrument", "currency"]
    wide = (
        money.assign(amount=money["amount"] / MILLION)
        .pivot_table(index=keys, columns="money_step", values="amount", aggfunc="sum")
        .reindex(columns=list(STEPS))
        .reset_index()
        .rename_axis(columns=None)
    )
    frame = by_country(wide, code)
    frame["country"] = frame["country"].where(frame["country"] != "", phrase("accelerator.ladder.unallocated", code))
    frame["instrument"] = [_instrument(str(kind), code) for kind in frame["instrument"]]
    heads = country_head(code) | _heads(("instrument", "currency"), code)
    heads |= {step: phrase(f"accelerator.ladder.step.{step}", code) for step in STEPS}
    return Table(phrase("section.registry.money", code), frame, heads, {}, phrase("section.registry.money_note", code))


def _land(land: pd.DataFrame, code: str) -> Table:
    told = land[land["reported_ha"].notna()]
    frame = by_country(told, code)
    frame["measure"] = [named("measure", name, code) if name else phrase("section.registry.no_practice", code)
                        for name in frame["measure"]]  # fmt: skip
    frame["quantity"] = [
        phrase(f"section.registry.{str(name).replace(' ', '_')}_land", code) for name in frame["quantity"]
    ]
    heads = country_head(code) | _heads(("measure", "quantity", "planned_ha", "reported_ha", "share"), code)
    units = {"planned_ha": unit_name("ha", code), "reported_ha": unit_name("ha", code), "share": "%"}
    silent = int((land["reported_ha"].isna()).sum())
    note = phrase("section.registry.land_note", code, n=silent)
    return Table(phrase("section.registry.land", code), frame, heads, units, note)


def _costs(costs: pd.DataFrame, code: str) -> Table:
    frame = costs.rename(columns={"mid": "option", "low": "option_low", "high": "option_high"}).reset_index(drop=True)
    frame["practice"] = [named("measure", name, code) if isinstance(name, str) else "" for name in frame["practice"]]
    frame["quantity"] = [
        phrase(f"section.registry.{str(name).replace(' ', '_')}_land", code) for name in frame["quantity"]
    ]
    heads = _heads(("project", "quantity", "practice", "usd_per_ha", "option"), code)
    units = dict.fromkeys(("usd_per_ha", "option"), unit_name("USD/ha", code))
    return Table(
        phrase("section.registry.costs", code), frame, heads, units, phrase("section.registry.costs_note", code)
    )
