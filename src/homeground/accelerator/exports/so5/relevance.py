# SPDX-License-Identifier: Apache-2.0
"""Which projects serve the Convention: by the first rule of a table that says something of them, and a Party's word before all.

The Convention's manual prescribes no definition: "it is up to the reporting Party" to say how activities are chosen. The rules
stand in ``relevance.csv`` with their sources; what they leave out is listed with the reason, for the Party to correct.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.results.series import text_of
from homeground.accelerator.vocabularies.reading import purpose_codes
from homeground.language.figures import write_number
from homeground.language.messages import phrase
from homeground.language.wording import slug
from homeground.numbers.table import read_rows

RULES = Path(__file__).with_name("relevance.csv")
CROSSWALK = "crosswalk to pillar 2"  # in place of values: purposes of which a part is land restoration
ANY = "any"
COLUMNS = ("project", "relevant", "rule", "support", "why")
_LAND = 2


def relevance_rules(language: str = "en") -> pd.DataFrame:
    """The rules, in the order in which they are asked.

    Parameters
    ----------
    language : str, optional
        Of ``why``.

    Returns
    -------
    DataFrame
        order, rule, table and column that it reads, where (another column and its value), values (one of them), relevant
        (yes or no), support (principal or significant, where that is known), share (the column that tells how much of a
        project it is), why, source, licence, quality (1 to 5; 5: our choice).

    Examples
    --------
    >>> relevance_rules().loc[0, ["rule", "relevant"]].tolist()
    ['party', 'yes']
    """
    rules = pd.DataFrame(read_rows(RULES))
    why = [_why(rule, language) for rule in rules.to_dict("records")]
    rules.insert(list(rules.columns).index("share") + 1, "why", why)
    return rules.assign(order=rules["order"].astype("int64"), quality=rules["quality"].astype("int64"))


def relevance(tables: Mapping[str, pd.DataFrame], language: str = "en") -> pd.DataFrame:
    """Which projects serve the Convention, and which rule says so.

    Parameters
    ----------
    tables : mapping of DataFrame
        As declared in the registry: projects, transactions, and of project_reporting, project_markers, project_pillars and project_sectors
        those that are there.
    language : str, optional
        Of ``why``: en, fr or zh.

    Returns
    -------
    DataFrame
        One row a project, of the projects and then of the transactions: `COLUMNS`; ``relevant`` is true or false, ``support`` "principal",
        "significant" or "", of the first rule that knows it. A project counts whole: no share and no coefficient is taken of its money, and ``why`` tells
        the share that a rule rests on.

    Examples
    --------
    >>> markers = pd.DataFrame({"project": ["a", "b"], "marker": ["8", "8"], "significance": [2, 0]})
    >>> found = relevance({"projects": pd.DataFrame({"project": ["a", "b", "c"]}), "project_markers": markers})
    >>> found[["project", "relevant", "rule"]].values.tolist()
    [['a', True, 'desertification marker'], ['b', False, 'desertification marker'], ['c', False, 'nothing said']]
    """
    rules = relevance_rules().to_dict("records")
    told = [_says({str(key): str(value) for key, value in rule.items()}, tables) for rule in rules]
    rows = []
    named = [tables[name]["project"].astype(str) for name in ("projects", "transactions") if name in tables]
    for project in dict.fromkeys(pd.concat(named)):  # money may be told of a project that no table describes
        of_it = [(rule, one) for rule, one in zip(rules, told, strict=True) if ANY in one or project in one]
        rule, found = of_it[0]
        relevant, share = rule["relevant"] == "yes", found.get(project)
        support = next((str(one["support"]) for one, _ in of_it if one["support"]), "") if relevant else ""
        why = _why(rule, language)
        why = (
            why
            if share is None
            else phrase("form.so5.relevance.share", language, why=why, share=_number(share, language))
        )
        rows.append((project, relevant, rule["rule"], support, why))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"relevant": "bool"})


def _number(share: float, language: str) -> str:
    text = f"{share:g}"
    return write_number(float(text), len(text.partition(".")[2]), language)


def _why(rule: Mapping[Any, Any], language: str) -> str:
    """What a rule says of a project; its words stand in the catalogues."""
    return phrase(f"form.so5.relevance.{slug(str(rule['rule']))}.{rule['support'] or rule['relevant']}", language)


def _says(rule: Mapping[str, str], tables: Mapping[str, pd.DataFrame]) -> dict[str, float | None]:
    """Projects of which a rule says something, with the share of them that it rests on where one is told."""
    if rule["values"] == ANY:
        return {ANY: None}
    table = tables.get(rule["table"])
    if table is None or rule["column"] not in table:
        return {}
    values = _land_purposes() if rule["values"] == CROSSWALK else dict.fromkeys(rule["values"].split("|"), 1.0)
    other, _, wanted = rule["where"].partition("=")
    found: dict[str, float | None] = {}
    for row in table.to_dict("records"):
        if other and _plain(row.get(other)) != wanted:
            continue
        part = values.get(_plain(row[rule["column"]]))
        if part is None:
            continue
        share: Any = row.get(rule["share"]) if rule["share"] else None
        known = share is not None and not pd.isna(share)
        if known and float(share) <= 0:
            continue
        project = str(row["project"])
        before = found.get(project)
        found[project] = (before or 0.0) + part * float(share) if known else before
    return found


def _plain(value: object) -> str:
    """A code as text: 2 and 2.0 are the same."""
    return text_of(value).removesuffix(".0")


def _land_purposes() -> dict[str, float]:
    """Purposes of which a part is land restoration, with that part."""
    codes = purpose_codes()
    land = codes[codes["pillar"] == _LAND]
    return dict(zip(land["code"], land["share"] / 100, strict=True))
