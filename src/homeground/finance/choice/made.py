# SPDX-License-Identifier: Apache-2.0
"""A made survey: answers of people who do not exist, drawn from weights that are known, to try the models on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from homeground.errors import DataError
from homeground.finance.choice.attributes import Attribute, attributes_on_cards, coded, terms_of
from homeground.finance.choice.design import choice_design, none_rows
from homeground.finance.choice.stated import STEPS

MADE_STEPS = (0.5, 0.4, 0.7, 0.3, 0.7, 0.6)  # made: share of each step of the funnel that goes on to the next
SEGMENTS = ("own land there", "family land there", "no land there")  # made
_ROOM = Path(__file__).parent


def made_weights() -> pd.DataFrame:
    """The weights of the made survey: invented, no finding about anybody.

    Returns
    -------
    DataFrame
        term, mean and spread (standard deviation over people), note.

    Examples
    --------
    >>> made_weights().set_index("term").at["return", "mean"]
    np.float64(0.25)
    """
    return pd.read_csv(_ROOM / "made.csv")


def made_survey(
    people: int = 300,
    *,
    cards: pd.DataFrame | None = None,
    attributes: Sequence[Attribute] | None = None,
    weights: pd.DataFrame | None = None,
    spread: bool = False,
    seed: int = 1,
) -> pd.DataFrame:
    """Answers of made people to choice cards, as `homeground.finance.choice_model` reads them.

    Parameters
    ----------
    people : int
        Who answers all cards of a version; versions go round.
    cards : DataFrame, optional
        version, card, option and attributes, without "none"; the design of the shipped attributes if left out.
    attributes : sequence of Attribute, optional
        Of those cards.
    weights : DataFrame, optional
        term, mean and spread; `made_weights` if left out.
    spread : bool
        True: people differ by the spreads (what a mixed logit recovers); False: all have the means.
    seed : int
        Of all draws.

    Returns
    -------
    DataFrame
        answer, segment (made; it tells nothing of the choices), version, card, option, chosen, the attributes.

    Raises
    ------
    DataError
        Fewer than one person, or terms without a weight.

    Examples
    --------
    >>> survey = made_survey(4)
    >>> len(survey), int(survey["chosen"].sum())
    (96, 32)
    """
    if people < 1:
        raise DataError(f"1 or more made people were expected, found {people}.")
    shown = tuple(attributes) if attributes is not None else attributes_on_cards()
    if cards is None:
        cards = _shipped_cards()
    given = (made_weights() if weights is None else weights).set_index("term")
    terms = terms_of(shown)
    if missing := [term for term in terms if term not in given.index]:
        raise DataError(f"a weight for each term was expected; {missing} have none.")
    rng = np.random.default_rng(seed)
    mean = given.loc[terms, "mean"].to_numpy(float)
    spreads = given.loc[terms, "spread"].to_numpy(float) if spread else np.zeros(len(terms))
    full = none_rows(cards, shown)
    versions = [part.reset_index(drop=True) for _, part in full.groupby("version")]
    numbers = [coded(part, shown) for part in versions]
    options = int(full.groupby(["version", "card"]).size().iloc[0])
    parts = []
    for person in range(people):
        at = person % len(versions)
        weight = mean + spreads * rng.standard_normal(len(terms))
        utility = (numbers[at] @ weight + rng.gumbel(size=len(numbers[at]))).reshape(-1, options)
        chosen = (utility == utility.max(axis=1, keepdims=True)).astype(int).ravel()
        segment = SEGMENTS[int(rng.choice(len(SEGMENTS), p=[0.45, 0.4, 0.15]))]
        parts.append(versions[at].assign(answer=person + 1, segment=segment, chosen=chosen))
    found = pd.concat(parts, ignore_index=True)
    names = [one.name for one in shown]
    return found[["answer", "segment", "version", "card", "option", "chosen", *names]]


def wide_answers(survey: pd.DataFrame) -> pd.DataFrame:
    """A table of answered cards as a form gives it: one row for each questionnaire, one column for each card.

    Parameters
    ----------
    survey : DataFrame
        As `made_survey` gives it.

    Returns
    -------
    DataFrame
        consent, adult (yes), segment, version, v1_card_1, ... with the option that was chosen.

    Examples
    --------
    >>> wide_answers(made_survey(2))[["version", "v1_card_1", "v2_card_1"]].notna().sum().tolist()
    [2, 1, 1]
    """
    taken = survey[survey["chosen"] == 1]
    column = "v" + taken["version"].astype(str) + "_card_" + taken["card"].astype(str)
    wide = taken.assign(_column=column).pivot_table(index="answer", columns="_column", values="option", aggfunc="first")
    first = taken.groupby("answer")[["segment", "version"]].first()
    return pd.concat([first.assign(consent="yes", adult="yes"), wide], axis=1).reset_index(drop=True)


@lru_cache(maxsize=1)
def _shipped_cards() -> pd.DataFrame:
    return choice_design(starts=1).cards


def write_made(folder: Path | str, *, people: int = 300, spread: bool = False, seed: int = 1) -> list[Path]:
    """Write a made survey as a form would give it, its cards, and a made funnel.

    Parameters
    ----------
    folder : path
        Made if it is not there; files of these names are not overwritten.
    people : int
        Made people.
    spread : bool
        As of `made_survey`.
    seed : int
        Of all draws.

    Returns
    -------
    list of Path
        made_answers.csv, made_cards.csv, made_funnel.csv.

    Raises
    ------
    DataError
        Files stand there already.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_made(folder, people=40)]
    ['made_answers.csv', 'made_cards.csv', 'made_funnel.csv']
    """
    to = Path(folder)
    paths = [to / f"made_{name}.csv" for name in ("answers", "cards", "funnel")]
    if there := [path.name for path in paths if path.exists()]:
        raise DataError(f"{folder}: {there} stand there already; name a new folder.")
    survey = made_survey(people, spread=spread, seed=seed)
    to.mkdir(parents=True, exist_ok=True)
    wide_answers(survey).to_csv(paths[0], index=False)
    none_rows(_shipped_cards(), attributes_on_cards()).to_csv(paths[1], index=False)
    rng = np.random.default_rng(seed)
    rows = []
    for segment in SEGMENTS:
        counts = [20 * people]
        for share in MADE_STEPS:
            counts.append(int(rng.binomial(counts[-1], share)))
        rows.append([segment, *counts])
    pd.DataFrame(rows, columns=["segment", *STEPS]).to_csv(paths[2], index=False)
    return paths
