# SPDX-License-Identifier: Apache-2.0
"""What a reader of the ladder must know: money not divided, not linked, not converted, shares that do not sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from homeground.accelerator.issues import Issue
from homeground.accelerator.ladder.grouping import sum_by
from homeground.accelerator.ladder.rows import KINDS, OFFICIAL, STEPS, table_of, with_currency
from homeground.accelerator.ladder.shares import UNALLOCATED, sums_of_shares
from homeground.language.figures import write_number
from homeground.language.languages import NBSP
from homeground.language.messages import phrase
from homeground.numbers.money import from_minor, minor_digits

ALIKE = ["project", "kind", "date", "currency", "amount_minor"]
MOST_NAMES = 4
RATE_DIGITS = 6  # significant, of a rate in a sentence


def notices_of(
    tables: Mapping[str, pd.DataFrame],
    rolled: pd.DataFrame,
    crossed: pd.DataFrame,
    not_converted: pd.DataFrame,
    language: str = "en",
) -> tuple[Issue, ...]:
    """Notices and warnings on a ladder.

    Parameters
    ----------
    tables : mapping of DataFrame
    rolled, crossed : DataFrame
        Of `rollup_and_crossings`.
    not_converted : DataFrame
        currency, year, amount_minor.
    language : str, optional
        Of message and fix: en, fr or zh. File, rule and severity stay as they are.

    Returns
    -------
    tuple of Issue

    Examples
    --------
    >>> shares = pd.DataFrame({"project": ["P", "P"], "iso3": ["MLI", "NER"], "share": [70.0, 70.0]})
    >>> from homeground.accelerator.ladder.rollup import rollup_and_crossings
    >>> [n.rule for n in notices_of({"project_countries": shares}, *rollup_and_crossings({}), pd.DataFrame())]
    ['shares']
    """
    found = [
        *_pledges(tables, language), *_shares(tables, language), *_overspent(rolled, language),
        *_parts(rolled, language), *_alike(tables, language), *_crossings(crossed, language),
    ]  # fmt: skip
    for row in not_converted.to_dict("records"):
        year = int(row["year"])
        words = {"amount": _money(row["amount_minor"], str(row["currency"]), language), "year": str(year)}
        found.append(_notice("exchange_rates", "rate", "rate" if year else "rate.undated", language, **words))
    return tuple(found)


def _pledges(tables: Mapping[str, pd.DataFrame], code: str) -> Iterator[Issue]:
    """Pledges of named donors that do not sum to what the host of the event printed: both stay as they are."""
    table = table_of(tables, "pledges")
    table = table[table["state"] != "withdrawn"]
    table = table.assign(amount_minor=table["amount_minor"].astype("int64"))
    official = table[table["donor"] == OFFICIAL]
    for row in official.to_dict("records"):
        same = (table["event"] == row["event"]) & (table["currency"] == row["currency"]) & (table["donor"] != OFFICIAL)
        total, printed = int(table.loc[same, "amount_minor"].sum()), int(row["amount_minor"])
        if total != printed:
            words = {"event": str(row["event"]), "total": _money(total, row["currency"], code),
                     "printed": _money(printed, row["currency"], code)}  # fmt: skip
            yield _notice("pledges", "overlap", "pledges.more" if total > printed else "pledges.less", code, **words)


def _shares(tables: Mapping[str, pd.DataFrame], code: str) -> Iterator[Issue]:
    for name, what in (("project_countries", "country"), ("project_pillars", "pillar")):
        for row in sums_of_shares(table_of(tables, name)).to_dict("records"):
            over = row["share"] > 100
            words = {"project": str(row["project"]), "share": _plain(row["share"], code),
                     "what": phrase(f"accelerator.ladder.notice.shares.{what}", code)}  # fmt: skip
            yield _notice(name, "shares", "shares.over" if over else "shares.under", code, path="share",
                          severity="warning" if over else "notice", **words)  # fmt: skip


def _overspent(rolled: pd.DataFrame, code: str) -> Iterator[Issue]:
    """A later step that exceeds an earlier one which is told at all, in one currency."""
    sums = sum_by(rolled, ["step", "currency"], ["amount_minor"])
    by = {(str(s), str(c)): int(a) for s, c, a in sums.itertuples(index=False)}
    for currency in dict.fromkeys(str(c) for c in sums["currency"]):
        told = [step for step in STEPS if by.get((step, currency), 0) > 0]
        for before, after in pairwise(told):
            if by[after, currency] > by[before, currency] and (before, after) != ("disbursed", "spent"):
                words = {"after": _step(after, code), "more": _money(by[after, currency], currency, code),
                         "before": _step(before, code), "less": _money(by[before, currency], currency, code)}  # fmt: skip
                yield _notice("transactions", "order of steps", "order", code, **words)


def _parts(rolled: pd.DataFrame, code: str) -> Iterator[Issue]:
    lost = rolled[rolled["iso3"].astype("str") == UNALLOCATED]
    for table, column, file, rule in (
        (rolled, "residual_minor", "transactions", "links"),
        (rolled, "levels_minor", "project_links", "levels"),
        (lost, "amount_minor", "transactions", "country"),
    ):
        for step, currency, amount in sum_by(table, ["step", "currency"], [column]).itertuples(index=False):
            if amount:
                words = {"step": _step(str(step), code), "amount": _money(amount, str(currency), code)}
                yield _notice(file, rule, rule, code, **words)


def _alike(tables: Mapping[str, pd.DataFrame], code: str) -> Iterator[Issue]:
    """Rows of one project alike in all but their source, such as a sheet and the donor's file: nobody says they are two."""
    table = table_of(tables, "transactions")
    table = table[table["kind"].isin(list(KINDS)) & (table["amount_minor"] != 0)]
    if table["source"].nunique(dropna=False) < 2:
        return
    table = with_currency(table, tables)
    table = table.assign(date=pd.to_datetime(table["date"]), source=table["source"].fillna(""))
    table = table[table.duplicated(ALIKE, keep=False)]
    table = table.assign(step=table["kind"].map({kind: step for kind, (step, _) in KINDS.items()}))
    for (step, currency), rows in table.groupby(["step", "currency"], sort=True):
        twice = [part for _, part in rows.groupby(ALIKE, sort=True) if part["source"].nunique() > 1]
        amount = sum(int(part["amount_minor"].iloc[0]) * (part["source"].nunique() - 1) for part in twice)
        if names := [str(name) for part in twice for name in part["transaction"]]:
            told = ", ".join([*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])])
            words = {"step": _step(str(step), code), "amount": _money(amount, str(currency), code), "rows": told}
            yield _notice("transactions", "alike", "alike", code, **words)


