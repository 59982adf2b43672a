# SPDX-License-Identifier: Apache-2.0
"""What is stated of the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts.results import read
from homeground.errors import DataError
from homeground.language.messages import phrase
from homeground.language.wording import slug
from homeground.numbers.fact import Fact, counted_fact
from homeground.running.tables import EFFECTS, EFFECTS_POOLED, EVIDENCE_COUNTRIES

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.model import Study

# Why `effects_pooled` has no mean of a group, in the order of the text: keys of facts and of messages.
REASONS = ("no_coefficient", "own_amount", "few_errors", "ratios")
SIGNS = {"positive": "+", "zero": "0", "negative": "-", "depends": "depends"}
FEWEST = 5  # independent studies asked for a mean, as in the evidence part


def evidence_facts(results: Path, study: Study) -> Iterator[Fact]:
    effects, groups = read(results, EFFECTS), read(results, EFFECTS_POOLED)
    if effects is None or groups is None:
        return
    what: dict[str, Any] = {"source": "source.effects", "period": "period.effects", "licence": "licence.cited"}
    yield counted_fact("evidence_studies", effects["cluster"].nunique(), "studies", **what)
    groups = groups[groups["stance"] == "environment"]
    yield counted_fact("evidence_groups", len(groups), "groups", **what)
    yield counted_fact("evidence_groups_pooled", int(groups["pooled"].sum()), "groups", **what)
    for reason, n in groups.loc[~groups["pooled"], "reason"].value_counts().items():
        if reason not in REASONS:
            raise DataError(
                f'effects_pooled says "{reason}" for not pooling, which the brief cannot say. Add it to REASONS.'
            )
        yield counted_fact(f"evidence_groups_{reason}", int(n), "groups", **what)
    rule: dict[str, Any] = {
        "source": "source.rule",
        "kind": "default",
        "period": "period.rule",
        "no_interval": "why.rule",
    }
    yield counted_fact("evidence_fewest", FEWEST, "studies", **rule)
    for driver, row in sign_table(effects).iterrows():
        for name in ("studies", *SIGNS):
            yield counted_fact(f"evidence_{slug(str(driver))}_{name}", int(row[name]), "studies", **what)
    reading = read(results, EVIDENCE_COUNTRIES)
    if reading is not None:
        own = reading[(reading["stance"] == "environment") & (reading["coverage"] == "country")]
        without = reading["iso3"].nunique() - own["iso3"].nunique()
        yield counted_fact("evidence_countries_without", without, "countries", **what)


def why_not_pooled(reason: str, with_error: int, code: str) -> str:
    """Why a group of `effects_pooled` has no mean, in words; "" of a group that has one.

    Examples
    --------
    >>> why_not_pooled("no_coefficient", 0, "en")
    'not pooled because the texts seen print no coefficient'
    >>> why_not_pooled("few_errors", 1, "en")
    'not pooled because 1 independent study publishes a standard error; at least 5 are needed'
    """
    if not reason:
        return ""
    words = {"n": with_error, "fewest": FEWEST} if reason == "few_errors" else {}
    return phrase(f"reason.{reason}", code, **words)


def sign_table(effects: pd.DataFrame) -> pd.DataFrame:
    """Independent studies by driver and by the sign of the effect of more of the driver on mobility.

    A study that finds different signs for different groups counts in each: rows may add to more than the studies.

    Returns
    -------
    DataFrame indexed by driver
        studies, positive, zero, negative, depends (counts of clusters), level (highest step of the ladder, 1 to 4).
        Drivers with fewer than three studies are left out; in the order of studies, then of names.
    """
    import pandas as pd

    rows = effects[(effects["stance"] == "environment") & (effects["moderator"] == "")]
    turned = rows["sign"].replace({"+": "-", "-": "+"})
    sign = rows["sign"].where(rows["driver_direction"] != "less", turned)
    by = rows.groupby("driver")
    table = pd.DataFrame({"studies": by["cluster"].nunique(), "level": by["evidence_level"].max()})
    for name, mark in SIGNS.items():
        found = rows[sign == mark].groupby("driver")["cluster"].nunique()
        table[name] = found.reindex(table.index, fill_value=0)
    table = table[table["studies"] >= 3].reset_index().sort_values(["studies", "driver"], ascending=[False, True])
    return table.set_index("driver")
