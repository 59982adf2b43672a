# SPDX-License-Identifier: Apache-2.0
"""All facts of a results folder, gathered from the modules that read its tables."""

from __future__ import annotations

from pathlib import Path

from homeground.brief.facts.assessed.places import place_facts
from homeground.brief.facts.assessed.reference import reference_facts
from homeground.brief.facts.evidence import evidence_facts
from homeground.brief.facts.finance import finance_facts, remittance_facts
from homeground.brief.facts.land import assessed_facts, land_facts
from homeground.brief.facts.people import mobility_facts, people_facts
from homeground.brief.facts.plan import plan_facts
from homeground.brief.facts.registry import registry_facts
from homeground.brief.facts.risk import risk_facts
from homeground.errors import DataError
from homeground.numbers.fact import Fact
from homeground.study.model import Study

PARTS = (
    *(land_facts, assessed_facts, place_facts, reference_facts, people_facts, mobility_facts, evidence_facts),
    *(plan_facts, finance_facts, remittance_facts, registry_facts, risk_facts),
)


def collect(results: Path, study: Study) -> dict[str, Fact]:
    """All facts that the tables of a results folder hold; a table that is not there gives none.

    Parameters
    ----------
    results : Path
        Folder of a run.
    study : Study

    Returns
    -------
    dict of key to Fact

    Raises
    ------
    DataError
        Two facts have one key, or a table holds what no fact may say.
    """
    facts: dict[str, Fact] = {}
    for part in PARTS:
        for fact in part(results, study):
            if fact.key in facts:
                raise DataError(f"fact {fact.key} is stated twice. Give each its own key.")
            facts[fact.key] = fact
    return facts
