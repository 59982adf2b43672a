# SPDX-License-Identifier: Apache-2.0
"""The field's terms in the six languages of the United Nations; official equivalents where one was seen.

``glossary.csv``: id, part, one column per language, definition_en, source (where the equivalents were seen) and status
(``seen``: in all languages; ``own``: at least one wording is ours and needs a native reader).
"""

from __future__ import annotations

import csv
import difflib
from functools import cache
from pathlib import Path

from homeground.errors import CatalogueError

FILE = Path(__file__).parent / "glossary.csv"
TONGUES = ("en", "fr", "es", "ar", "ru", "zh")


@cache
def glossary() -> dict[str, dict[str, str]]:
    """All terms by their id.

    Returns
    -------
    dict of id to row

    Examples
    --------
    >>> glossary()["land_degradation"]["status"]
    'seen'
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def term(name: str, language: str = "en") -> str:
    """A term in dictionary form: no article, persons in the singular.

    Parameters
    ----------
    name : str
        Id of the term; hyphens and underscores are the same.
    language : {"en", "fr", "es", "ar", "ru", "zh"}

    Returns
    -------
    str

    Raises
    ------
    CatalogueError
        No such term (the nearest one is named), or no such language (the known ones are listed).

    Examples
    --------
    >>> term("land-degradation", "fr"), term("drylands", "zh")
    ('dégradation des terres', '旱地')
    """
    known = glossary()
    row = known.get(name.replace("-", "_"))
    if row is None:
        close = difflib.get_close_matches(name.replace("-", "_"), known, n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        raise CatalogueError(f'the glossary has no term "{name}".{hint} Add a row to {FILE.name}.')
    if language not in TONGUES:
        raise CatalogueError(f'the glossary has no language "{language}"; it has {", ".join(TONGUES)}.')
    return row[language]
