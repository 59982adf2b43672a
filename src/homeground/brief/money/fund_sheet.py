# SPDX-License-Identifier: Apache-2.0
"""A trust fund on a sheet: what it pays for, what each part gets, by date, and what is only assumed."""

from __future__ import annotations

import datetime
import math

import pandas as pd

from homeground.brief.accelerator.sheet import Chart, Sheet, SheetTable, in_millions, money, share_of
from homeground.brief.drawing.bars import stacked_years
from homeground.brief.facts.sources import study_words
from homeground.finance.instruments.grant_element import IMF_WORLD_BANK, OECD
from homeground.finance.trust_fund.books import IN, TrustFund
from homeground.finance.trust_fund.terms import GRANT
from homeground.language.figures import date as in_words
from homeground.language.figures import write_number
from homeground.language.messages import phrase
from homeground.language.quantities import quantity
from homeground.numbers.fact import Amount
from homeground.study.model import Study

FLOWS = {"to_land": "#10405f", "lent": "#7da6bf", "fees": "#d9d9d9", "debt": "#a8623a", "equity": "#e3c3a8"}
DEBT = ("senior", "mezzanine", "concessional")


def fund_sheet(
    study: Study, fund: TrustFund, layers: pd.DataFrame, ratios: dict[str, float], code: str, *, day: datetime.date
) -> Sheet:
    """The sheet of a trust fund in one language.

    Parameters
    ----------
    study : Study
    fund : TrustFund
        As `homeground.finance.fund_books` gives it.
    layers : DataFrame
        Of `homeground.finance.fund_layers`.
    ratios : dict of str to float
        Of `homeground.finance.fund_ratios`.
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
    title = study_words(study.title, code)
    return Sheet(
        language=code,
        kicker=_say("kicker", code),
        title=title,
        question=_say("question", code),
        findings=tuple(_findings(fund, ratios, code)),
        charts=(_chart(fund, code),),
        chart_shows=_say("chart_shows", code),
        tables=(_parts(fund, layers, code), _years(fund, code)),
        missing_title=_say("missing_title", code),
        missing=tuple(_missing(fund, ratios, code)),
        sources_title=_say("sources_title", code),
        sources=(*(study_words(one, code) for one in fund.terms.sources), _say("source_run", code)),
        made=_say("made", code, date=in_words(day, code)),
        date=day.isoformat(),
    )


def _say(name: str, code: str, **words: object) -> str:
    return phrase(f"finance.fund.{name}", code, **words)  # type: ignore[arg-type]


def _findings(fund: TrustFund, ratios: dict[str, float], code: str) -> list[str]:
    currency = fund.currency
    paid_back = fund.paid_in - fund.grants
    words = {
        "size": money(fund.size, currency, code), "first": str(fund.plan.first), "last": str(fund.plan.first + fund.plan.years - 1),
        "grants": money(fund.grants, currency, code), "back": money(paid_back, currency, code),
    }  # fmt: skip
    said = [_say("pays", code, **words) if paid_back > 0 else _say("grants_only", code, **words)]
    if paid_back > 0:
        owed = money(ratios["owed_by_land"], currency, code)
        if math.isfinite(ratios["owed_share"]):
            said.append(_say("owed", code, owed=owed, share=share_of(ratios["owed_share"], 1.0, code)))
        else:
            said.append(_say("owed_nothing_valued", code, owed=owed))
    if math.isfinite(ratios["dscr_mean"]):
        covers = {name: _number(ratios[name], 2, code) for name in ("dscr_least", "dscr_mean", "llcr")}
        said.append(_say("cover", code, years=int(ratios["years_short"]), **covers))
    if math.isfinite(ratios["total_per_public"]):
        names = ("private_per_public", "total_per_public", "household_per_public")
        said.append(_say("leverage", code, **{name: _number(ratios[name], 3, code) for name in names}))
    return said


def _missing(fund: TrustFund, ratios: dict[str, float], code: str) -> list[str]:
    terms = fund.terms
    rows = len(terms.parts) + len(terms.fees) + 1 + sum((terms.reserve_years > 0, terms.lending is not None))
    said = []
    if terms.unverified:
        said.append(_say("unverified", code, n=len(terms.unverified), rows=max(rows, len(terms.unverified))))
    if ratios["open"] > 0:
        said.append(_say("open", code, amount=money(ratios["open"], fund.currency, code)))
    if any(one.whose == "household" for one in terms.parts):
        said.append(_say("household", code))
    return [*said, _say("at_once", code), _say("prices", code), _say("conflict", code)]


def _chart(fund: TrustFund, code: str) -> Chart:
    rows = fund.by_date.iloc[1:]
    frame = pd.DataFrame({"year": [day.year for day in rows["date"]]})
    amounts = {name: rows[name] for name in FLOWS if name != "debt"} | {"debt": rows[list(DEBT)].sum(axis=1)}
    classes = {}
    for name, colour in FLOWS.items():
        label = _say(f"flow.{name}", code)
        frame[label] = (amounts[name] / 1e6).to_numpy()
        classes[label] = colour
    title = _say("chart", code)
    unit = _say("millions", code, currency=fund.currency)
    return Chart(title, stacked_years(frame, year="year", classes=classes, unit=unit, language=code, describe=title))


def _parts(fund: TrustFund, layers: pd.DataFrame, code: str) -> SheetTable:
    rows = []
    for row in layers.to_dict("records"):
        back = row["kind"] != GRANT
        elements = [row["grant_element_imf"], row["grant_element_oecd"]]
        rows.append(
            (
                study_words(row["name"], code),
                _say(f"kind.{row['kind']}", code),
                in_millions(row["amount"], code),
                in_millions(row["received"], code) if back else "–",
                *(_percent(row[name], 2, code) for name in ("irr", "irr_doubled")),
                *(_percent(value, 0, code) for value in elements),
            )
        )
    heads = ("part", "kind", "puts_in", "gets", "return", "return_doubled", "element_imf", "element_oecd")
    title = _say("parts", code, currency=fund.currency)
    rates = {"element_imf": IMF_WORLD_BANK, "element_oecd": OECD["multilateral-other"][0]}
    said = {name: {"rate": quantity(Amount(100 * rate, "%"), code)[0]} for name, rate in rates.items()}
    named = tuple(_say(f"head.{head}", code, **said.get(head, {})) for head in heads)
    return SheetTable(title, named, tuple(rows), (2, 3, 4, 5, 6, 7), (2.6, 1.6, 1, 1, 1, 1.2, 1.2, 1.2))


def _years(fund: TrustFund, code: str) -> SheetTable:
    rows = []
    for row in fund.by_date.to_dict("records"):
        came = sum(row[name] for name in IN)
        cells = (came, row["to_land"], row["lent"], row["fees"], *(row[kind] for kind in DEBT), row["equity"])
        kept = row["unspent"] + row["reserve"]
        rows.append((row["date"].isoformat(), *(_cell(x, code) for x in cells), in_millions(kept, code)))
    heads = ("date", "came", "to_land", "lent", "fees", *DEBT, "equity", "kept")
    title = _say("years", code, currency=fund.currency)
    return SheetTable(
        title, tuple(_say(f"head.{h}", code) for h in heads), tuple(rows), tuple(range(1, 10)), (1.3, *([1] * 9))
    )


def _cell(value: float, code: str) -> str:
    return "" if abs(value) < 1 else in_millions(value, code)


def _percent(value: float, decimals: int, code: str) -> str:
    if math.isnan(value):
        return "–"
    return _say("all_lost", code) if value <= -1 else write_number(100 * value, decimals, code)


def _number(value: float, decimals: int, code: str) -> str:
    return "–" if math.isnan(value) else write_number(value, decimals, code)
