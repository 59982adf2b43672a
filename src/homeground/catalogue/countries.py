# SPDX-License-Identifier: Apache-2.0
"""Which countries the catalogue holds, told without heavy libraries: every run passes here."""

from __future__ import annotations

import difflib

from homeground.catalogue import atlas_files
from homeground.errors import Problems, StudyError

SHORT = 3  # letters of a code


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
    >>> check_countries(["NGR"])[0].rpartition(".")[2]
    ' Did you mean NER (Niger), NGA (Nigeria), NOR (Norway)?'
    """
    table = atlas_files.rows("countries.csv")
    known = {row["iso3"] for row in table}
    return [
        f"countries: {code} is not among the {len(known)} countries and areas of the embedded atlas, which are named by "
        f"ISO 3166-1 alpha-3 (Kosovo is XKX).{_near(code, table)}"
        for code in countries
        if code not in known
    ]


def _near(code: str, table: list[dict[str, str]]) -> str:
    """Countries whose code or name is like what was written, in any of the six languages."""
    wanted = code.strip().lower()
    languages = [column for column in table[0] if column.startswith("name_")]
    by_code = {row["iso3"].lower(): row for row in table} | {row["iso2"].lower(): row for row in table}
    by_name = {row[column].lower(): row for row in table for column in languages}
    close = [by_name[word] for word in difflib.get_close_matches(wanted, by_name, n=2, cutoff=0.8)]
    if not close:
        close = [row for name, row in by_name.items() if len(wanted) > SHORT and name.startswith(wanted)][:SHORT]
    if not close and len(wanted) <= SHORT:
        same = (word for word in by_code if word[0] == wanted[:1])
        alike = (word for word in same if sum(a == b for a, b in zip(wanted, word, strict=False)) == SHORT - 1)
        close = [by_code[word] for word in alike][:SHORT] if wanted not in by_code else [by_code[wanted]]
    meant = dict.fromkeys(f"{row['iso3']} ({row['name_en']})" for row in close)
    return f" Did you mean {', '.join(meant)}?" if meant else ""


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
    >>> require_countries(["NER", "QQQ"], "study.toml")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    StudyError: study.toml: countries: QQQ is not among those of the embedded atlas
    """
    problems = Problems(where)
    problems.extend(check_countries(countries))
    problems.raise_if_any(StudyError)
