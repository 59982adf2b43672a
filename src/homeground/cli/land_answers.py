# SPDX-License-Identifier: Apache-2.0
"""What the land stage answers where the study gives its own series: SDG 15.3.1, balance, other rules, choices, drought."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from homeground.brief.facts.assessed import assessment as assessed
from homeground.brief.facts.assessed.noise import NULLS, against_chance
from homeground.brief.facts.assessed.season import season
from homeground.catalogue.classes import class_names
from homeground.catalogue.regions import COVERED
from homeground.cli.answer import Answer, head, number, numbers, spans, word
from homeground.cli.national_answers import national
from homeground.cli.place_answers import places
from homeground.cli.reference_answers import reference_answers
from homeground.language.cldr import of_month
from homeground.language.figures import write_number
from homeground.language.layout import clip
from homeground.language.messages import Saying, Word, known, phrase, tell
from homeground.language.wording import wording
from homeground.numbers.fact import Amount
from homeground.study.model import Study

NO_TYPE = "No land type"  # of the balance
INDICATOR = "15.3.1"  # of the Sustainable Development Goals


def land_answers(results: Path, study: Study) -> list[Answer]:
    """Tables of the assessment and of the droughts; none where the study gives no series."""
    code = study.language
    found, drought = assessed.read_assessment(results), assessed.read_drought(results)
    out: list[Answer] = []
    if found is not None and found.judged:
        judged = [*places(found, results, study, code), *reference_answers(results, code)]
        out += [degraded(found, study, code), *judged, *balances(found, study, code)]
    if found is not None and (told := _covered(found, results)):
        out.append(Answer("", [], [], tell(told, code)))
    if found is not None:
        out += [answer for answer in (other_rules(found, code), choices(found, code)) if answer is not None]
        if lacking := found.facts.get("missing"):
            layers = "; ".join(_layer(name, code) for name in lacking)
            out.append(Answer("", [], [], phrase("terminal.land.not_given", code, layers=layers)))
    if drought is not None:
        out.append(droughts(drought, study, code))
    return [*out, *national(results, code)]


def degraded(found: assessed.Assessment, study: Study, code: str = "en") -> Answer:
    """SDG 15.3.1 by country with its range over choices of method."""
    table = assessed.degraded_by_country(found)

    def column(name: str, of: str, decimals: int, unit: str = "") -> tuple[list[str], list[str]]:
        words = {"unit": unit} if unit else {}
        return head(f"terminal.land.{name}", code, **words), numbers(table[of], decimals, code)

    columns = [
        column("land", "land_km2", 0),
        column("degraded", "degraded_km2", 0),
        column("degraded", "degraded", 1, "%"),
    ]
    if table["degraded_low"].notna().any():
        ends = spans(table["degraded_low"], table["degraded_high"], 1, code)
        columns.append((head("terminal.low_to_high", code), ends))
    columns += [
        column("baseline", "baseline", 1, "%"),
        column("improved", "improved", 1, "%"),
        *(
            (
                head(f"terminal.land.{name}_{null}", code, unit="%"),
                spans(table[f"{name}_{null}_low"], table[f"{name}_{null}_high"], 1, code),
            )
            for name in ("degraded", "improved")
            for null in NULLS
            if table[f"{name}_{null}"].notna().any()
        ),
        column("unknown", "unknown_km2", 0),
    ]
    first, last = (str(year) for year in study.baseline)
    words = {"indicator": INDICATOR, "year": str(study.period[1]), "first": first, "last": last}
    title = phrase("terminal.land.title", code, **words)
    said = [*_range(found, len(table)), *season(study), *against_chance(found.noise, code, study.land.trend_of)]
    return Answer(title, list(table["iso3"]), columns, tell(said, code))


def _range(found: assessed.Assessment, countries: int) -> list[Saying]:
    """What the range of degraded land is."""
    tried = int(found.choices["result"].notna().sum()) if len(found.choices) else 0
    if tried < 2:
        return [Saying("terminal.land.no_range")]
    said = [Saying("terminal.land.range", {"n": tried})]
    return [*said, Saying("terminal.land.range_countries")] if countries > 1 else said


def _covered(found: assessed.Assessment, results: Path) -> list[Saying]:
    """Which countries the user's series cover in part only."""
    table = assessed.covered(found, results)
    if table is None:
        return []
    parts = [
        Saying("terminal.land.covered_part", {"country": str(iso3), "share": Amount(float(share), "%")})
        for iso3, share in table["share"].items()
        if share < COVERED
    ]
    return [Saying("terminal.land.covered", {"parts": parts})] if parts else []


def _layer(name: str, code: str) -> str:
    """An input that is not given, and what could stand for it."""
    key = f"terminal.land.lacks.{name.partition(' ')[0]}"
    return phrase(key, code) if known(key) else name


def balances(found: assessed.Assessment, study: Study, code: str = "en") -> list[Answer]:
    """Gains against losses by land type, for each country and, where there are several, the whole study."""
    groups = list(found.balance.groupby("iso3"))
    several = found.balance["iso3"].nunique() > 2
    names = class_names("cover")
    verdicts = {None: "not_known", True: "is_balanced", False: "not_balanced"}
    out = []
    for iso3, rows in groups:
        if str(iso3) == "" and not several:
            continue
        here = rows[rows["land_km2"] > 0]
        columns = [
            (head(f"terminal.ldn.{name}", code), numbers(here[f"{name}_km2"], 0, code))
            for name in ("losses", "gains", "balance", "neutral")
        ]
        columns.append((head("terminal.ldn.balanced", code), [_yes(b, code) for b in here["balanced"]]))
        told = [Saying(f"terminal.ldn.{verdicts[assessed.neutral(rows)]}"), Saying("terminal.ldn.rule")]
        place = str(iso3) or phrase("terminal.ldn.study", code)
        title = phrase("terminal.ldn.title", code, place=place, year=str(study.baseline[0]))
        types = [_land_type(n, str(name), names, code) for n, name in zip(here["land_type"], here["name"], strict=True)]
        out.append((title, types, columns, told))
    if out:
        out[-1][-1].extend(_going_on(found, study, code))
    return [Answer(title, types, columns, tell(told, code)) for title, types, columns, told in out]


