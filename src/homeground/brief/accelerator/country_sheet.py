# SPDX-License-Identifier: Apache-2.0
"""The money of one country on one page: ladder, donors, pillars, who confirmed it, what is missing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from homeground.accelerator.ladder.finance_ladder import Ladder, finance_ladder
from homeground.accelerator.ladder.grouping import sum_by
from homeground.accelerator.ladder.rollup import NOT_SAID, rollup, rollup_and_crossings, rows_of
from homeground.accelerator.ladder.rows import STEPS, table_of
from homeground.accelerator.ladder.shares import UNALLOCATED
from homeground.accelerator.vocabularies.reading import pillar_names
from homeground.brief.accelerator.sheet import (
    Chart,
    Sheet,
    SheetTable,
    in_millions,
    made_on,
    money,
    share_of,
    step_name,
)
from homeground.brief.accelerator.steps_chart import Step, steps_chart
from homeground.catalogue.atlas import country_names
from homeground.errors import DataError
from homeground.language.figures import date as in_words
from homeground.language.figures import listed
from homeground.language.messages import phrase
from homeground.language.wording import named
from homeground.numbers.money import minor_digits

MOST_CHARTS, MOST_DONORS, MOST_SOURCES, MOST_CROSSINGS = 2, 5, 6, 2  # what one page holds
_NO_MONEY: Mapping[str, pd.DataFrame] = {
    name: table_of({}, name) for name in ("pledges", "allocations", "transactions")
}
SUMS = (
    *("amount_minor", "linked_minor", "levels_minor", "overlap_minor", "suspended_minor", "cancelled_minor"),
    *("residual_minor", "by_donor_minor", "by_country_minor", "crosswalk_minor"),
)


def country_sheet(iso3: str, tables: Mapping[str, pd.DataFrame], code: str, *, day: datetime.date) -> Sheet:
    """The sheet of a country, or of all of them together.

    Parameters
    ----------
    iso3 : str
        Three letters, or "all".
    tables : mapping of DataFrame
        Tables of the registry, as of `finance_ladder`.
    code : str
        Language: en, fr or zh.
    day : date
        When it is written.

    Returns
    -------
    Sheet

    Raises
    ------
    DataError
        There is no such country.
    StudyError
        There is no such language.
    """
    names = country_names(code)
    if iso3 != "all" and iso3 not in names:
        raise DataError(f"{iso3} is no country by ISO 3166. Write three letters, such as NER, or all.")
    rolled, crossed = rollup_and_crossings(tables)
    behind = rows_of(tables, ("iso3",))
    own = rolled
    if iso3 != "all":
        own, behind = rolled[rolled["iso3"] == iso3].reset_index(drop=True), behind[behind["iso3"] == iso3]
        crossed = crossed[crossed["project"].isin(set(behind["project"]))]
    given = {**tables, "rollup": own, "crossings": crossed}
    ladder = finance_ladder(given, by=("donor", "pillar", "instrument"), language=code)
    currencies = _by_weight(ladder)
    shown = currencies[:MOST_CHARTS]
    sources = [str(s) for s in behind["source"].dropna().value_counts(sort=True).index]
    more = (
        [phrase("accelerator.ladder.sources.more", code, n=len(sources) - MOST_SOURCES)]
        if len(sources) > MOST_SOURCES
        else []
    )
    return Sheet(
        language=code, kicker=phrase("accelerator.ladder.kicker", code),
        title=phrase("accelerator.ladder.wall.title", code) if iso3 == "all" else names[iso3],
        question=phrase("accelerator.ladder.question", code),
        findings=tuple(_found(ladder, currency, code) for currency in shown)
        or (phrase("accelerator.ladder.nothing", code),),
        charts=tuple(_chart(ladder, currency, code) for currency in shown),
        chart_shows=phrase("accelerator.ladder.chart_shows", code) if shown else "",
        tables=tuple(t for currency in shown for t in _tables(ladder, currency, code, _names(tables))),
        missing_title=phrase("accelerator.ladder.missing", code),
        missing=tuple(_missing(ladder, rolled, tables, currencies, iso3, code)),
        sources_title=phrase("accelerator.ladder.sources", code),
        sources=(*sources[:MOST_SOURCES], *more) or (phrase("accelerator.ladder.sources.none", code),),
        made=made_on(day, code), date=day.isoformat(),
    )  # fmt: skip


def _by_weight(ladder: Ladder) -> list[str]:
    """Currencies, those with most rows first."""
    rows = ladder.steps.groupby("currency", observed=True)["rows"].sum()
    return [str(c) for c in rows.sort_values(ascending=False, kind="stable").index]


def _steps(ladder: Ladder, currency: str) -> dict[str, dict[Any, Any]]:
    own = ladder.steps[ladder.steps["currency"] == currency]
    return {str(row["step"]): row for row in own.to_dict("records")}


def _units(minor: int, currency: str) -> float:
    return float(minor / 10 ** minor_digits(currency))


def _found(ladder: Ladder, currency: str, code: str) -> str:
    """From each step that is told to the next that is told."""
    steps = _steps(ladder, currency)
    told = [s for s in STEPS if s in steps and steps[s]["amount_minor"] > 0]
    if not told:
        return phrase("accelerator.ladder.none", code, currency=currency)
    amounts = {s: _units(steps[s]["amount_minor"], currency) for s in told}
    if len(told) == 1:
        only = money(amounts[told[0]], currency, code)
        return phrase("accelerator.ladder.only", code, amount=only, step=step_name(told[0], code))
    said = []
    for before, after in pairwise(told):
        words = {"before": money(amounts[before], currency, code), "after": money(amounts[after], currency, code)}
        words |= {"step": step_name(before, code), "next": step_name(after, code)}
        if amounts[after] > amounts[before]:
            said.append(phrase("accelerator.ladder.above", code, **words))
        else:
            share = share_of(amounts[after], amounts[before], code)
            said.append(phrase("accelerator.ladder.on_the_way", code, share=share, **words))
    return (" " if code != "zh" else "").join(said)


def _chart(ladder: Ladder, currency: str, code: str) -> Chart:
    steps, before, bars = _steps(ladder, currency), "", []
    for step in STEPS:
        row = steps.get(step)
        if row is None:
            bars.append(Step(step_name(step, code), 0, 0, 0, "", "", told=False))
            continue
        amount, residual = (_units(row[n], currency) / 1e6 for n in ("amount_minor", "residual_minor"))
        held = _units(max(row["suspended_minor"] + row["cancelled_minor"], 0), currency) / 1e6
        after = ""
        if before and steps[before]["amount_minor"] > 0 and row["amount_minor"] >= 0:
            share = share_of(row["amount_minor"], steps[before]["amount_minor"], code)
            after = phrase("accelerator.ladder.of_step", code, share=share, step=step_name(before, code))
        sure = amount - min(max(residual, 0), max(amount, 0))
        bars.append(Step(step_name(step, code), sure, amount - sure, held, in_millions(amount * 1e6, code), after))
        before = step
    title = phrase("accelerator.ladder.chart", code, currency=currency)
    unit = phrase("accelerator.ladder.millions", code, currency=currency)
    return Chart(title, steps_chart(bars, unit=unit, language=code, describe=title))


def _names(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Names of organisations by their references."""
    held = table_of(tables, "organisations").dropna(subset=["name"])
    return {str(row["organisation"]): str(row["name"]) for row in held.to_dict("records")}


