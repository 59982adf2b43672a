# SPDX-License-Identifier: Apache-2.0
"""What the land stage answers where the study gives its own series: SDG 15.3.1, balance, other rules, choices, drought."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from homeground.brief.facts import assessment as assessed
from homeground.cli.answer import Answer
from homeground.study.model import Study


def land_answers(results: Path, study: Study) -> list[Answer]:
    """Tables of the assessment and of the droughts; none where the study gives no series."""
    found, drought = assessed.read_assessment(results), assessed.read_drought(results)
    out: list[Answer] = []
    if found is not None and found.judged:
        out += [degraded(found, study), *balances(found, study)]
    if found is not None and (told := assessed.gaps_of_cover(found, results)):
        out.append(Answer("", [], [], told))
    if found is not None:
        out += [answer for answer in (other_rules(found), choices(found)) if answer is not None]
        if found.facts.get("missing"):
            out.append(Answer("", [], [], f"Not given, so land has no verdict: {'; '.join(found.facts['missing'])}."))
    if drought is not None:
        out.append(droughts(drought, study))
    return out


def degraded(found: assessed.Assessment, study: Study) -> Answer:
    """SDG 15.3.1 by country with its range over choices of method."""
    table = assessed.degraded_by_country(found)
    columns = [
        (["Land", "(km2)"], _numbers(table["land_km2"], 0)),
        (["Degraded", "(km2)"], _numbers(table["degraded_km2"], 0)),
        (["Degraded", "(%)"], _numbers(table["degraded"], 1)),
    ]
    if table["degraded_low"].notna().any():
        columns.append((["low to high"], _spans(table["degraded_low"], table["degraded_high"], 1)))
    columns += [
        (["Baseline", "(%)"], _numbers(table["baseline"], 1)),
        (["Improved", "(%)"], _numbers(table["improved"], 1)),
        (["No verdict", "(km2)"], _numbers(table["unknown_km2"], 0)),
    ]
    said = assessed.choices_said(found)
    mind = (
        f"Low to high: the least and the most {said}, a range of choices and not a confidence interval."
        if said
        else "No range: other choices were not tried ([land].sensitivity)."
    )
    if len(table) > 1 and said:
        mind += " By country it is the range of the regions, weighted by land."
    title = f"SDG 15.3.1, degraded in {study.period[1]} against {study.baseline[0]}-{study.baseline[1]}:"
    return Answer(title, list(table["iso3"]), columns, mind)


def balances(found: assessed.Assessment, study: Study) -> list[Answer]:
    """Gains against losses by land type, for each country and, where there are several, the whole study."""
    groups = list(found.balance.groupby("iso3"))
    several = found.balance["iso3"].nunique() > 2
    out = []
    for iso3, rows in groups:
        if str(iso3) == "" and not several:
            continue
        here = rows[rows["land_km2"] > 0]
        columns = [
            ([title, "(km2)"], _numbers(here[f"{name}_km2"], 0))
            for title, name in (
                *(("Losses", "losses"), ("Gains", "gains"), ("Gains less losses", "balance")),
                ("Neutral", "neutral"),
            )
        ]
        said = {True: "yes", False: "no"}
        columns.append((["balanced"], ["no data" if _none(b) else said[bool(b)] for b in here["balanced"]]))
        verdict = assessed.neutral(rows)
        told = "Not known." if verdict is None else "Balanced." if verdict else "Not balanced."
        mind = f"{told} It is only where every land type is: one can not make up for another."
        where = str(iso3) or "the whole study"
        title = f"Land degradation neutrality of {where}, land types of {study.baseline[0]}:"
        out.append(Answer(title, [str(name) for name in here["name"]], columns, mind))
    if out:
        last = out[-1]
        out[-1] = Answer(last.title, last.rows, last.columns, f"{last.mind} {assessed.going_on(found, study)}".strip())
    return out


def other_rules(found: assessed.Assessment) -> Answer | None:
    """Land whose productivity other rules would class otherwise, by the look-up table they use."""
    gaps = assessed.profile_gaps(found)
    if gaps.empty:
        return None
    rows = [f"{row.period}: {row.other_profile}" for row in gaps.itertuples()]
    columns = [
        (["look-up"], [str(name) for name in gaps["lookup"]]),
        (["differs", "(km2)"], _numbers(gaps["differs_km2"], 0)),
        (["(%)"], _numbers(gaps["share"], 1)),
        (["only", "here", "(km2)"], _numbers(gaps["only_here_km2"], 0)),
        (["only", "there", "(km2)"], _numbers(gaps["only_there_km2"], 0)),
    ]
    own = str(found.profiles["profile"].iloc[0])
    mind = (
        "Differs: land of another class (degraded, stable or improved). Only here: degraded by the study's rules alone; "
        "only there: by the other's alone."
    )
    return Answer(f"Land productivity by other rules than {own}:", rows, columns, mind)


def choices(found: assessed.Assessment) -> Answer | None:
    """Range of SDG 15.3.1 by choice of method, the widest first: the tornado as a table."""
    if len(found.choices) < 2:
        return None
    bars = found.bars
    columns = [
        (["lowest", "(%)"], _numbers(bars["low"], 1)),
        (["choice"], [str(value)[:28] for value in bars["low_value"]]),
        (["highest", "(%)"], _numbers(bars["high"], 1)),
        (["choice"], [str(value)[:28] for value in bars["high_value"]]),
    ]
    mind = f"Published: {bars['base'].iloc[0]:.1f} % (base). One choice is changed at a time. A range, no interval of error."
    if bars["missing"].sum():
        mind += f" {int(bars['missing'].sum())} choices have no result."
    names = [str(name)[:26] for name in bars["setting"]]
    return Answer("What SDG 15.3.1 would be under other choices:", names, columns, mind)


def droughts(found: assessed.Drought, study: Study) -> Answer:
    """Land in drought by country: mean of the period, driest year, and the worst of the last four years."""
    names, mean, worst, last = [], [], [], []
    window = "-".join(map(str, found.facts["worst_window"]))
    for iso3 in sorted(found.years["iso3"].unique()):
        shares = assessed.drought_shares(assessed.drought_years(found, iso3))
        now = shares[(shares.index >= study.period[0]) & (shares.index <= study.period[1])]
        severe = assessed.drought_shares(assessed.drought_windows(found, iso3), assessed.SEVERE)
        names.append(str(iso3))
        mean.append(_number(now.mean(), 1))
        known, driest = shares.dropna(), assessed.driest_year(assessed.drought_years(found, iso3))
        when = "" if driest is None else f" in {driest}"
        worst.append(f"{known.max():.1f}{when}" if len(known) else "no data")
        last.append(_number(severe.loc[window], 1))
    columns = [
        (["Mean of", f"{study.period[0]}-{study.period[1]}", "(%)"], mean),
        (["Most in", "one year", "(%)"], worst),
        (["Severe, once", f"in {window}", "(%)"], last),
    ]
    mind = (
        f"{found.known} of December, calibrated on {found.facts['calibration']}. Share of the area with a class; drought "
        "is moderate or worse. No interval: the rain series comes without an error field."
    )
    return Answer("Land in drought:", names, columns, mind)


def _numbers(values: Iterable[float], decimals: int) -> list[str]:
    return [_number(value, decimals) for value in values]


def _number(value: float, decimals: int) -> str:
    return "no data" if _none(value) else f"{value:z,.{decimals}f}"


def _spans(low: pd.Series[float], high: pd.Series[float], decimals: int) -> list[str]:
    ends = zip(low, high, strict=True)
    return ["no range" if _none(a) else f"{a:,.{decimals}f} to {b:,.{decimals}f}" for a, b in ends]


def _none(value: object) -> bool:
    return bool(pd.isna(value))  # type: ignore[call-overload]
