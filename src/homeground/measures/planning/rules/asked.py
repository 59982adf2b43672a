# SPDX-License-Identifier: Apache-2.0
"""Rules as data: a floor, a cap or a share over any column of the land or of the measures, as rows of the programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.measures.planning.model import Row
from homeground.measures.planning.programme import Floats

KINDS = ("floor", "cap", "share")
AMOUNTS = {"money": "USD", "hectares": "ha", "person_days": "person-days", "water": "m3"}
SCALES = {"money": 1e6, "hectares": 100.0, "person_days": 1e3, "water": 1e6}  # of what the programme counts in


@dataclass(frozen=True)
class Rule:
    """One rule of a plan.

    Attributes
    ----------
    kind : {"floor", "cap", "share"}
        At least, at most; or at least a group's share of the person-days.
    of : {"money", "hectares", "person_days", "water"}
        What is summed: USD until the end of the plan, hectares started, person-days until the end, m3 of water a year.
    amount : float, optional
        In the unit of ``of``.
    part : float, optional
        In place of amount, 0 to 1: of the whole budget (money), of all hectares, person-days or water of the plan; of a
        share, the least part of the person-days.
    over : str
        A column of the units or of the options: iso3, region_id, measure, pillar, and so on; empty: the whole plan.
    where : str, optional
        One value of that column; left out, the rule holds for each value by itself.
    group : str
        Of a share: whose, such as "women" or "youth"; the options hold the column GROUP_share_mid.
    year : int, optional
        The sum of one year alone.

    Examples
    --------
    >>> Rule("cap", "hectares", amount=1e6, over="iso3", where="NER").name
    'cap hectares iso3=NER'
    """

    kind: str
    of: str = "money"
    amount: float | None = None
    part: float | None = None
    over: str = ""
    where: str | None = None
    group: str = ""
    year: int | None = None

    @property
    def name(self) -> str:
        """What results call it."""
        what = self.group if self.kind == "share" else f"{self.kind} {self.of}"
        place = f" {self.over}={self.where}" if self.over else ""
        return f"{what}{place}" + (f" {self.year}" if self.year is not None else "")


def read_rules(given: Iterable[Rule | Mapping[str, Any]] | Mapping[str, Any] | pd.DataFrame) -> list[Rule]:
    """Rules from a list, from a table, or from the short form of the three that most plans have.

    Parameters
    ----------
    given : list of Rule or mapping, DataFrame with the columns of `Rule`, or mapping
        The short form: women and youth, least shares of all person-days; country_floor, the least part of the budget of
        each country, one number or a mapping of iso3 to number.

    Returns
    -------
    list of Rule

    Raises
    ------
    DataError
        Lists every fault: an unknown kind, amount or key, no amount or two, a part outside 0 to 1, a share without group.

    Examples
    --------
    >>> [rule.name for rule in read_rules({"women": 0.4, "country_floor": {"NER": 0.1}})]
    ['women', 'floor money iso3=NER']
    """
    problems = Problems("the rules of the plan")
    rows = _long(given, problems) if isinstance(given, Mapping) else _records(given)
    rules = [found for row in rows if (found := _read(row, problems)) is not None]
    problems.raise_if_any(DataError)
    return rules


def _records(given: Iterable[Any] | pd.DataFrame) -> list[Any]:
    if isinstance(given, pd.DataFrame):
        return [{str(k): v for k, v in row.items() if pd.notna(v)} for row in given.to_dict("records")]
    return list(given)


def _long(given: Mapping[str, Any], problems: Problems) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for name, value in given.items():
        if name in ("women", "youth"):
            rows.append({"kind": "share", "group": name, "part": value})
        elif name == "country_floor":
            floors = value if isinstance(value, Mapping) else {None: value}
            rows += [{"kind": "floor", "part": part, "over": "iso3", "where": iso3} for iso3, part in floors.items()]
        else:
            problems.add(f'rule "{name}" is unknown. Known: women, youth, country_floor; others as a list of rules.')
    return rows


def _read(row: Any, problems: Problems) -> Rule | None:
    if isinstance(row, Rule):
        rule = row
    else:
        known = [field.name for field in fields(Rule)]
        if strangers := sorted(set(row) - set(known)):
            problems.add(f"{', '.join(map(str, strangers))} are no keys of a rule. Known: {', '.join(known)}.")
            return None
        if "kind" not in row:
            problems.add(f"a rule has no kind: {dict(row)}. One of {', '.join(KINDS)} was expected.")
            return None
        rule = Rule(**row)
        if rule.year is not None:  # a table with gaps holds its years as fractions
            rule = replace(rule, year=int(rule.year))
    before = len(problems.messages)
    problems.extend(_faults(rule))
    return rule if len(problems.messages) == before else None


def _faults(rule: Rule) -> Iterator[str]:
    """What is wrong with one rule."""
    if rule.kind not in KINDS:
        yield (f'{rule.name}: the kind "{rule.kind}" is unknown. One of {", ".join(KINDS)} was expected.')
    if rule.of not in AMOUNTS:
        yield (f'{rule.name}: "{rule.of}" is no amount. One of {", ".join(AMOUNTS)} was expected.')
    if (rule.amount is None) == (rule.part is None):
        yield (f"{rule.name}: either amount or part was expected. Give one of them.")
    elif rule.part is not None and not 0 <= rule.part <= 1:
        yield (f"{rule.where or rule.name}: a share from 0 to 1 was expected, found {rule.part}.")
    elif rule.amount is not None and not (np.isfinite(rule.amount) and rule.amount >= 0):
        yield (f"{rule.name}: an amount of 0 or more was expected, found {rule.amount}.")
    if (rule.kind == "share") != bool(rule.group):
        yield (f"{rule.name}: a share, and only a share, names its group, such as women.")
    if rule.kind == "share" and rule.part is None:
        yield (f"{rule.name}: a share gives its part of the person-days.")
    if rule.where is not None and not rule.over:
        yield (f'{rule.name}: where is "{rule.where}" and no column is named. Give over, such as iso3.')


def for_each(rules: Iterable[Rule], columns: Mapping[str, Iterable[Any]]) -> list[Rule]:
    """Rules that name the one place they hold for.

    Parameters
    ----------
    rules : iterable of Rule
    columns : mapping of column to values
        Of the units and the options of the plan.

    Returns
    -------
    list of Rule
        A rule without where is repeated for each value; one that asks for nothing is left out.

    Raises
    ------
    DataError
        A column, or a value of it, that the plan does not have; a rule that is given twice.

    Examples
    --------
    >>> each = for_each([Rule("cap", part=0.5, over="iso3")], {"iso3": ["NER", "MLI"]})
    >>> [rule.name for rule in each]
    ['cap money iso3=MLI', 'cap money iso3=NER']
    """
    problems = Problems("the rules of the plan")
    out: list[Rule] = []
    for rule in rules:
        if rule.kind != "cap" and not (rule.amount or rule.part):
            continue
        if not rule.over:
            out.append(rule)
            continue
        if rule.over not in columns:
            problems.add(f'{rule.name}: neither units nor options have a column "{rule.over}".')
            continue
        values = sorted({str(value) for value in columns[rule.over]})
        if rule.where is not None and str(rule.where) not in values:
            problems.add(
                f"{rule.kind} over {rule.over} names {rule.where}, which have no units. Remove it, or name one of "
                f"{', '.join(values[:8])}."
            )
            continue
        places = values if rule.where is None else [str(rule.where)]
        out += [replace(rule, where=place) for place in places]
    names = [rule.name for rule in out]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        problems.add(f"{name} is asked for twice. Keep one of the two.")
    problems.raise_if_any(DataError)
    return out


def row_of(rule: Rule, groups: pd.DataFrame, by_start: Mapping[str, Floats], budget: float) -> Row:
    """A rule as a row of the programme.

    Parameters
    ----------
    rule : Rule
        Of one place; see `for_each`.
    groups : DataFrame
        The groups of the problem, with the column that the rule is over.
    by_start : mapping of str to array, group x year of start
        money in million USD, hectares in km2, person_days in thousands, water in million m3; each for a km2 started, of
        the whole plan or of the rule's year; and of a share GROUP_share, by group.
    budget : float
        Of all years, million USD.

    Returns
    -------
    Row

    Examples
    --------
    Of hectares in Niger at most a quarter of all: 0.75 km2 for each km2 there, -0.25 for each elsewhere.

    >>> groups, ones = pd.DataFrame({"iso3": ["NER", "MLI"]}), np.ones((2, 1))
    >>> row = row_of(Rule("cap", "hectares", part=0.25, over="iso3", where="NER"), groups, {"hectares": ones}, 9.0)
    >>> row.by_start.tolist(), row.sign, row.right
    ([[0.75], [-0.25]], '<', 0.0)
    """
    inside = np.ones(len(groups)) if not rule.over else (groups[rule.over].astype("str") == rule.where).to_numpy(float)
    of = "person_days" if rule.kind == "share" else rule.of
    told, part = (SCALES[of], AMOUNTS[of]), float(rule.part or 0.0)
    if rule.kind == "share":
        surplus = by_start[f"{rule.group}_share"] - part
        return Row((inside * surplus)[:, None] * by_start["person_days"], ">", 0.0, *told)
    amount, sign = by_start[rule.of], "<" if rule.kind == "cap" else ">"
    if rule.amount is not None:
        return Row(inside[:, None] * amount, sign, rule.amount / SCALES[of], *told)
    if rule.of == "money":
        return Row(inside[:, None] * amount, sign, part * budget, *told, part=part)
    return Row((inside - part)[:, None] * amount, sign, 0.0, *told)
