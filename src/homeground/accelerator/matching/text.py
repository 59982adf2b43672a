# SPDX-License-Identifier: Apache-2.0
"""How alike two texts are, by their words: TF-IDF, with the field's terms as bridges between languages.

Terms of the glossary and the wordings of practices stand for a concept, whatever language they are written in, so that a
need in French meets an offer in English. Between texts of two languages only concepts count; where either text has none,
the comparison is left out and told, and is not zero.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from homeground.accelerator.matching.practices import named, practices
from homeground.language.terms import glossary, term

CONCEPT = "term:"  # what a token of a concept begins with
LETTERS = {"ARABIC": "ar", "CYRILLIC": "ru", "CJK": "zh"}
LATIN = ("en", "fr", "es")  # whose glossary wordings bridge
LONGEST = 8  # words of the longest wording that is looked for
# The commonest words of a language: they tell which language a text is in, and say nothing of what it is about.
STOP = {
    "en": frozenset(["the", "of", "and", "to", "in", "for", "on", "with", "by", "from", "at", "is", "are", "be", "was", "this", "that", "which", "their", "an", "as", "or", "will"]),
    "fr": frozenset(["le", "la", "les", "des", "du", "de", "et", "en", "pour", "dans", "sur", "avec", "par", "aux", "au", "une", "un", "est", "sont", "ce", "qui", "leur", "ou", "ses", "d", "l"]),
    "es": frozenset(["el", "la", "los", "las", "del", "de", "y", "en", "para", "con", "por", "una", "un", "es", "son", "que", "su", "sus", "al", "se", "o", "lo", "como"]),
}  # fmt: skip
COMMON = frozenset().union(*STOP.values())


def plain(text: str) -> list[str]:
    """Words of a text without case, accents and the s of plurals.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> plain("Régénération d’arbres, 30 ha")
    ['regeneration', 'd', 'arbre', '30', 'ha']
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in re.findall(r"\w+", bare)]


def language_of(text: str) -> str:
    """The language of a text by its letters and commonest words; empty where they do not tell.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        en, fr, es, ar, ru, zh or "".

    Examples
    --------
    >>> language_of("Restoration of the land in the Sahel"), language_of("Restauration des terres dans le Sahel")
    ('en', 'fr')
    >>> language_of("استصلاح الأراضي"), language_of("Zai Tahoua")
    ('ar', '')
    """
    letters = [unicodedata.name(c, "").split(" ")[0] for c in text if c.isalpha()]
    for script, code in LETTERS.items():
        if letters and letters.count(script) > len(letters) / 2:
            return code
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {code: sum(word in stop for word in words) for code, stop in STOP.items()}
    best = max(counts.values())
    told = [code for code, count in counts.items() if count == best]
    return told[0] if best and len(told) == 1 else ""


@cache
def wordings() -> dict[tuple[str, ...], str]:
    """The concept that each wording of the glossary and of the practices stands for.

    Returns
    -------
    dict of words to str

    Examples
    --------
    >>> wordings()[("degradation", "des", "terre")] == wordings()[("land", "degradation")]
    True
    """
    found: dict[tuple[str, ...], str] = {}
    for practice in practices().values():
        for said in (*practice.en, *practice.fr):
            found.setdefault(tuple(plain(said)), CONCEPT + practice.practice)
    for name, row in glossary().items():
        for code in LATIN:
            for said in re.split(r"[()/;]", row[code]):  # an abbreviation in brackets is a wording of its own
                words = tuple(plain(said))
                if words and set(words) - COMMON and len("".join(words)) > 2:
                    found.setdefault(words, CONCEPT + name)
    return found


def concepts(words: Sequence[str]) -> list[str]:
    """Concepts that a text names, the longest wordings first.

    Parameters
    ----------
    words : sequence of str
        Of `plain`.

    Returns
    -------
    list of str

    Examples
    --------
    >>> concepts(plain("régénération naturelle assistée")) == concepts(plain("farmer-managed natural regeneration"))
    True
    """
    found, place = [], 0
    while place < len(words):
        for size in range(min(LONGEST, len(words) - place), 0, -1):
            if concept := wordings().get(tuple(words[place : place + size])):
                found.append(concept)
                place += size
                break
        else:
            place += 1
    return found


def in_both(one: str, other: str, code: str = "en") -> list[str]:
    """What two texts have in common: concepts by their name, then words as the first has them.

    Parameters
    ----------
    one, other : str
    code : {"en", "fr", "zh"}
        Of the names of concepts.

    Returns
    -------
    list of str
        In the order of the first text, each once.

    Examples
    --------
    >>> in_both("Reboisement et zaï dans la commune", "Afforestation of a commune")
    ['tree planting', 'commune']
    """
    words, others = plain(one), plain(other)
    shared = [c.removeprefix(CONCEPT) for c in concepts(words) if c in set(concepts(others))]
    named_ones = [named(name, code) if name in practices() else term(name, code) for name in shared]
    written = re.findall(r"\w+", unicodedata.normalize("NFKC", one.lower()))
    spelled = dict(zip(reversed(words), reversed(written), strict=True)) if len(words) == len(written) else {}
    told = {
        word for name in shared for said, concept in wordings().items() if concept == CONCEPT + name for word in said
    }
    loose = [spelled.get(word, word) for word in words if word in set(others) - COMMON - told]
    return list(dict.fromkeys([*named_ones, *loose]))


