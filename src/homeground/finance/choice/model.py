# SPDX-License-Identifier: Apache-2.0
"""From answered cards to what people abroad would take, what each feature is worth to them, and what they may really do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from homeground.errors import DataError
from homeground.finance.choice.attributes import NONE, PRICE, Attribute, coded
from homeground.finance.choice.checks import Answers, check_cards
from homeground.finance.choice.design import sample_size
from homeground.finance.choice.logit import Fit, fit_conditional
from homeground.finance.choice.mixed import fit_mixed, halton_normal
from homeground.finance.choice.stated import FACTOR, HIDDEN, calibrate
from homeground.finance.choice.worth import DRAWS, SURE, worth
from homeground.numbers.disclosure import Protection, protect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BELOW_RULE = "below_rule"  # fewer people than the rule of Johnson and Orme asks for
FEW, NOT_TOLD = "few", "not_told"  # why a segment has no weights: too few people; its answers do not tell them
OTHERS = "others"  # segments of few people, taken together
HALTON = 500
THRESHOLD, ROUND_TO = 10, 5  # of the gate: people below whom a segment is taken together with others; rounding


@dataclass(frozen=True)
class ChoiceModel:
    """What a survey tells; nothing in it leads back to a person."""

    coefficients: pd.DataFrame  # term, mean, se, low, high, se_plain; spreads of random terms after the means
    worth: pd.DataFrame  # as `homeground.finance.choice.worth.worth`
    segments: pd.DataFrame  # segment, people, share that took an offer, stated and actual; weights where enough
    uptake: pd.DataFrame  # share of cards on which an offer was taken: stated, and actual by the factor
    facts: Mapping[str, Any]
    protection: Protection
    fit: Fit
    attributes: tuple[Attribute, ...]
    warnings: tuple[str, ...] = field(default=())  # other_sign, not_from_zero, below_rule, hidden


def choice_model(
    cards: pd.DataFrame,
    *,
    price: str = PRICE,
    gain: bool | None = None,
    random: Sequence[str] | str | None = None,
    attributes: Sequence[Attribute] | None = None,
    segment: str | None = None,
    factor: tuple[float, float] = FACTOR,
    draws: int = HALTON,
    worth_draws: int = DRAWS,
    seed: int = 0,
) -> ChoiceModel:
    """What people weigh on choice cards and how much return they would do without for each feature of an offer.

    Parameters
    ----------
    cards : DataFrame
        Answered cards, one row for each option; see `homeground.finance.choice.checks.check_cards`.
    price : str
        The attribute in which worth is told: "return" (points of return), or a number such as a fee.
    gain : bool, optional
        Whether more of the price is better for people; True of a "return", else False, if left out.
    random : sequence of str, or "all", optional
        Terms whose weight differs from person to person (mixed logit); "all" but the price and the constant of none.
        Conditional logit if left out.
    attributes : sequence of Attribute, optional
        Those of the design; those that ship, or what the table shows, if left out.
    segment : str, optional
        A column with a group of people. Groups below the gate are taken together as "others", hidden if still few.
    factor : (low, high)
        What people do over what they say; an expert default until a pilot tells its own (`factor_seen`).
    draws : int
        Halton draws a person for the mixed logit.
    worth_draws : int
        Draws for the intervals of worth.
    seed : int
        Of both.

    Returns
    -------
    ChoiceModel

    Raises
    ------
    DataError
        What `check_cards`, `fit_conditional`, `fit_mixed`, `worth` and `calibrate` refuse.

    Examples
    --------
    Made people, whose weight of a point of return is 0.25 and of protection against any loss 0.9, 3.6 points.

    >>> from homeground.finance.choice.made import made_survey
    >>> found = choice_model(made_survey(400), segment="segment")
    >>> row = found.worth.set_index("term").loc["loss_protection=full"]
    >>> bool(row["low"] < 3.6 < row["high"]), found.facts["people"]
    (True, 400)
    """
    answers = check_cards(cards, price=price, attributes=attributes, segment=segment)
    better = price == PRICE if gain is None else gain
    warnings = []
    people = int(answers.person.max()) + 1
    if people <= len(answers.terms):
        raise DataError(
            f"{people} people cannot tell {len(answers.terms)} weights with intervals that hold. Ask more, or leave out "
            f"attributes."
        )
    if random is None:
        fit = fit_conditional(answers.x, answers.chosen, answers.person, terms=answers.terms)
    else:
        drawn = [one for one in answers.terms if one not in (price, NONE)] if isinstance(random, str) else list(random)
        if isinstance(random, str) and random != "all":
            raise DataError(
                f'random is {random!r}; a list of terms or "all" was expected. Terms: {list(answers.terms)}'
            )
        if price in drawn:
            raise DataError(f"the price {price!r} cannot be random: a ratio to it would have no mean.")
        fit = fit_mixed(
            answers.x, answers.chosen, answers.person, terms=answers.terms, random=drawn, draws=draws, seed=seed
        )
    told = worth(fit, price=price, gain=better, draws=worth_draws, seed=seed)
    if told["reason"].ne("").any():
        warnings.append(str(told["reason"].iloc[0]))
    rule = sample_size(answers.attributes, cards=_cards_each(answers), offers=answers.x.shape[1] - answers.with_none)
    if people < rule:
        warnings.append(BELOW_RULE)
    segments, uptake, record = _segments(answers, price, factor)
    if record.warning:
        warnings.append(HIDDEN)
    shown = int(segments["people"].fillna(0).sum())
    if "people of the whole table" not in record.totals_withheld:
        shown = int(people / ROUND_TO + 0.5) * ROUND_TO
    return ChoiceModel(
        coefficients=_coefficients(fit),
        worth=told,
        segments=segments,
        uptake=uptake,
        facts={
            "model": "mixed" if fit.random else "conditional",
            "people": shown,
            "cards_each": _cards_each(answers),
            "price": price,
            "gain": better,
            "rule_of_johnson_and_orme": rule,
            "log_likelihood": fit.log_likelihood,
            "log_likelihood_null": fit.log_likelihood_null,
            "mcfadden_r2": 1 - fit.log_likelihood / fit.log_likelihood_null,
            "aic": 2 * len(fit.coefficients) - 2 * fit.log_likelihood,
            "bic": len(fit.coefficients) * float(np.log(fit.cards)) - 2 * fit.log_likelihood,
            "halton_draws": fit.draws,
            "factor": list(factor),
            "factor_kind": "default" if tuple(factor) == FACTOR else "given",
            "seed": seed,
        },
        protection=record,
        fit=fit,
        attributes=answers.attributes,
        warnings=tuple(warnings),
    )


def share_taking(
    model: ChoiceModel,
    offer: Mapping[str, Any],
    *,
    factor: tuple[float, float] = FACTOR,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The share of people who would take one offer rather than none, as they say and as they may do.

    Parameters
    ----------
    model : ChoiceModel
        Of cards with the option "none".
    offer : mapping of attribute to level
        All attributes of the cards.
    factor : (low, high)
        What people do over what they say.
    draws : int
        Of coefficients for the interval of the stated share; of people for a mixed logit.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame, one row
        stated with stated_low and stated_high (95 %, of the survey alone), actual with actual_low (low end x low factor)
        and actual_high (high end x high factor).

    Raises
    ------
    DataError
        The cards had no "none", or attributes or levels are missing or unknown.

    Examples
    --------
    >>> from homeground.finance.choice.made import made_survey
    >>> from homeground.finance.choice.attributes import attributes_on_cards
    >>> found = choice_model(made_survey(200))
    >>> plain = {one.name: one.reference or one.levels[0] for one in attributes_on_cards()}
    >>> row = share_taking(found, plain | {"loss_protection": "full"}).iloc[0]
    >>> bool(row["actual_high"] < row["stated"] > share_taking(found, plain)["stated"].iloc[0])
    True
    """
    if NONE not in model.fit.terms:
        raise DataError("the cards had no option none, so the share that takes an offer rather than none is not told.")
    names = [one.name for one in model.attributes]
    if set(offer) != set(names):
        raise DataError(f"an offer with {names} was expected, found {sorted(offer)}.")
    row = coded(pd.DataFrame([{"option": "A", **offer}]), model.attributes)[0]
    if not np.isfinite(row).all():
        bad = [one.name for one in model.attributes if not one.numeric and str(offer[one.name]) not in one.levels]
        raise DataError(f"unknown levels of {bad or names}: {dict(offer)}.")
    row[-1] = -1.0  # less the constant of none
    fit, rng = model.fit, np.random.default_rng(seed)
    sizes, vectors = np.linalg.eigh(fit.covariance)
    drawn = (
        fit.coefficients
        + rng.standard_normal((draws, len(row) + len(fit.random))) @ (vectors * np.sqrt(np.maximum(sizes, 0.0))).T
    )
    k = len(row)
    at = [fit.terms.index(name) for name in fit.random]
    error = halton_normal(1, draws, len(at), seed=seed)[0] if at else np.zeros((0, 1))

    def share(theta: Floats) -> float:
        utility = row @ theta[:k] + (row[at] * theta[k:]) @ error if at else np.array([row @ theta[:k]])
        return float((1.0 / (1.0 + np.exp(-utility))).mean())

    stated = share(fit.coefficients)
    low, high = np.quantile([share(theta) for theta in drawn], [0.025, 0.975])
    ends = calibrate([low, stated, high], factor=factor)
    return pd.DataFrame(
        [
            {
                "stated": stated,
                "stated_low": float(low),
                "stated_high": float(high),
                "actual": ends.at[1, "actual"],
                "actual_low": ends.at[0, "actual_low"],
                "actual_high": ends.at[2, "actual_high"],
            }
        ]
    )


