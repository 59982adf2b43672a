# SPDX-License-Identifier: Apache-2.0
"""Sentences on work, rights and value chains; none where a step has left nothing."""

from __future__ import annotations

import json
from pathlib import Path

from homeground.catalogue.atlas import country_names
from homeground.language.messages import Saying, Word
from homeground.language.wording import named
from homeground.measures.rates.records import UNVERIFIED
from homeground.numbers.fact import Amount
from homeground.running.tables import RIGHTS_FACTS, VALUE_CHAIN, WORK_DENSITY, WORK_FACTS, WORK_REGIONS

ENDS = ("mid", "low", "high")
WHOLE = "whole chain"


def beside_plan(results: Path) -> list[Saying]:
    """Who could do the work of a plan and how it compares with published jobs, and whose land it is."""
    return [*_work(results), *_rights(results)]


def _work(results: Path) -> list[Saying]:
    import pandas as pd

    if not (results / WORK_FACTS).is_file():
        return []
    facts = json.loads((results / WORK_FACTS).read_text(encoding="utf-8"))
    regions = pd.read_parquet(results / WORK_REGIONS)
    if not facts["planned"]:
        return []
    off, low, high = (float(regions[f"person_days_off_{end}"].sum()) for end in ENDS)
    known = regions[regions["held"] != "not_known"]
    words: dict[str, Word] = {
        "days": Amount(off, "person-days", low=low, high=high, kind="modelled"),
        "n": int(known["held"].isin(["above_mid", "above_high"]).sum()),
        "whole": len(known),
    }
    said = [Saying("section.measures.labour", words)]
    density = pd.read_parquet(results / WORK_DENSITY)
    if len(density):
        own = density.iloc[0]
        mid, least, most = (float(own[f"own_{end}"]) for end in ENDS)
        years, fewest, highest = (float(regions[f"full_time_years_{end}"].sum()) for end in ENDS)
        words = {
            "days": Amount(float(facts["days_per_year"]), "1"),
            "years": Amount(years, "1", low=fewest, high=highest, kind="modelled"),
            "own": Amount(mid, "1", 3, low=least, high=most, kind="modelled"),
            "from": Amount(float(density["low"].min()), "1", 3),
            "to": Amount(float(density["high"].max()), "1", 1),
        }
        said.append(Saying("section.measures.density", words))
    return said


def _rights(results: Path) -> list[Saying]:
    if not (results / RIGHTS_FACTS).is_file():
        return []
    facts = json.loads((results / RIGHTS_FACTS).read_text(encoding="utf-8"))
    if not facts["given"]:
        return [Saying("section.measures.rights_not_known")]
    hectares = {name: Amount(float(value), "ha", kind="modelled") for name, value in facts["hectares"].items()}
    return [Saying("section.measures.rights", {**hectares})]


def beside_worth(results: Path, code: str) -> list[Saying]:
    """What remains of a tonne along each chain, and what growers are paid of the final price."""
    import pandas as pd

    if not (results / VALUE_CHAIN).is_file():
        return []
    table = pd.read_parquet(results / VALUE_CHAIN)
    if table.empty:
        return []
    names, said = country_names(code), []
    for (chain, iso3), rows in table.groupby(["chain", "iso3"], sort=False):
        known = rows[rows["absent"] == ""].set_index(["stage", "item"])
        first = rows.iloc[0]["stage"]
        keys = {"price": (first, "price"), "left": (WHOLE, "remaining"), "share": (WHOLE, "farm_gate_share")}
        if keys["price"] not in known.index:
            continue
        found = {name: [float(known[end][keys[name]]) for end in ENDS] for name in keys if keys[name] in known.index}
        price, left = found["price"], found["left"]
        words: dict[str, Word] = {
            "chain": named("terminal.chain.name", chain, code),
            "country": names.get(str(iso3), str(iso3)),
            "left": Amount(100 * left[0], "%", 1),
            "grade": int(rows["quality"].max()),
            "worst": UNVERIFIED,
            "price": Amount(price[0], "USD", low=price[1], high=price[2]),
        }
        if "share" in found:
            mid, low, high = (100 * one for one in found["share"])
            words["share"] = Amount(mid, "%", low=low, high=high)
        said.append(Saying(f"section.finance.chain{'_share' if 'share' in found else ''}", words))
    return said