@dataclass(frozen=True)
class Words:
    """Words of texts, counted: one row a text, and which of the columns are concepts."""

    counts: sp.csr_array
    names: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def bridges(self) -> NDArray[np.bool_]:
        """Which columns are concepts."""
        return np.array([name.startswith(CONCEPT) for name in self.names], "bool")


def counted(texts: Sequence[str], labels: Sequence[Sequence[str]] | None = None) -> Words:
    """Words and concepts of texts.

    Parameters
    ----------
    texts : sequence of str
    labels : sequence of sequences of str, optional
        Ids of practices that each text goes with; they count as concepts.

    Returns
    -------
    Words
        Columns in the order of their names, so that the order of texts changes nothing else.

    Examples
    --------
    >>> counted(["zaï and zai"], [["half_moons"]]).names
    ('term:half_moons', 'term:zai', 'zai')
    """
    rows = []
    for i, text in enumerate(texts):
        words = plain(text)
        more = [CONCEPT + name for name in labels[i]] if labels is not None else []
        rows.append([word for word in words if word not in COMMON] + concepts(words) + more)
    names = sorted({word for row in rows for word in row})
    place = {name: i for i, name in enumerate(names)}
    at = [place[word] for row in rows for word in row]
    of = [i for i, row in enumerate(rows) for _ in row]
    counts = sp.coo_array((np.ones(len(at)), (of, at)), shape=(len(rows), len(names))).tocsr()
    counts.sum_duplicates()
    return Words(counts, tuple(names), tuple(language_of(text) for text in texts))


def weighted(counts: Any, corpus: NDArray[np.bool_] | None = None) -> Any:
    """Counts of words weighted by how rare they are, each row of length one (a text without words: zero).

    Parameters
    ----------
    counts : sparse array of text x word
    corpus : array of bool, optional
        Texts by which it is told how rare a word is; left out: all.

    Returns
    -------
    sparse array of text x word
        tf (ln((1 + n) / (1 + df)) + 1), divided by its length: n texts of the corpus, df of them with the word.

    Notes
    -----
    The smoothed form of scikit-learn; Salton and Buckley, Information Processing & Management 24 (1988) 513-523.

    Examples
    --------
    >>> weighted(counted(["zai", "zai zai trees"]).counts).toarray().round(2).tolist()
    [[0.71, 0.0, 0.71], [0.63, 0.44, 0.63]]
    """
    known = counts if corpus is None else counts[np.flatnonzero(corpus)]
    df = np.asarray((known > 0).sum(axis=0)).ravel()
    idf = np.log((1 + known.shape[0]) / (1 + df)) + 1
    found = (counts @ sp.diags_array(idf)).tocsr()
    length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return (sp.diags_array(np.divide(1, length, out=np.zeros_like(length), where=length > 0)) @ found).tocsr()


def likeness(
    words: Words, first: int, corpus: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """How alike each of the first texts is to each of the others.

    Parameters
    ----------
    words : Words
        Of the first texts, then of the others.
    first : int
        How many are the first.
    corpus : array of bool, optional
        As of `weighted`.

    Returns
    -------
    (array, array) of first x others
        Cosine, 0 to 1 (NaN where a text has no words or no bridge), and where it was left out for the language.

    Examples
    --------
    >>> said = counted(["la régénération naturelle assistée", "the farmer-managed natural regeneration"])
    >>> likeness(said, 1)[0].round(2).tolist()
    [[1.0]]
    """
    tongues = np.array(words.languages)
    a, b = tongues[:first, None], tongues[None, first:]
    apart, alike = (a != b) & (a != "") & (b != ""), (a == b) & (a != "")
    whole = weighted(words.counts, corpus)
    bridge = weighted((words.counts @ sp.diags_array(words.bridges.astype("float64"))).tocsr(), corpus)
    same, crossed = (np.asarray((m[:first] @ m[first:].T).todense()) for m in (whole, bridge))
    some, bridged = (np.diff(_clean(m).indptr) > 0 for m in (whole, bridge))
    known = some[:first, None] & some[None, first:]
    crossing = bridged[:first, None] & bridged[None, first:]
    either = np.where(crossing, np.maximum(same, crossed), same)  # the language of one of them is not told by its words
    found = np.where(apart, np.where(crossing, crossed, np.nan), np.where(alike, same, either))
    return np.clip(np.where(known, found, np.nan), 0.0, 1.0), apart & ~crossing & known


def _clean(matrix: Any) -> Any:
    matrix = matrix.copy()
    matrix.eliminate_zeros()
    return matrix
