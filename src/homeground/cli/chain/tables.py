# SPDX-License-Identifier: Apache-2.0
"""Value chains in the terminal: what remains, prices and shares stage by stage, what is absent, what equipment must earn."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from homeground.catalogue.atlas import country_names
from homeground.chain.commands import command
from homeground.chain.folders import results_folder
from homeground.cli.answer import number, numbers, spans, word
from homeground.cli.console import json_text
from homeground.cli.tables import say_outdated
from homeground.errors import DataError
from homeground.language.figures import listed
from homeground.language.layout import blocks, clip, fill, heading
from homeground.language.messages import phrase, write_range
from homeground.measures.rates.records import UNVERIFIED
from homeground.running.tables import RURAL_INDUSTRY, VALUE_CHAIN
from homeground.study.model import Study

WHOLE = "whole chain"  # stage that stands for all
DIGITS = {"remaining": 3, "share_of_final_price": 2}
Columns = list[tuple[list[str], list[str]]]


def show_chain(study: Study, *, root: Path, as_json: bool) -> None:
    """Print the chains of a study's countries, and what dryers and stores must earn a year to pay."""
    results, code = results_folder(study, root), study.language
    if not (results / VALUE_CHAIN).is_file():
        raise DataError(f"{study.id} has no value chain in {results}. Run first: {command('run', study, root=root)}")
    table, industry = pd.read_parquet(results / VALUE_CHAIN), pd.read_parquet(results / RURAL_INDUSTRY)
    say_outdated(study, "finance", root, as_json=as_json)
    if as_json:
        told = {"chains": table, "rural_industry": industry}
        print(json_text({name: json.loads(one.to_json(orient="records")) for name, one in told.items()}, indent=1))
        return
    if table.empty:
        print(fill(phrase("terminal.chain.none", code)) + "\n")
    for (name, iso3), one in table.groupby(["chain", "iso3"], sort=False) if len(table) else []:
        _chain(str(name), str(iso3), one, code)
    _industry(industry, code)


def _chain(name: str, iso3: str, rows: pd.DataFrame, code: str) -> None:
    print(
        fill(
            phrase(
                "terminal.chain.title",
                code,
                chain=word("terminal.chain.name", name, code),
                country=country_names(code).get(iso3, iso3),
            )
        )
        + "\n"
    )
    stages = rows[rows["stage"] != WHOLE]
    order = list(dict.fromkeys(stages["stage"]))
    columns: Columns = []
    absent = []
    for item in dict.fromkeys(stages["item"]):
        values = stages[stages["item"] == item].set_index("stage").reindex(order)
        if values["mid"].isna().all():
            absent.append(item)
            continue
        digits = DIGITS.get(item, 0)
        columns.append((heading(phrase(f"terminal.chain.item.{item}", code)), numbers(values["mid"], digits, code)))
        columns.append(([phrase("terminal.low_to_high", code)], spans(values["low"], values["high"], digits, code)))
    names = [clip(word("terminal.chain.stage", stage, code), 40) for stage in order]
    print("\n".join(blocks(names, columns, ends=phrase("terminal.low_to_high", code))))
    whole = rows[(rows["stage"] == WHOLE) & rows["mid"].notna()].set_index("item")
    for item in map(str, whole.index):
        digits = 0 if item == "final_price" else 3
        low, mid, high = (float(whole[end].loc[item]) for end in ("low", "mid", "high"))
        words = {"n": number(mid, digits, code), "range": write_range(low, high, digits, code)}
        print(fill(phrase(f"terminal.chain.whole.{item}", code, **words), first="  - ", rest="    "))
    graded = rows[rows["quality"].notna() & (rows["source"] != "by definition")].drop_duplicates(["source", "quality"])
    told = [f"{source} ({int(grade)})" for source, grade in zip(graded["source"], graded["quality"], strict=True)]
    print("\n" + fill(phrase("terminal.chain.sources", code, sources=told, best=1, worst=UNVERIFIED)))
    if absent:
        items = listed([phrase(f"terminal.chain.item.{item}", code) for item in absent], code)
        print("\n" + fill(phrase("terminal.chain.absent", code, items=items)))
    print()


def _industry(table: pd.DataFrame, code: str) -> None:
    print(fill(phrase("terminal.chain.industry", code)) + "\n")
    names = [
        f"{word('terminal.chain.equipment', str(e), code)} {i}".strip()
        for e, i in zip(table["equipment"], table["iso3"], strict=True)
    ]
    columns: Columns = [
        (heading(phrase(f"terminal.chain.{name}", code)), numbers(table[column], 0, code))
        for name, column in (("capital", "capital"), ("upkeep", "upkeep"), ("needed", "needed_mid"))
    ]
    columns.append(([phrase("terminal.low_to_high", code)], spans(table["needed_low"], table["needed_high"], 0, code)))
    print("\n".join(blocks(names, columns, ends=phrase("terminal.low_to_high", code))))
    print(fill(phrase("terminal.chain.industry_mind", code)) + "\n")
