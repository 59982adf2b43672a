# SPDX-License-Identifier: Apache-2.0
"""Which countries the catalogue holds, told without heavy libraries: every run passes here."""

from __future__ import annotations

import difflib

from homeground.catalogue import atlas_files
from homeground.errors import Problems, StudyError


def check_countries(countries: list[str]) -> list[str]:
    """What is wrong with a study's countries, each as one sentence; empty when all are in the atlas.

    Parameters
    ----------
    countries : list of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX).

    Returns
    -------
    list of str
        One sentence for each country that the atlas does not hold, with the code that may have been meant.

    Examples
    --------
    >>> check_countries(["NER", "XKX"])
    []
    >>> [problem.partition(" among")[0] for problem in check_countries(["NER", "FRA"])]
    ['countries: FRA is not']
    """
    known = {row["iso3"]: row["name_en"] for row in atlas_files.rows("countries.csv")}
    problems = []
    for code in countries:
        if code not in known:
            close = difflib.get_close_matches(code, list(known), n=1, cutoff=0.6)
            hint = f" Did you mean {close[0]} ({known[close[0]]})?" if close else ""
            problems.append(
                f"countries: {code} is not among the {len(known)} countries of the embedded atlas "
                f"({', '.join(sorted(known))}).{hint}"
            )
    return problems


def require_countries(countries: list[str], where: str) -> None:
    """Refuse a study that names a country the atlas does not hold.

    Parameters
    ----------
    countries : list of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX).
    where : str
        The study file, as the error names it.

    Raises
    ------
    StudyError
        With all of them named.

    Examples
    --------
    >>> require_countries(["NER", "XKX"], "study.toml")
    >>> require_countries(["NER", "FRA"], "study.toml")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    StudyError: study.toml: countries: FRA is not among those of the embedded atlas
    """
    problems = Problems(where)
    problems.extend(check_countries(countries))
    problems.raise_if_any(StudyError)
