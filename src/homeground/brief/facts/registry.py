# SPDX-License-Identifier: Apache-2.0
"""What is stated of the registry that a study names: money in US dollars, and land reported as restored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.results import read
from homeground.numbers.fact import Fact
from homeground.running.tables import REGISTRY_LADDER, REGISTRY_LAND

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.model import Study


def registry_facts(results: Path, _: Study) -> Iterator[Fact]:
    what: dict[str, Any] = {"source": "source.registry", "kind": "published", "no_interval": "why.told"}
    money, land = read(results, REGISTRY_LADDER), read(results, REGISTRY_LAND)
    for step in ("committed", "disbursed"):
        found = None if money is None else money[(money["money_step"] == step) & (money["currency"] == "USD")]
        if found is not None and len(found):
            yield Fact(f"registry_{step}", float(found["amount"].sum()), "USD", period=_years(found), **what)
    restored = None if land is None else land[(land["quantity"] == "restored") & land["reported_ha"].notna()]
    if restored is not None and len(restored):
        yield Fact("registry_restored", float(restored["reported_ha"].sum()), "ha", period=_years(restored), **what)


def _years(rows: pd.DataFrame) -> str:
    return "–".join(dict.fromkeys(str(year) for year in (rows["first_year"].min(), rows["last_year"].max())))
