# SPDX-License-Identifier: Apache-2.0
"""Why an offer stands in the list of a need, and what would have to change where one filter keeps them apart."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence

import numpy as np

from homeground.accelerator.matching.features import FEATURES, Fits
from homeground.accelerator.matching.filters import involved
from homeground.accelerator.matching.practices import named
from homeground.accelerator.matching.profiles import Profile
from homeground.accelerator.matching.text import in_both
from homeground.language.figures import date, listed, write_number
from homeground.language.messages import Word, phrase
from homeground.numbers.money import from_minor, minor_digits

MOST_WORDS = 5  # that two texts have in common and that are told
WHY, CHANGE = "accelerator.match.why.", "accelerator.match.change."


def part(value: float, code: str = "en") -> str:
    """A part of one as it is told.

    Parameters
    ----------
    value : float
    code : str
        Language.

    Returns
    -------
    str

    Examples
    --------
    >>> part(0.456), part(1.0, "fr")
    ('0.46', '1,00')
    """
    return write_number(value, 2, code)


def amount(value: float, profile: Profile, code: str = "en") -> str:
    """A size with its unit.

    Parameters
    ----------
    value : float
        Smallest units of money, else units.
    profile : Profile
        Whose unit it is in.
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.accelerator.matching.profiles import profiles
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["money"], "currency": ["EUR"], "consent": ["yes"], "active": ["yes"]}
    >>> amount(150_000, profiles(pd.DataFrame(made))[0])
    '1,500 EUR'
    """
    if profile.kind != "money" or not profile.unit:
        return f"{write_number(value, 0 if value == round(value) else 1, code)} {named(profile.unit, code)}".strip()
    return money(int(value), profile.unit, code)


def money(minor: int, currency: str, code: str = "en") -> str:
    """An amount of money as it is told: decimals only where it has some.

    Parameters
    ----------
    minor : int
        Smallest units.
    currency : str
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> money(150_050, "EUR"), money(5_000_000, "XOF", "en")
    ('1,500.50 EUR', '5,000,000 XOF')
    """
    whole = from_minor(minor, currency)
    digits = 0 if whole == whole.to_integral_value() else minor_digits(currency)
    return f"{write_number(float(whole), digits, code)} {currency}"


def names(some: Sequence[str], code: str = "en") -> str:
    """Practices and other words in the language, as a list.

    Parameters
    ----------
    some : sequence of str
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> names(["half_moons", "zai"], "fr")
    'demi-lunes et zaï'
    """
    said = [named(word, code) for word in some]
    return listed(said, code) if said else phrase("accelerator.match.nothing_shared", code)


def shared_words(need: Profile, offer: Profile, name: str) -> list[str]:
    """Words that both name, in the order of the need.

    Parameters
    ----------
    need, offer : Profile
    name : str
        A field of several words.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.accelerator.matching.profiles import profiles
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["yes"]}
    >>> one, two = (profiles(pd.DataFrame(made | {"countries": [c]}))[0] for c in ("NER; MLI", "MLI"))
    >>> shared_words(one, two, "countries")
    ['MLI']
    """
    other = set(getattr(offer, name))
    return [word for word in getattr(need, name) if word in other]


def why(
    need: Profile, offer: Profile, fit: Fits, at: tuple[int, int], weights: dict[str, float], code: str = "en"
) -> list[str]:
    """Reasons of a score: one sentence for each feature that is known, then what is not.

    Parameters
    ----------
    need, offer : Profile
    fit : Fits
    at : (int, int)
        Places of need and offer in the fits.
    weights : dict
        Features that count nothing are not told.
    code : str
        en, fr or zh.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.accelerator.matching.features import fits
    >>> from homeground.accelerator.matching.profiles import profiles
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["yes"]}
    >>> side = profiles(pd.DataFrame(made | {"beneficiaries": ["women"]}))
    >>> why(side[0], side[0], fits(side, side), (0, 0), {"beneficiaries": 0.5, "geography": 0.5})
    ['For: women in common, 1.00 of all named.', 'Not known on one side or both, and not counted: places.']
    """
    said, unknown = [], []
    for name in FEATURES:
        if weights.get(name, 0.0) <= 0:
            continue
        value = float(fit.need[name][at])
        other = float(fit.offer[name][at])
        if math.isnan(value) and (name != "size" or math.isnan(other)):
            unknown.append(phrase(f"accelerator.match.feature.{name}", code))
        else:
            said.append(phrase(WHY + name, code, **_words(name, need, offer, value, other, code)))
    if unknown:
        said.append(phrase(WHY + "unknown", code, features=unknown))
    if fit.skipped[at] and weights.get("text", 0.0) > 0:
        said.append(phrase(WHY + "language", code))
    if need.languages and offer.languages and not shared_words(need, offer, "languages"):
        said.append(phrase(WHY + "no_language", code))
    return said


def _words(name: str, need: Profile, offer: Profile, value: float, other: float, code: str) -> dict[str, Word]:
    """What the reason of a feature says."""
    told: dict[str, Word] = {"value": _told(value, code)}
    if name == "geography":
        told["shared"] = names(shared_words(need, offer, "places") or shared_words(need, offer, "countries"), code)
    elif name == "pillars":
        told["shared"] = names([str(p) for p in sorted(need.pillars) if p in offer.pillars], code)
    elif name == "practices":
        told |= {"wanted": names(need.practices, code), "given": names(offer.practices, code)}
    elif name == "size":
        told |= _agreed(need, offer, code) | {"other": _told(other, code)}
    elif name == "text":
        told["shared"] = names(in_both(need.words, offer.words, code)[:MOST_WORDS], code)
    elif name == "beneficiaries":
        told["shared"] = names(shared_words(need, offer, "beneficiaries"), code)
    return told


def _told(value: float, code: str) -> str:
    return "–" if math.isnan(value) else part(value, code)


def _agreed(need: Profile, offer: Profile, code: str) -> dict[str, Word]:
    """What both could agree on; in two currencies each bound in its own."""
    if need.unit == offer.unit:
        low, high = np.fmax(need.low, offer.low), np.fmin(need.high, offer.high)
        return {"low": amount(float(low), need, code), "high": amount(float(high), need, code)}

    def both(end: str) -> str:
        some = [amount(getattr(p, end), p, code) for p in (need, offer) if not math.isnan(getattr(p, end))]
        return " / ".join(some)

    return {"low": both("low"), "high": both("high")}


def change(name: str, need: Profile, offer: Profile, code: str = "en") -> str:
    """What would have to change where one filter alone keeps an offer and a need apart.

    Parameters
    ----------
    name : str
        Of the filter.
    need, offer : Profile
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.accelerator.matching.profiles import profiles
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["yes"], "unit": ["ha"]}
    >>> need = profiles(pd.DataFrame(made | {"least": [500.0]}))[0]
    >>> change("size", need, profiles(pd.DataFrame(made | {"most": [200.0]}))[0])
    'The offer gives at most 200 ha, the need takes at least 500 ha of one partner: one of them would have to move.'
    """
    tell = _CHANGES[name]
    message, words = tell(need, offer, code)
    return phrase(CHANGE + message, code, **words)


_Change = tuple[str, dict[str, Word]]


def _active(need: Profile, offer: Profile, code: str) -> _Change:
    return ("active.need" if not need.active else "active.offer"), {}


def _of_both(message: str, field: str) -> Callable[[Profile, Profile, str], _Change]:
    def found(need: Profile, offer: Profile, code: str) -> _Change:
        return message, {"need": names(getattr(need, field), code), "offer": names(getattr(offer, field), code)}

    return found


def _period(need: Profile, offer: Profile, code: str) -> _Change:
    first, last = (need, offer) if need.end < offer.start else (offer, need)
    end, start = (date(datetime.date.fromordinal(int(day)), code) for day in (first.end, last.start))
    return "period", {"end": end, "start": start}


def _unit(need: Profile, offer: Profile, code: str) -> _Change:
    return "unit", {"need": need.unit, "offer": offer.unit}


def _size(need: Profile, offer: Profile, code: str) -> _Change:
    low, high = need.low * need.in_dollars, offer.high * offer.in_dollars
    if need.unit == offer.unit:
        low, high = need.low, offer.high
    if high < low:  # NaN is not less than anything
        return "size.small", {"offer": amount(offer.high, offer, code), "need": amount(need.low, need, code)}
    return "size.large", {"offer": amount(offer.low, offer, code), "need": amount(need.high, need, code)}


def _exclusion(need: Profile, offer: Profile, code: str) -> _Change:
    pairs = ((need, offer), (offer, need))
    words = [w for who, whom in pairs for w in who.exclusions if w in involved(whom)]
    return "exclusion", {"words": names(list(dict.fromkeys(words)), code)}


_CHANGES: dict[str, Callable[[Profile, Profile, str], _Change]] = {
    "active": _active,
    "country": _of_both("country", "countries"),
    "period": _period,
    "unit": _unit,
    "size": _size,
    "instrument": _of_both("instrument", "instruments"),
    "exclusion": _exclusion,
}