def _land_type(kind: Any, name: str, names: dict[int, str], code: str) -> str:
    """Name of a land type; the sum of all and land without a type have no number."""
    if _none(kind) or name == NO_TYPE:
        return phrase(f"section.assessed.{'no_type' if name == NO_TYPE else 'all_land'}", code)
    return wording(f"legend.cover.{kind}.name", names[int(kind)], code)


def _yes(balanced: Any, code: str) -> str:
    if _none(balanced):
        return phrase("terminal.no_data", code)
    return phrase("terminal.ldn.yes" if balanced else "terminal.ldn.no", code)


def _going_on(found: assessed.Assessment, study: Study, code: str) -> list[Saying]:
    """Where the pace between both states leads by the target year."""
    facts = found.facts.get("business_as_usual")
    if facts is None:
        return []
    pace, left = float(facts["annual_km2"]), float(facts["shortfall_km2"])
    words: dict[str, Word] = {
        "first": str(study.baseline[1]),
        "last": str(study.period[1]),
        "year": str(facts["target_year"]),
        "pace": ("+" if pace > 0 else "") + write_number(pace, 0, code),
        "projected": Amount(float(facts["projected_km2"]), "km2"),
    }
    if left > 0:
        return [Saying("terminal.ldn.short", words | {"left": Amount(left, "km2")})]
    return [Saying("terminal.ldn.no_net_loss", words)]


def other_rules(found: assessed.Assessment, code: str = "en") -> Answer | None:
    """Land whose productivity other rules would class otherwise, by the look-up table they use."""
    gaps = assessed.profile_gaps(found)
    if gaps.empty:
        return None
    rows = [
        phrase(f"terminal.rules.row.{row.period}", code, profile=str(row.other_profile)) for row in gaps.itertuples()
    ]
    columns = [
        (head("terminal.rules.lookup", code), [str(name) for name in gaps["lookup"]]),
        (head("terminal.rules.differs", code), numbers(gaps["differs_km2"], 0, code)),
        (head("terminal.rules.share", code), numbers(gaps["share"], 1, code)),
        (head("terminal.rules.only_here", code), numbers(gaps["only_here_km2"], 0, code)),
        (head("terminal.rules.only_there", code), numbers(gaps["only_there_km2"], 0, code)),
    ]
    own = str(found.profiles["profile"].iloc[0])
    return Answer(phrase("terminal.rules.title", code, profile=own), rows, columns, phrase("terminal.rules.mind", code))


def choices(found: assessed.Assessment, code: str = "en") -> Answer | None:
    """Range of SDG 15.3.1 by choice of method, the widest first: the tornado as a table."""
    if len(found.choices) < 2:
        return None
    bars = found.bars

    def named(values: pd.Series[str], most: int) -> list[str]:
        return [clip(word("choice", str(value), code), most) for value in values]

    choice = head("terminal.choices.choice", code)
    columns = [
        (head("terminal.choices.lowest", code), numbers(bars["low"], 1, code)),
        (choice, named(bars["low_value"], 28)),
        (head("terminal.choices.highest", code), numbers(bars["high"], 1, code)),
        (choice, named(bars["high_value"], 28)),
    ]
    mind = [Saying("terminal.choices.mind", {"share": Amount(float(bars["base"].iloc[0]), "%", 1)})]
    if missing := int(bars["missing"].sum()):
        mind.append(Saying("terminal.choices.missing", {"n": missing}))
    title = phrase("terminal.choices.title", code, indicator=INDICATOR)
    return Answer(title, named(bars["setting"], 26), columns, tell(mind, code))


def droughts(found: assessed.Drought, study: Study, code: str = "en") -> Answer:
    """Land in drought by country: mean of the period, driest year, and the worst of the last four years."""
    names, mean, worst, last = [], [], [], []
    start, end = (str(year) for year in found.facts["worst_window"])
    for iso3 in sorted(found.years["iso3"].unique()):
        shares = assessed.drought_shares(assessed.drought_years(found, iso3))
        now = shares[(shares.index >= study.period[0]) & (shares.index <= study.period[1])]
        severe = assessed.drought_shares(assessed.drought_windows(found, iso3), assessed.SEVERE)
        names.append(str(iso3))
        mean.append(number(now.mean(), 1, code))
        known_shares, driest = shares.dropna(), assessed.driest_year(assessed.drought_years(found, iso3))
        most = number(known_shares.max() if len(known_shares) else float("nan"), 1, code)
        if driest is not None:
            most = phrase("terminal.drought.in_year", code, share=most, year=str(driest))
        worst.append(most)
        last.append(number(severe.loc[f"{start}-{end}"], 1, code))
    first, final = (str(year) for year in study.period)
    columns = [
        (head("terminal.drought.mean", code, first=first, last=final), mean),
        (head("terminal.drought.most", code), worst),
        (head("terminal.drought.severe", code, first=start, last=end), last),
    ]
    month = of_month(found.facts.get("month", 12), code)
    years = str(found.facts["calibration"])
    mind = phrase("terminal.drought.mind", code, index=found.known, month=month, years=years)
    return Answer(phrase("terminal.drought.title", code), names, columns, mind)


def _none(value: object) -> bool:
    return bool(pd.isna(value))  # type: ignore[call-overload]
