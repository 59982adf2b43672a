# SPDX-License-Identifier: Apache-2.0
"""What public figures say of the money of the Great Green Wall, step by step; contradictions stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.accelerator.issues import Issue
from homeground.catalogue import figures
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent
WALL = "Great Green Wall"
CO2_PER_CARBON = 44 / 12  # mass of carbon dioxide that a mass of carbon makes
COUNTRIES = ("BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN")
PUBLISHED, WORKED_OUT, NOT_PUBLISHED = "published", "worked out", "not published"


@dataclass(frozen=True)
class FirstAnswer:
    """What is known without a registry.

    ``pledges``: one row a donor that is named with a sum. ``steps``: one row for each thing said of a step of the ladder,
    and one without value for each step of which nothing is. ``claims``: figures on one question side by side.
    ``not_published``: what nobody published, with whom to ask. ``notices``: what does not fit.
    """

    pledges: pd.DataFrame
    steps: pd.DataFrame
    claims: pd.DataFrame
    not_published: pd.DataFrame
    notices: tuple[Issue, ...]


def first_answer() -> FirstAnswer:
    """The money of the Great Green Wall from shipped, cited figures; nothing is added that nobody published.

    Returns
    -------
    FirstAnswer
        Amounts in whole units of the currency that ``unit`` names; each row with its source and note.

    Notes
    -----
    "Worked out" are: the sum of named pledges, shares of 19 bn USD as money, and carbon as carbon dioxide (x 44/12).
    They are marked and never replace a published figure.

    Examples
    --------
    >>> answer = first_answer()
    >>> float(answer.pledges["value"].sum())
    15000000000.0
    >>> answer.steps.loc[answer.steps["kind"] == "not published", "step"].tolist()
    ['committed', 'spent']
    """
    facts = figures.load("cited_facts")
    pledged = facts[(facts["indicator"] == "pledged") & (facts["place"] != WALL)]
    pledges = pledged.sort_values("value", ascending=False, kind="stable", ignore_index=True)
    pledges = pledges.rename(columns={"place": "donor"})[["donor", "year", "value", "unit", "source", "note"]]
    wall = facts[facts["place"] == WALL]
    unknown = pd.DataFrame(read_rows(HERE / "not_published.csv"))
    return FirstAnswer(pledges, _steps(wall), _claims(wall, pledges), unknown, tuple(_notices(wall, pledges)))


def empty_form() -> pd.DataFrame:
    """The form of what nobody published: a row for each country and pillar, without an amount, with whom to ask.

    Returns
    -------
    DataFrame
        Columns of the table of allocations of the registry: allocation, project, donor, iso3, pillar, instrument, amount,
        currency, date, source. Filled in it is read as that table.

    Examples
    --------
    >>> form = empty_form()
    >>> len(form), int(form["amount"].notna().sum())
    (55, 0)
    """
    ask = read_rows(HERE / "not_published.csv")[2]["ask"]
    rows: list[dict[str, Any]] = [
        {"allocation": f"{iso3}-{pillar}", "project": None, "donor": None, "iso3": iso3, "pillar": pillar,
         "instrument": None, "amount": None, "currency": None, "date": None, "source": f"to be filled in from: {ask}"}
        for iso3 in COUNTRIES for pillar in range(1, 6)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _fact(wall: pd.DataFrame, indicator: str, source: str = "") -> pd.Series[Any]:
    found = wall[(wall["indicator"] == indicator) & wall["source"].str.startswith(source)]
    return found.iloc[0]


def _steps(wall: pd.DataFrame) -> pd.DataFrame:
    """What is known of each step; a step of which nothing is stands there without a value."""
    later, day = _fact(wall, "pledged", "UNCCD, "), _fact(wall, "pledged", "Great Green Wall press")
    part, paid = _fact(wall, "pledge_programmed_share"), _fact(wall, "disbursed")
    weak, share = _fact(wall, "committed"), _fact(wall, "disbursed_share")
    rows = [
        _row("pledged", later, PUBLISHED), _row("pledged", day, PUBLISHED),
        _row("programmed", part, PUBLISHED),
        _row("programmed", part, WORKED_OUT, value=part["value"] / 100 * later["value"], unit="USD"),
        _none("committed", "no official source; the one number found stands on a weak page"),
        _row("committed", weak, PUBLISHED),
        _row("disbursed", paid, PUBLISHED), _row("disbursed", share, PUBLISHED),
        _row("disbursed", share, WORKED_OUT, value=share["value"] / 100 * later["value"], unit="USD"),
        _none("spent", "nobody published what was spent on the ground"),
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _row(step: str, fact: pd.Series[Any], kind: str, **other: Any) -> dict[str, Any]:
    row = {"step": step, "kind": kind, "value": float(fact["value"]), "unit": fact["unit"], "year": fact["year"]}
    return {**row, "source": fact["source"], "note": fact["note"], **other}


def _none(step: str, note: str) -> dict[str, Any]:
    nothing = {"value": float("nan"), "unit": "", "year": pd.NA, "source": ""}
    return {"step": step, "kind": NOT_PUBLISHED, **nothing, "note": note}


def _claims(wall: pd.DataFrame, pledges: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for claim in read_rows(HERE / "claims.csv"):
        about = {name: text for name, text in claim.items() if name.startswith(("claim", "reading"))}
        if claim["places"] == "donors":
            named, nan = pledges[pledges["unit"] == "USD"], float("nan")
            rows.append(about | {
                "value": float(named["value"].sum()), "low": nan, "high": nan, "unit": "USD", "year": pd.NA,
                "kind": WORKED_OUT, "source": "; ".join(dict.fromkeys(named["source"])),
                "note": "names: " + ", ".join(named["donor"]),
            })  # fmt: skip
            continue
        said_so = (wall["indicator"] == claim["indicator"]) & wall["source"].str.startswith(claim["source"])
        for fact in wall[said_so].to_dict("records"):
            factor, unit = float(claim["factor"]), claim["unit"] or fact["unit"]
            kind = PUBLISHED if factor == 1 else WORKED_OUT
            said = {name: fact[name] * factor for name in ("value", "low", "high")}
            said |= {"unit": unit, "year": fact["year"], "kind": kind}
            rows.append(about | said | {"source": fact["source"], "note": fact["note"]})
    return pd.DataFrame(rows)


def _notices(wall: pd.DataFrame, pledges: pd.DataFrame) -> list[Issue]:
    """What does not fit; each keeps both numbers, none is normalised."""
    day = float(_fact(wall, "pledged", "Great Green Wall press")["value"])
    later = float(_fact(wall, "pledged", "UNCCD, ")["value"])
    paid, share = float(_fact(wall, "disbursed")["value"]), float(_fact(wall, "disbursed_share")["value"])
    need = float(_fact(wall, "needed_finance_total", "UNCCD")["value"])
    carbon = float(_fact(wall, "target_carbon", "UNCCD")["value"])
    found = overlap_notices(pledges, "USD", day)
    found += [
        _notice("disbursed", f"more than {share:g} % disbursed would be {share / 100 * later / 1e9:g} bn USD of {later / 1e9:g}"
                f" bn; {paid / 1e9:g} bn ({100 * paid / later:.0f} %) was said in March 2023.",
                "Ask both sources for the day and for what they count as disbursed."),
        _notice("need", f"{day / 1e9:g} bn is {100 * day / need:.0f} % of {need / 1e9:g} bn, and {100 * day / (need + day):.0f} %"
                f" of {need / 1e9:g} bn on top of it: the 30 % of the press release fits only the second definition.",
                "Say with the number which of the two is meant."),
        _notice("carbon", f"{carbon / 1e6:g} Mt C are {carbon * CO2_PER_CARBON / 1e6:.0f} Mt CO2: sources print"
                f" {carbon / 1e6:g} Mt of both.", "Say with the number whether it is carbon or carbon dioxide."),
    ]  # fmt: skip
    return found


def overlap_notices(pledges: pd.DataFrame, currency: str, official: float) -> list[Issue]:
    """A sum of named pledges that differs from the official total: told, never normalised.

    Parameters
    ----------
    pledges : DataFrame
        donor, value, unit.
    currency : str
    official : float
        The total as its publisher prints it.

    Returns
    -------
    list of Issue
        Empty where the sum is the total.

    Examples
    --------
    >>> told = pd.DataFrame({"donor": ["A", "B"], "value": [6.0, 5.0], "unit": ["USD"] * 2})
    >>> overlap_notices(told, "USD", 10.0)[0].rule, overlap_notices(told, "USD", 11.0)
    ('overlap', [])
    """
    named = pledges[pledges["unit"] == currency]
    total = float(named["value"].sum())
    if total == official:
        return []
    gap, way = abs(total - official), "more" if total > official else "less"
    why = "so donors count some money twice" if total > official else "so some donors are not named"
    text = (
        f"the pledges of {len(named)} named donors sum to {total / 1e9:g} bn {currency}, {gap / 1e9:.3g} bn {way} than the "
        f"official {official / 1e9:g} bn, {why}."
    )
    return [_notice("overlap", text, "Name the money that two donors count; until then neither number is changed.")]


def _notice(rule: str, message: str, fix: str) -> Issue:
    return Issue("cited_facts.csv", 0, "", rule, "notice", message, fix)
