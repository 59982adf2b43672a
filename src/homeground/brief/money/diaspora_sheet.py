# SPDX-License-Identifier: Apache-2.0
"""What diaspora money could carry of a study's plan, on a sheet: at which return and risk, with which protection."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from homeground.brief.accelerator.sheet import Chart, Sheet, money, share_of
from homeground.brief.drawing.charts import interval_dots
from homeground.brief.facts.sources import study_words
from homeground.brief.money.diaspora_tables import (
    bound_elsewhere,
    gates_table,
    own_values,
    rates_table,
    received_table,
    totals_table,
    ways_table,
)
from homeground.catalogue.atlas import country_names
from homeground.finance.diaspora.carrying import YEARS
from homeground.finance.diaspora.ways import COVER, PUBLIC_RATE
from homeground.language.figures import date as in_words
from homeground.language.figures import listed, span
from homeground.language.messages import phrase
from homeground.language.quantities import quantity
from homeground.numbers.fact import Amount
from homeground.study.model import Study

CURRENCY = "USD"


@dataclass(frozen=True)
class Carried:
    """All that the sheet tells.

    summary of `remittance_summary`, beside of `plan_beside`, rates of `carried`, ways of `ways_to_carry`, totals of `national_totals`, gates of
    `host_gates`, values of the run (finance_values.parquet), the instrument asked about, years of the plan.
    """

    summary: pd.DataFrame
    beside: Mapping[str, float]
    rates: pd.DataFrame
    ways: pd.DataFrame
    gates: pd.DataFrame
    values: pd.DataFrame
    instrument: str
    years: int
    price_year: int
    corridors: pd.DataFrame
    totals: pd.DataFrame


def diaspora_sheet(study: Study, found: Carried, code: str, *, day: datetime.date) -> Sheet:
    """The sheet in one language.

    Parameters
    ----------
    study : Study
    found : Carried
    code : str
        en, fr or zh.
    day : date
        When it is written.

    Returns
    -------
    Sheet

    Raises
    ------
    StudyError
        There is no such language.
    """
    names = country_names(code)
    return Sheet(
        language=code,
        kicker=_say("kicker", code),
        title=study_words(study.title, code),
        question=_say("question", code),
        findings=tuple(_findings(found, code)),
        charts=(_chart(found, names, code),),
        chart_shows=_say("chart_shows", code),
        tables=(
            received_table(found.summary, found.values, names, code),
            rates_table(found.rates, code),
            ways_table(found.ways, code),
            gates_table(found.gates, found.instrument, names, code),
            *((totals,) if (totals := totals_table(found.totals, names, code)).rows else ()),
        ),
        missing_title=_say("missing_title", code),
        missing=tuple(_missing(study, found, code)),
        sources_title=_say("sources_title", code),
        sources=tuple(_sources(found, code)),
        made=_say("made", code, date=in_words(day, code)),
        date=day.isoformat(),
    )


def _say(name: str, code: str, **words: object) -> str:
    return phrase(f"finance.carried.{name}", code, **words)  # type: ignore[arg-type]


def _findings(found: Carried, code: str) -> list[str]:
    beside, said = found.beside, []
    years = [int(year) for year in found.summary["year"].dropna()]
    received = {"n": int(beside["countries"]), "received": money(beside["received"], CURRENCY, code)}
    if years:
        said.append(_say("received", code, years=span(min(years), max(years)), **received))
    amounts = {end: money(beside[f"investable{end}"], CURRENCY, code) for end in ("_low", "", "_high")}
    shares = {f"share{end}": share_of(beside[f"share{end}"], 1.0, code) for end in ("_low", "_high")}
    cost = money(beside["cost_a_year"], CURRENCY, code)
    words = {"low": amounts["_low"], "middle": amounts[""], "high": amounts["_high"], "cost": cost}
    said.append(_say("could", code, **words, **shares))
    elsewhere = bound_elsewhere(found.summary, country_names(code), code)
    if beside["committed"] > 0:
        said.append(_say("committed", code, amount=money(beside["committed"], CURRENCY, code)))
    elif not elsewhere:
        said.append(_say("committed_none", code))
    if elsewhere:
        said.append(phrase("finance.remittances.committed_other", code, sums=elsewhere))
    row = found.rates.iloc[-2] if len(found.rates) > 1 else found.rates.iloc[-1]
    promised = quantity(Amount(100 * row["promised"], "%", 0), code)[0]
    if beside["benefit"] > 0:
        most = {"most": money(row["from_land"], CURRENCY, code), "share": share_of(row["of_investable"], 1.0, code)}
        said.append(_say("land_pays", code, promised=promised, **most))
    else:
        said.append(_say("land_pays_nothing", code))
    ends = {end: quantity(Amount(100 * row[f"expected{tail}"], "%", 1), code)[0] for end, tail in
            (("low", "_low"), ("middle", ""), ("high", "_high"))}  # fmt: skip
    said.append(_say("risk", code, promised=promised, **ends))
    said.append(_protected(found, code))
    return said


def _protected(found: Carried, code: str) -> str:
    gates = found.gates
    ready = gates[gates["ready"].astype(bool)]
    unknown = int((gates["state"] == "not_known").sum())
    words = {"n": len(gates), "share": share_of(float(gates["share"].sum()), 1.0, code), "unknown": unknown}
    if len(ready):
        names = country_names(code)
        return _say("some_ready", code, hosts=listed([names[h] for h in ready["host"]], code), **words)
    return _say("none_ready", code, **words)


def _chart(found: Carried, names: Mapping[str, str], code: str) -> Chart:
    rows = found.summary
    frame = pd.DataFrame({"name": [names.get(i, i) for i in rows["iso3"]]})
    for end in ("_low", "", "_high"):
        frame[f"investable{end}"] = rows[f"investable{end}"].to_numpy(dtype=float)
    title = _say("chart", code)
    svg = interval_dots(
        frame, label="name", value="investable", low="investable_low", high="investable_high",
        unit=_say("unit", code, currency=CURRENCY), decimals=1, language=code, describe=title,
    )  # fmt: skip
    return Chart(title, svg)


def _missing(study: Study, found: Carried, code: str) -> list[str]:
    years = {"year": str(found.price_year), "matrix": "–", "prices": "–"}
    if len(found.corridors):
        # The year that most of the money's prices are of.
        weights = found.corridors.groupby("cost_year")["flow"].sum()
        years |= {"matrix": str(found.corridors["year"].iloc[0]), "prices": str(weights.idxmax())}
    said = [_say("own_money", code), _say("shares", code), _say("nominal", code, **years)]
    absent = found.summary.loc[found.summary["received"].isna(), "iso3"]
    if len(absent):
        names = country_names(code)
        said.append(_say("no_figure", code, countries=listed([names.get(i, i) for i in absent], code)))
    part, rate = (quantity(Amount(100 * x, "%"), code)[0] for x in (COVER, PUBLIC_RATE))
    said += [_say("upper_bound", code), _say("cover", code, cover=part, rate=rate, n=YEARS), _say("not_law", code)]
    if "XKX" in study.countries:
        said.append(phrase("page.note.kosovo", code, standard="3166"))
    return said


def _sources(found: Carried, code: str) -> list[str]:
    matrix, prices = found.corridors["source"].dropna(), own_values(found.values)["source"].dropna()
    seen = dict.fromkeys([*found.summary["source"], *matrix, *prices])
    return [*(str(one) for one in seen if one), _say("source_run", code)]