def _tables(ladder: Ladder, currency: str, code: str, names: Mapping[str, str]) -> list[SheetTable]:
    cells = ladder.cells[ladder.cells["currency"] == currency].astype(
        {"donor": "str", "pillar": "str", "instrument": "str"}
    )
    cells = cells.assign(step=cells["step"].astype("str"))
    donors = cells.assign(who=[_donor(r, code, names) for r in cells[["donor", "instrument"]].to_dict("records")])
    words = pillar_names(code, "short")
    pillars = cells.assign(
        who=cells["pillar"].map(
            lambda p: f"{p} {words[int(p)]}" if p != UNALLOCATED else phrase("accelerator.ladder.unallocated", code)
        )
    )
    return [
        _crossed(donors, "donor", currency, code, most=MOST_DONORS),
        _crossed(pillars.sort_values("pillar", kind="stable"), "pillar", currency, code),
        _confirmed(_steps(ladder, currency), currency, code),
    ]  # fmt: skip


def _donor(row: Mapping[Any, Any], code: str, names: Mapping[str, str]) -> str:
    donor = (
        phrase("accelerator.ladder.donor_not_said", code)
        if row["donor"] == NOT_SAID
        else named("place", names.get(row["donor"], row["donor"]), code)
    )
    instrument = phrase(f"accelerator.ladder.instrument.{row['instrument'].replace(' ', '_')}", code)
    return f"{donor}, {instrument}" if code != "zh" else f"{donor}，{instrument}"


