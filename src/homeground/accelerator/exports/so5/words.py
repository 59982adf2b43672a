# SPDX-License-Identifier: Apache-2.0
"""The words around the tables of SO5, in three languages; headings that the Convention's form has stay as they are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from homeground.language.figures import listed
from homeground.language.messages import known, phrase
from homeground.language.wording import slug

WORDS = "form.so5"
HOW = (
    *("party", "relevance", "not_relevant", "year", "amounts", "dollars", "without_dollars", "tables", "passed_on"),
    *("not_placed", "several_countries", "empty", "private", "decision"),
)


def so5_words(name: str, language: str, **words: str) -> str:
    """A sentence or word of the form.

    Parameters
    ----------
    name : str
        Of its message, such as "rule.party".
    language : str
    **words
        For its placeholders.

    Returns
    -------
    str

    Examples
    --------
    >>> so5_words("why.own", "fr")
    'argent public propre'
    """
    return phrase(f"{WORDS}.{name}", language, **words)


def sheet_words(name: str, language: str) -> tuple[str, str]:
    """What a sheet is called, and what a reader must know of it.

    Parameters
    ----------
    name : str
        As `so5` calls it.
    language : str

    Returns
    -------
    (str, str)

    Examples
    --------
    >>> sheet_words("Rates", "fr")[0], sheet_words("SO5-1", "fr")[0]
    ('Taux', 'SO5-1')
    """
    title = f"{WORDS}.sheet.{slug(name)}"
    return phrase(title, language) if known(title) else name, so5_words(f"said.{slug(name)}", language)


def heading_words(heading: str, language: str) -> str:
    """A heading of ours in the language; one of the Convention's form as it stands there.

    Parameters
    ----------
    heading : str
    language : str

    Returns
    -------
    str

    Examples
    --------
    >>> heading_words("Why", "fr"), heading_words("Recipient/beneficiary", "fr")
    ('Pourquoi', 'Recipient/beneficiary')
    """
    message = f"{WORDS}.head.{slug(heading)}"
    return phrase(message, language) if known(message) else heading


def documentation(
    placed: pd.DataFrame, told: Iterable[pd.DataFrame], headings: Iterable[str], party: Mapping[str, str], language: str
) -> pd.DataFrame:
    """How the sheets were made.

    Parameters
    ----------
    placed : DataFrame
        Of `placed_payments`.
    told : iterable of DataFrame
        SO5-1 to SO5-3.
    headings : iterable of str
        Of the form, that the registry may know.
    party : mapping
        ``country`` (its name) and ``iso3``.
    language : str

    Returns
    -------
    DataFrame
        What, How.
    """
    held = placed[placed["place"].str.startswith("SO5")]
    tables = list(told)
    empty = [heading for heading in headings if all(table[heading].isna().all() for table in tables)]
    pairs = held.loc[held["usd_minor"].isna(), ["currency", "year"]].values
    lacking = sorted({f"{currency or '?'} {year}" for currency, year in pairs})
    words: dict[str, dict[str, str]] = {"party": dict(party), "without_dollars": {"lacking": ", ".join(lacking)}}
    words |= {"empty": {"headings": listed(empty, language)}}
    for name in ("not_relevant", "passed_on", "not_placed"):
        words[name] = {"count": str(int((placed["place"] == name.replace("_", " ")).sum()))}
    nothing = {"without_dollars": "doc.none" if not lacking else "", "empty": "doc.nothing" if not empty else ""}
    rows = []
    for name in HOW:
        how = nothing.get(name) or f"doc.{name}.how"
        rows.append((so5_words(f"doc.{name}", language), so5_words(how, language, **words.get(name, {}))))
    return pd.DataFrame(rows, columns=["What", "How"])
