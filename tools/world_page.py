# SPDX-License-Identifier: Apache-2.0
"""The page that lists what is known of each country and area: how its run ended, its area twice, and what is absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from tools.build_atlas import ATLAS, read_table

APART = 2.0  # per cent; where the polygons' area differs by more from the official one, both are told
ABSENT = {
    "no_population": "people by region",
    "lacking.net_migration": "net migration",
    "lacking.idps_idmc": "people displaced inside",
    "lacking.agriculture_share": "share of agriculture",
    "lacking.youth_unemployment": "youth unemployment",
    "risk_no_index": "risk of some regions",
}
HEAD = """# The world

Every country and area of the embedded atlas was run in one process, without a brief, with a made budget of 10 million US
dollars a year (`make world`, tool `tools/run_world.py`; {finished} finished, {refused} refused, {minutes:.0f} minutes for all,
on two shared cores). Each either finishes or is refused with a reason (exit 3): what is smaller than a cell of 5 km needs
regions and layers of your own. Where a figure is absent, its step says so and the others go on. Names and lines imply no
opinion on status; notes on status stand below the table.

- **Party**: to the United Nations Convention to Combat Desertification; annex: its regional implementation annexes. By
  recollection, unverified: look at unccd.int before you cite it.
- **Area**: of the polygons (Natural Earth 1:10 million, on the ellipsoid), and the total that the World Factbook publishes, in
  km2. Where they differ by over {apart:g} per cent the difference is printed in bold, and a run says both.
- **Absent**: what the embedded tables lack for the country. "plan": no measure of the library fits any of its land.
- Land, people of the country and evidence stand for all that finished, the plan and its worth for those without "plan" among
  what is absent, the risk index where people can be placed. Figures of wages, costs and yields are those of the library,
  each with the place it was seen in: outside the countries of the shipped studies they are examples from elsewhere.

| ISO | Name | Party | Regions | End | Seconds | Area | Official | % | Absent |
|---|---|---|---|---|---|---|---|---|---|
"""


def write_page(path: Path, found: Sequence[Mapping[str, Any]], areas: pd.DataFrame) -> None:
    """Write the page from what `tools.run_world.run_one` said of each country."""
    ends = [one["end"] for one in found]
    minutes = sum(float(one["seconds"]) for one in found) / 60
    text = HEAD.format(finished=ends.count("finished"), refused=ends.count("refused"), minutes=minutes, apart=APART)
    known = {row["iso3"]: row for row in read_table(ATLAS / "countries.csv")}
    text += "".join(_row(one, known[one["iso3"]], areas.loc[one["iso3"]]) for one in found)
    text += "\n## Notes on status\n\n"
    text += "".join(f"- {row['iso3']}, {row['name_en']}: {row['note']}\n" for row in known.values() if row["note"])
    text += (
        "\nBorders that are undetermined in whole are dashed on maps: [the atlas](atlas.md#borders-names-codes). The package marks no\n"
        "parts of lines as disputed.\n"
    )
    path.write_text(text, encoding="utf-8")


def _row(one: Mapping[str, Any], country: Mapping[str, str], area: pd.Series[Any]) -> str:
    party = f"yes {country['annex']}".strip() if country["party"] == "yes" else "no"
    official = area["total"]
    off = 100 * (area["drawn"] / official - 1) if pd.notna(official) and official else float("nan")
    told = "" if pd.isna(off) else f"**{off:+.1f}**" if abs(off) > APART else f"{off:+.1f}"
    absent = [words for name, words in ABSENT.items() if name in one["warnings"]]
    if one["end"] == "finished" and not one["plan"]:
        absent.append("plan")
    reason = one["end"] if one["end"] == "finished" else f"{one['end']}: {str(one['reason']).partition(':')[0]}"
    cells = [
        one["iso3"], country["name_en"], party, f"{area['regions']:.0f}", reason, f"{one['seconds']:.0f}",
        _km2(area["drawn"]), _km2(official), told, ", ".join(absent),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def _km2(value: float) -> str:
    return "" if pd.isna(value) else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