def _cards_each(answers: Answers) -> int:
    return int(np.bincount(answers.person).max())


def _coefficients(fit: Fit) -> pd.DataFrame:
    se, plain = (np.sqrt(np.diag(one)) for one in (fit.covariance, fit.covariance_plain))
    b = fit.coefficients
    # Where a spread is found near 0 its scores vanish with it, and the robust error would call it surely nothing.
    spread = np.array([str(term).startswith("sd of ") for term in fit.terms])
    se = np.where(spread, np.maximum(se, plain), se)
    low = np.where(spread, np.maximum(b - SURE * se, 0.0), b - SURE * se)
    return pd.DataFrame({"term": fit.terms, "mean": b, "se": se, "low": low, "high": b + SURE * se, "se_plain": plain})


def _uptake(counted: pd.DataFrame, record: Protection, factor: tuple[float, float]) -> pd.DataFrame:
    """Share of cards on which an offer was taken, of all people; nothing where "none" was not asked or it is withheld."""
    totals = [f"{name} of the whole table" for name in ("taken", "cards")]
    if "taken" not in counted.columns or set(totals) & set(record.totals_withheld):
        return calibrate([], factor=factor)
    taken, cards = (np.floor(counted[name].sum() / ROUND_TO + 0.5) * ROUND_TO for name in ("taken", "cards"))
    return calibrate(min(taken / cards, 1.0), factor=factor)


