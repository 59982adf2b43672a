# SPDX-License-Identifier: Apache-2.0
"""Rights to land in the terminal: hectares of the plan beside secure rights, and what the screening proposes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.chain.commands import command
from homeground.chain.folders import results_folder
from homeground.cli.answer import numbers, spans, word
from homeground.cli.console import json_text
from homeground.cli.tables import say_outdated
from homeground.errors import DataError
from homeground.language.figures import listed
from homeground.language.layout import blocks, fill, heading
from homeground.language.messages import phrase
from homeground.running.tables import RIGHTS, RIGHTS_FACTS
from homeground.study.model import Study

SHARES = (
    "tenure_secure", "tenure_secure_women", "tenure_secure_men", "inheritance", "youth_access", "land_use_plan",
    "pastoral_corridor", "protected_area", "conflict",
)  # fmt: skip
Columns = list[tuple[list[str], list[str]]]


def show_rights(study: Study, *, root: Path, as_json: bool) -> None:
    """Print the land of a plan beside rights to it, and the category that the screening proposes."""
    results, code = results_folder(study, root), study.language
    if not (results / RIGHTS_FACTS).is_file():
        raise DataError(f"{study.id} has no rights told in {results}. Run first: {command('run', study, root=root)}")
    facts = json.loads((results / RIGHTS_FACTS).read_text(encoding="utf-8"))
    table = pd.read_parquet(results / RIGHTS)
    say_outdated(study, "measures", root, as_json=as_json)
    if as_json:
        print(json_text({"facts": facts, "regions": json.loads(table.to_json(orient="records"))}, indent=1))
        return
    if facts["given"]:
        _regions(table, facts, code)
    else:
        print(fill(phrase("terminal.rights.none", code)) + "\n")
    _screening(facts["screening"], code)


def _regions(table: pd.DataFrame, facts: dict[str, Any], code: str) -> None:
    print(fill(phrase("terminal.rights.title", code)) + "\n")
    columns: Columns = [
        (heading(phrase("terminal.rights.hectares", code)), numbers(table["hectares"], 0, code)),
        (heading(phrase("terminal.rights.insecure_hectares", code)), numbers(table["insecure_hectares_mid"], 0, code)),
        (
            [phrase("terminal.low_to_high", code)],
            spans(table["insecure_hectares_low"], table["insecure_hectares_high"], 0, code),
        ),
        (
            heading(phrase("terminal.rights.rights", code)),
            [word("terminal.rights.is", one, code) for one in table["rights"]],
        ),
    ]
    for name in SHARES:
        if table[name].notna().any():
            columns.append((heading(phrase(f"terminal.rights.{name}", code)), numbers(table[name], 2, code)))
    print("\n".join(blocks(list(table["region_id"]), columns, ends=phrase("terminal.low_to_high", code))))
    print(fill(phrase("terminal.rights.mind", code, least=f"{100 * facts['least']:g}")) + "\n")


def _screening(found: dict[str, Any] | None, code: str) -> None:
    if found is None:
        print(fill(phrase("terminal.rights.not_screened", code, command="homeground template screening")) + "\n")
        return
    words = {name: found[name] for name in ("gcf", "secap_environment", "secap_climate")}
    words |= {
        name: word("terminal.rights.category", found[name], code) for name in ("secap_environment", "secap_climate")
    }
    print(fill(phrase("terminal.rights.proposed", code, **words)))
    for name, answer, gcf, secap in found["reasons"]:
        asks = phrase(f"terminal.rights.question.{name}", code)
        said = phrase(f"terminal.rights.answer.{answer}", code)
        marks = ", ".join([*([gcf] if gcf else []), word("terminal.rights.category", secap, code)])
        print(fill(f"{asks} {said} ({marks})", first="  - ", rest="    "))
    if found["instruments"]:
        named = [word("terminal.rights.instrument", one, code) for one in found["instruments"]]
        print(fill(phrase("terminal.rights.instruments", code, instruments=listed(named, code))))
    if found["disclosure"]:
        print(fill(phrase("terminal.rights.disclosure", code)))
    print(fill(phrase("terminal.rights.decides", code)) + "\n")
