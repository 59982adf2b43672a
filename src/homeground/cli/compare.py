# SPDX-License-Identifier: Apache-2.0
"""Two scenarios side by side in the terminal, and as a workbook and a page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from homeground.brief.comparison.write import Side, write_comparison
from homeground.catalogue.columns import columns
from homeground.chain.comparison import ALL, Comparison, compare
from homeground.chain.folders import REGION_STAGES, results_folder
from homeground.chain.status import outdated
from homeground.cli.answer import number, numbers, spans, unit, word
from homeground.cli.console import json_text
from homeground.language.layout import blocks, clip, fill
from homeground.language.messages import phrase, tell
from homeground.study.model import Study

MOST = 10  # regions by name; the workbook has all
PART = {"measures": "plan"}  # what a stage is called as a part of the answer
LEAST = 1e-9  # relative; what differs by less is the same


def show_comparison(a: Study, b: Study, *, root: Path, to: Path | None, as_json: bool) -> None:
    """Print what changed between two scenarios and by which setting, and write it as a workbook and a page."""
    code = "en" if as_json else a.language
    found = compare(a, b, root)
    for one in (a, b):
        for stage in REGION_STAGES:
            if said := outdated(one, stage, root):
                print(fill(f"{one.scenario_name}: {tell([said], code)}"), file=sys.stderr)
                break
    sides = _sides(found, code)
    if as_json:
        print(json_text([{"title": side.title, "said": side.said, **_plain(side)} for side in sides]))
    else:
        for side in sides:
            print("\n" + fill(side.title))
            if side.said:
                print(fill(side.said))
            if len(side.table):
                heads = [[str(head)] for head in side.table.columns[1:]]
                cells = [list(map(str, side.table[head])) for head in side.table.columns[1:]]
                places = [clip(str(name), 34) for name in side.table.iloc[:, 0]]
                print("\n".join(blocks(places, list(zip(heads, cells, strict=True)))))
    if as_json and to is None:
        return
    folder = to or results_folder(a, root).parent / "compare"
    title = phrase("compare.title", code, study=a.title, a=found.names[0], b=found.names[1])
    for path in write_comparison(folder, f"compare-{found.names[0]}-{found.names[1]}", title, sides, code):
        if not as_json:
            print(phrase("terminal.plots.wrote", code, file=str(path)))


def _plain(side: Side) -> dict[str, object]:
    return {"rows": json.loads(side.values.to_json(orient="records"))}


def _sides(found: Comparison, code: str) -> list[Side]:
    """Settings, then what changed in each part and by which of them."""
    apart = pd.DataFrame([vars(one) for one in found.apart], columns=["key", "a", "b"])
    heads = [phrase("compare.setting", code), *found.names]
    none = phrase("compare.no_settings", code) if apart.empty else ""
    sides = [Side(phrase("compare.settings", code), none, apart.set_axis(heads, axis=1), apart)]
    if found.missing:
        said = phrase("compare.missing", code, countries=list(found.missing))
        sides.append(Side(phrase("compare.countries", code), said, pd.DataFrame(), pd.DataFrame()))
    for stage in REGION_STAGES:
        sides.append(_of_stage(found, stage, code))
        if stage == "measures" and len(found.measures):
            sides.append(_measures(found, code))
    return sides


def _of_stage(found: Comparison, stage: str, code: str) -> Side:
    """What changed in one part, of the whole study where it can be summed, and by which settings."""
    title, reach = phrase(f"part.{PART.get(stage, stage)}", code), list(found.reach[stage])
    by = phrase("compare.by", code, settings=reach) if reach else phrase("compare.by_nothing", code)
    rows = found.rows[found.rows["stage"] == stage]
    least = LEAST * rows[["a", "b"]].abs().max(axis=1)
    moved = rows[(rows["a"].isna() != rows["b"].isna()) | (rows["change"].abs() > least)]
    if stage == "risk" and len(regions := _moved_regions(found)):
        said = f"{phrase('compare.regions', code, n=len(regions))} {by}"
        return Side(title, said, _of_regions(regions.head(MOST), found, code), found.regions)
    if moved.empty:
        same = phrase("compare.same", code, settings=reach) if reach else phrase("compare.same_no_reason", code)
        return Side(title, same, pd.DataFrame(), rows)
    whole = moved[moved["place"] == ALL]
    return Side(title, by, _printed(whole if len(whole) else moved, found, code), rows)


def _moved_regions(found: Comparison) -> pd.DataFrame:
    """Regions whose rank or class is another."""
    if "risk_rank_a" not in found.regions:
        return found.regions.head(0)
    before, after = (
        found.regions[[f"risk_rank_{end}", f"risk_class_{end}"]].astype("float64").fillna(-1.0).to_numpy()
        for end in "ab"
    )
    moved: pd.DataFrame = found.regions[(before != after).any(axis=1)]
    return moved


def _of_regions(regions: pd.DataFrame, found: Comparison, code: str) -> pd.DataFrame:
    columns_ = {
        f"{phrase(f'compare.{what}', code)}: {which}": numbers(regions[f"risk_{what}_{end}"], 0, code)
        for what in ("rank", "class")
        for which, end in zip(found.names, "ab", strict=True)
    }
    return pd.DataFrame({phrase("compare.region", code): regions["iso3"] + " " + regions["name"], **columns_})


def _measures(found: Comparison, code: str) -> Side:
    """Hectares and cost of each measure in both plans."""
    table = found.measures
    shown = {phrase("compare.measure", code): [word("measure", name, code) for name in table["measure"]]}
    for column, by, name, decimals in (("hectares", 1.0, "ha", 0), ("cost_usd", 1e6, "million USD", 1)):
        for which, end in zip(found.names, "ab", strict=True):
            shown[f"{which} ({unit(name, code)})"] = numbers(table[f"{column}_{end}"] / by, decimals, code)
    return Side(phrase("compare.measures", code), "", pd.DataFrame(shown), table)


def _printed(rows: pd.DataFrame, found: Comparison, code: str) -> pd.DataFrame:
    """Rows as they are read: what, in which unit, how much in either with its ends, and the change."""
    a, b = found.names
    titles = {c.column: c for stage in REGION_STAGES for c in columns(stage)}
    span, none = phrase("terminal.low_to_high", code), phrase("terminal.no_data", code)
    lines = []
    for row in rows.to_dict("records"):
        column, name = str(row["column"]), str(row["unit"])
        title = titles[column].told("title", code) if column in titles else phrase(f"compare.{column}", code)
        by = 1e6 if name == "USD" else 1.0
        a_value, b_value, change = (
            number(float(row[key]) / by, int(row["decimals"]), code) for key in ("a", "b", "change")
        )
        ends = [
            "" if spanned == none else spanned
            for which in ("a", "b")
            for spanned in spans([row[f"{which}_low"] / by], [row[f"{which}_high"] / by], int(row["decimals"]), code)
        ]
        place = "" if row["place"] == ALL else f"{row['place']} "
        shown = unit("million USD" if by > 1 else name, code) if name != "1" else ""
        lines.append((place + title, shown, a_value, b_value, change, *ends))
    heads = [phrase(f"compare.{key}", code) for key in ("what", "unit")]
    table = pd.DataFrame(lines, columns=[*heads, a, b, phrase("compare.change", code), f"{a} {span}", f"{b} {span}"])
    return table.loc[:, [column for column in table if (table[column] != "").any()]]
