# SPDX-License-Identifier: Apache-2.0
"""Words that offers and needs are written in: ways of working the land as a small tree, and lists of words.

``practices.csv``: each practice hangs on a branch (a group of sustainable land management of WOCAT), each branch on a
trunk; a branch may be named as such. Its wordings in English and French are divided by semicolons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from homeground.numbers.table import read_rows

TONGUES = ("en", "fr", "zh")
HERE = Path(__file__).parent
SAME, BRANCH, TRUNK = 1.0, 0.6, 0.3  # how near two practices are: the same, of one group, of one trunk


@dataclass(frozen=True)
class Practice:
    """One way of working the land, and where it hangs in the tree."""

    practice: str
    branch: str
    trunk: str
    en: tuple[str, ...]  # wordings, the first is its name
    fr: tuple[str, ...]
    zh: tuple[str, ...]


@cache
def practices() -> dict[str, Practice]:
    """All practices by their id; the groups of WOCAT are among them.

    Returns
    -------
    dict of Practice

    Examples
    --------
    >>> practices()["zai"].branch, practices()["zai"].trunk
    ('water_harvesting', 'water')
    """
    return {
        row["practice"]: Practice(
            row["practice"],
            row["branch"],
            row["trunk"],
            *(tuple(said.strip() for said in row[tongue].split(";")) for tongue in TONGUES),
        )
        for row in read_rows(HERE / "practices.csv")
    }


def nearness(one: str, other: str) -> float:
    """How near two practices are in the tree.

    Parameters
    ----------
    one, other : str
        Ids of practices.

    Returns
    -------
    float
        1 the same, 0.6 of one group of WOCAT, 0.3 of one trunk, 0 else. The steps are an expert default.

    Examples
    --------
    >>> nearness("zai", "zai"), nearness("zai", "half_moons"), nearness("zai", "sand_dam"), nearness("zai", "nursery")
    (1.0, 0.6, 0.3, 0.0)
    """
    a, b = practices()[one], practices()[other]
    if one == other:
        return SAME
    if a.branch == b.branch:
        return BRANCH
    return TRUNK if a.trunk == b.trunk else 0.0


@cache
def words(which: str) -> tuple[str, ...]:
    """Words that may stand in a column of offers and needs.

    Parameters
    ----------
    which : {"instrument", "beneficiary", "involves", "unit"}

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> words("instrument")[:3]
    ('grant', 'loan', 'guarantee')
    """
    return tuple(row["word"] for row in read_rows(HERE / "words.csv") if row["list"] == which)


@cache
def named(word: str, code: str = "en") -> str:
    """A practice or word as a language says it; what is in no list stands as it is.

    Parameters
    ----------
    word : str
        Id of a practice, or a word of ``words.csv``.
    code : {"en", "fr", "zh"}

    Returns
    -------
    str

    Examples
    --------
    >>> named("half_moons", "fr"), named("women", "zh"), named("grant"), named("NER", "fr")
    ('demi-lunes', '妇女', 'grant', 'NER')
    """
    if word in practices():
        return str(getattr(practices()[word], code)[0])
    if code == "en":
        return word
    return next((row[code] for row in read_rows(HERE / "words.csv") if row["word"] == word), word)


def default_weights() -> dict[str, float]:
    """What each feature counts where nobody says otherwise: expert defaults, unverified.

    Returns
    -------
    dict of str to float
        By feature; they sum to one.

    Examples
    --------
    >>> default_weights()["geography"], round(sum(default_weights().values()), 12)
    (0.25, 1.0)
    """
    return {row["feature"]: float(row["weight"]) for row in read_rows(HERE / "weights.csv")}
