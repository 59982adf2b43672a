# SPDX-License-Identifier: Apache-2.0
"""The step of rights: land of the plan beside secure rights, and what the screening proposes."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from homeground.language.messages import Saying, Word
from homeground.measures.rights.given import answers_of, rights_of
from homeground.measures.rights.overlays import LEAST, land_and_rights
from homeground.measures.rights.screening import screen
from homeground.numbers.fact import Amount
from homeground.running.steps import Work
from homeground.running.tables import RIGHTS, RIGHTS_FACTS, regions_of


def rights(work: Work) -> None:
    """Land of the plan beside secure rights by region, and a category that a person decides on."""
    plan = pd.read_parquet(work.results / regions_of("measures"))
    given, answers = rights_of(work.study), answers_of(work.study)
    table = land_and_rights(plan.rename(columns={"measures_hectares": "hectares"})[["region_id", "hectares"]], given)
    table.to_parquet(work.out / RIGHTS)
    by_rights = {
        name: float(table.loc[table["rights"] == name, "hectares"].sum())
        for name in ("secure", "insecure", "not_known")
    }
    proposed = None if answers is None else screen(answers)
    facts: dict[str, Any] = {
        "given": given is not None,
        "least": LEAST,
        "hectares": by_rights,
        "screening": None if proposed is None else proposed._asdict(),
    }
    (work.out / RIGHTS_FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    whole = sum(by_rights.values())
    if whole <= 0:
        return
    if given is None:
        work.warn(Saying("warning.rights_not_known"))
    elif by_rights["insecure"] > 0:
        words = {
            "part": Amount(by_rights["insecure"], "ha", kind="modelled"),
            "whole": Amount(whole, "ha", kind="modelled"),
            "least": Amount(100 * LEAST, "%", kind="default"),
        }
        work.warn(Saying("warning.rights_insecure", words))
    if proposed is None:
        work.warn(Saying("warning.not_screened"))
    else:
        category = "terminal.rights.category"
        said: dict[str, Word] = {
            "gcf": proposed.gcf,
            "secap": Saying(f"{category}.{proposed.secap_environment}"),
            "climate": Saying(f"{category}.{proposed.secap_climate}"),
        }
        work.warn(Saying("warning.screened", said))