def _crossed(cells: pd.DataFrame, what: str, currency: str, code: str, most: int = 99) -> SheetTable:
    """Rows of who or what, columns of steps, in millions; a gap where no row tells."""
    order = list(dict.fromkeys(cells["who"]))
    sums = {(str(w), str(s)): int(a) for w, s, a in
            cells.groupby(["who", "step"], sort=False)["amount_minor"].sum().reset_index().itertuples(index=False)}  # fmt: skip
    order = [w for w in order if any(sums.get((w, s)) for s in STEPS)]
    if what == "donor":
        order.sort(key=lambda w: (-max(sums.get((w, s), 0) for s in STEPS), w))
    rows = [(who, *(_cell(sums.get((who, s)), currency, code) for s in STEPS)) for who in order[:most]]
    if rest := order[most:]:
        total = {s: [sums[w, s] for w in rest if (w, s) in sums] for s in STEPS}
        cut = (_cell(sum(total[s]) if total[s] else None, currency, code) for s in STEPS)
        rows.append((phrase("accelerator.ladder.others", code, n=len(rest)), *cut))
    head = (phrase(f"accelerator.ladder.head.{what}", code), *(step_name(s, code) for s in STEPS))
    title = phrase(f"accelerator.ladder.by_{what}", code, currency=currency)
    return SheetTable(title, head, tuple(rows), (1, 2, 3, 4, 5), (3.4, 1, 1, 1, 1, 1))


def _cell(minor: int | None, currency: str, code: str) -> str:
    return "" if minor is None else in_millions(_units(minor, currency), code)


def _confirmed(steps: Mapping[str, Mapping[Any, Any]], currency: str, code: str) -> SheetTable:
    rows = []
    for who in ("donor", "country", "nobody"):
        cells = []
        for step in STEPS:
            if step not in steps:
                cells.append("")
                continue
            row = steps[step]
            nobody = row["amount_minor"] - row["by_donor_minor"] - row["by_country_minor"]
            cells.append(_cell(nobody if who == "nobody" else row[f"by_{who}_minor"], currency, code))
        rows.append((phrase(f"accelerator.ladder.confirmed.{who}", code), *cells))
    head = (phrase("accelerator.ladder.head.confirmed", code), *(step_name(s, code) for s in STEPS))
    title = phrase("accelerator.ladder.by_confirmed", code, currency=currency)
    days = [row["confirmed_on"] for row in steps.values() if not pd.isna(row["confirmed_on"])]
    if days:
        latest = phrase("accelerator.ladder.confirmed.latest", code, date=in_words(max(days).date(), code))
        title = f"{title} ({latest})" if code != "zh" else f"{title}（{latest}）"
    return SheetTable(title, head, tuple(rows), (1, 2, 3, 4, 5), (3.4, 1, 1, 1, 1, 1))


def _missing(
    ladder: Ladder,
    rolled: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    currencies: list[str],
    iso3: str,
    code: str,
) -> list[str]:
    said = []
    for currency in currencies[:MOST_CHARTS]:
        steps = _steps(ladder, currency)
        if lost := [step_name(s, code) for s in STEPS if s not in steps]:
            said.append(phrase("accelerator.ladder.missing.steps", code, currency=currency, steps=listed(lost, code)))
        for what, columns in (
            ("residual", ("residual_minor",)), ("twice", ("linked_minor", "levels_minor")),
            ("held", ("suspended_minor", "cancelled_minor")), ("crosswalk", ("crosswalk_minor",)),
        ):  # fmt: skip
            for step in (s for s in STEPS if s in steps):
                if minor := sum(steps[step][column] for column in columns):
                    said.append(_of_step(f"accelerator.ladder.missing.{what}", minor, currency, step, code))
    said += [notice.message for notice in ladder.notices if notice.rule == "crossing"][:MOST_CROSSINGS]
    if iso3 != "all":
        nowhere = sum_by(rolled[rolled["iso3"] == UNALLOCATED], ["step", "currency"], ["amount_minor"])
        said += [
            _of_step("accelerator.ladder.missing.country", int(minor), str(currency), str(step), code)
            for step, currency, minor in nowhere.itertuples(index=False)
            if minor
        ]
    overlaps = table_of(tables, "overlaps")
    for place, row in enumerate(overlaps.to_dict("records")):
        minor = int(row["amount_minor"])
        if iso3 != "all":  # what of it falls to this country
            of_it = rollup({**tables, **_NO_MONEY, "overlaps": overlaps.iloc[[place]]})
            minor = int(of_it.loc[of_it["iso3"] == iso3, "overlap_minor"].sum())
        if not minor:
            continue
        amount = money(_units(minor, str(row["currency"])), str(row["currency"]), code)
        said.append(phrase("accelerator.ladder.missing.overlap", code, amount=amount, step=step_name(row["step"], code),
                           reason=str(row["reason"])))  # fmt: skip
    if rest := currencies[MOST_CHARTS:]:
        said.append(phrase("accelerator.ladder.missing.currencies", code, currencies=listed(rest, code)))
    return [*said, phrase("accelerator.ladder.missing.shown", code)]


def _of_step(message: str, minor: int, currency: str, step: str, code: str) -> str:
    return phrase(message, code, amount=money(_units(minor, currency), currency, code), step=step_name(step, code))