def _segments(
    answers: Answers, price: str, factor: tuple[float, float]
) -> tuple[pd.DataFrame, pd.DataFrame, Protection]:
    """People by segment through the gate; the weight of the price and the stated share of those that may be shown."""
    people = pd.DataFrame({"person": answers.person, "segment": answers.segment}).drop_duplicates("person")
    counts = people["segment"].value_counts()
    small = set(counts.index[counts < THRESHOLD])
    if len(small) == 1 and len(counts) > 1:  # one small one alone would stay small: the next joins it
        small |= {counts[~counts.index.isin(small)].index[-1]}
    merged = np.where(np.isin(answers.segment, list(small)), OTHERS, answers.segment).astype(object)
    cards = pd.DataFrame({"segment": merged, "person": answers.person, "taken": answers.took})
    counted = cards.groupby("segment").agg(
        people=("person", "nunique"), cards=("taken", "size"), taken=("taken", "sum")
    )
    counted = counted.reset_index().assign(left=lambda t: t["cards"] - t["taken"])
    counts_of, sums = ["people", "cards", "taken", "left"], {"cards": ["taken", "left"]}
    if not answers.with_none:
        counted, counts_of, sums = counted[["segment", "people"]], ["people"], {}
    shown, record = protect(counted, counts=counts_of, sums=sums, threshold=THRESHOLD, round_to=ROUND_TO)
    rows = []
    for _, row in shown.iterrows():
        mine = merged == row["segment"]
        hidden = pd.isna(row["people"])
        told: dict[str, Any] = {"segment": row["segment"] or "all", "people": row["people"], "reason": ""}
        known = answers.with_none and not hidden and pd.notna(row["taken"]) and pd.notna(row["cards"])
        share = min(float(row["taken"]) / float(row["cards"]), 1.0) if known else np.nan
        ends = calibrate(share, factor=factor)
        told |= {name: ends.at[0, name] for name in ("stated", "actual", "actual_low", "actual_high")}
        told |= {"weight": np.nan, "weight_low": np.nan, "weight_high": np.nan}
        if hidden:
            told["reason"] = HIDDEN
        else:
            try:
                if np.unique(answers.person[mine]).size <= 2 * len(answers.terms):
                    raise DataError(FEW)
                fit = fit_conditional(answers.x[mine], answers.chosen[mine], answers.person[mine], terms=answers.terms)
            except DataError as error:
                told["reason"] = FEW if str(error) == FEW else NOT_TOLD
            else:
                at = fit.terms.index(price)
                b, se = float(fit.coefficients[at]), float(np.sqrt(fit.covariance[at, at]))
                told |= {"weight": b, "weight_low": b - SURE * se, "weight_high": b + SURE * se}
        rows.append(told)
    return pd.DataFrame(rows), _uptake(counted, record, factor), record