def _crossings(crossed: pd.DataFrame, code: str) -> Iterator[Issue]:
    """Money that went on in another currency: netted by which rate, or by none."""
    for row in crossed.to_dict("records"):
        words = {"step": _step(row["step"], code), "project": str(row["project"]), "givers": row["givers"],
                 "came": _money(row["from_minor"], row["from_currency"], code), "lacking": row["lacking"]}  # fmt: skip
        if row["lacking"]:
            yield _notice("exchange_rates", "crossing", "crossing.no_rate", code, **words)
        else:
            words |= {"linked": _money(row["linked_minor"], row["currency"], code), "currency": row["currency"],
                      "from_currency": row["from_currency"], "rate": _plain(row["rate"], code), "years": row["years"]}  # fmt: skip
            yield _notice("exchange_rates", "crossing", "crossing.netted", code, **words)


def _step(step: str, code: str) -> str:
    return phrase(f"accelerator.ladder.step.{step}", code)


def _money(minor: Any, currency: str, code: str) -> str:
    return f"{write_number(from_minor(int(minor), currency), minor_digits(currency), code)}{NBSP}{currency}"  # type: ignore[arg-type]


def _plain(value: float, code: str) -> str:
    """A number with the digits it has, six at most that count."""
    text = f"{value:.{RATE_DIGITS}g}"
    if "e" in text:
        text = f"{float(text):f}".rstrip("0").rstrip(".")
    return write_number(float(text), len(text.partition(".")[2]), code)


def _notice(
    file: str, rule: str, name: str, code: str, *, path: str = "", severity: str = "notice", **words: str
) -> Issue:
    said = phrase(f"accelerator.ladder.notice.{name}", code, **words)
    fix = phrase(f"accelerator.ladder.notice.{name.partition('.')[0]}.fix", code, **words)
    return Issue(file, 0, path, rule, severity, said, fix)
