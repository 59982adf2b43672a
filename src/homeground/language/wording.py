# SPDX-License-Identifier: Apache-2.0
"""Words for what tables hold: texts of the package, codes, and the texts of studies that ship."""

from __future__ import annotations

import re

from homeground.errors import CatalogueError
from homeground.language.catalogues import catalogue, message_of
from homeground.language.figures import spaces
from homeground.language.messages import known, phrase, say


def translation(text: str, prefix: str, code: str) -> str | None:
    """The translation of an English text among the messages whose ids begin so; None where there is none.

    Parameters
    ----------
    text : str
        English.
    prefix : str
        Such as "study.".
    code : str

    Returns
    -------
    str or None

    Examples
    --------
    >>> translation("Land", "part.", "fr"), translation("Sea", "part.", "fr")
    ('Terres', None)
    """
    for key, message in catalogue("en").items():
        if key.startswith(prefix) and message.forms[0] == text:
            return say(key, {}, code).plain
    return None


def slug(text: str) -> str:
    """A text as a part of an id.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> slug("land degradation"), slug("environmental change (any)")
    ('land_degradation', 'environmental_change_any')
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def named(prefix: str, word: object, code: str) -> str:
    """What a table calls by a code or word, as the language says it; a user's own word stands as it is.

    Parameters
    ----------
    prefix : str
        Of the ids of such words: ``driver``, ``measure``, ...
    word : object
        As the table has it; its id is the prefix and the `slug` of it.
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> named("driver", "land degradation", "fr"), named("measure", "my_own_ponds", "fr")
    ('Dégradation des terres', 'my own ponds')
    """
    text = str(word)
    message_id = f"{prefix}.{slug(text)}"
    return phrase(message_id, code) if known(message_id) else text.replace("_", " ")


def unit_name(unit: str, code: str = "en") -> str:
    """A unit in words, as it stands beside a number or under a heading; nothing for a plain number.

    Parameters
    ----------
    unit : str
        As the tables have it, such as ``mm/year``; with a scale before it: ``million USD``. A unit that has no words, such
        as %, stands as it is.
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> unit_name("mm/year", "fr"), unit_name("million ha", "zh"), unit_name("%"), unit_name("1")
    ('mm/an', '百万公顷', '%', '')
    """
    return "" if unit == "1" else named("unit.name", unit, code)


def wording(message_id: str, english: str, code: str) -> str:
    """A text that a table of the package holds in English, in a language.

    Parameters
    ----------
    message_id : str
        Its id, such as ``column.land_rain_mm.title``; `tools/extract_messages.py` gives one to each text.
    english : str
        As the table has it.
    code : str

    Returns
    -------
    str

    Raises
    ------
    CatalogueError
        There is no translation of this text.

    Examples
    --------
    >>> wording("column.land_rain_mm.title", "Rain", "fr")
    'Précipitations'
    """
    if code == "en" or not english:
        return english
    if message_of(message_id, "en").forms[0] != english:
        raise CatalogueError(
            f'{message_id} is "{english}" in its table, but not in the catalogue. Extract messages anew.'
        )
    return spaces(message_of(message_id, code).forms[0], code)
