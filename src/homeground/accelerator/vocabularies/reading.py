# SPDX-License-Identifier: Apache-2.0
"""The words of the Accelerator as data: each row with its source, licence and grade."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from homeground.errors import DataError
from homeground.language.languages import language as setting_of
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent
PILLARS = (1, 2, 3, 4, 5)
WORDINGS = ("accelerator", "cop15", "short")
WHOLE = 100  # per cent that the shares of one purpose or category sum to


def pillar_names(language: str = "en", wording: str = "accelerator") -> dict[int, str]:
    """What the five pillars are called.

    Parameters
    ----------
    language : str
        en, fr or zh.
    wording : str
        "accelerator" (the Sahara and Sahel Observatory and UNCCD), "cop15" (the secretariat's note to COP15), or "short"
        (our own, for tables and charts).

    Returns
    -------
    dict of int to str

    Raises
    ------
    DataError
        There is no such wording.
    StudyError
        There is no such language.

    Examples
    --------
    >>> pillar_names("en", "short")[2], pillar_names("zh", "cop15")[5]
    ('Land and ecosystems', '能力建设')
    """
    setting_of(language)
    if wording not in WORDINGS:
        raise DataError(f'the pillars have no wording "{wording}". Choose one of {", ".join(WORDINGS)}.')
    rows = read_rows(HERE / "pillars.csv")
    return {int(r["pillar"]): r["text"] for r in rows if r["wording"] == wording and r["language"] == language}


def portfolio_names(language: str = "en") -> dict[str, str]:
    """What the four portfolios of the Observatory are called.

    Parameters
    ----------
    language : str
        en, fr or zh.

    Returns
    -------
    dict of str to str
        By the code that a project's ``portfolio`` holds.

    Raises
    ------
    StudyError
        There is no such language.

    Examples
    --------
    >>> list(portfolio_names("fr"))
    ['legacy', 'one-planet-summit', 'un-agencies', 'complementary']
    """
    setting_of(language)
    return {r["portfolio"]: r["text"] for r in read_rows(HERE / "portfolios.csv") if r["language"] == language}


@cache
def _shares(name: str, key: str) -> pd.DataFrame:
    table = pd.DataFrame(read_rows(HERE / name))
    return table.assign(pillar=table["pillar"].astype("int64"), share=table["share"].astype("int64")).sort_values(
        [key, "pillar"], kind="stable", ignore_index=True
    )


def purpose_codes() -> pd.DataFrame:
    """Which pillars a purpose of the Development Assistance Committee (five digits) belongs to.

    Returns
    -------
    DataFrame
        One row a code and pillar: code, name, pillar, share (whole per cent, summing to 100 for each code), source,
        licence, grade, quality. All are expert defaults, unverified: a project's own declaration goes before them.

    Examples
    --------
    >>> codes = purpose_codes()
    >>> codes.loc[codes["code"] == "41081", ["pillar", "share"]].values.tolist()
    [[2, 50], [5, 50]]
    """
    return _shares("purpose_codes.csv", "code").copy()


def donor_categories() -> pd.DataFrame:
    """Which pillars a donor's own category belongs to; the form in which a donor's crosswalk is given.

    Returns
    -------
    DataFrame
        One row a donor, category and pillar: donor, category, pillar, share, source, licence, grade, quality.

    Examples
    --------
    >>> donor_categories()["category"].tolist()
    ['agriculture', 'energy access', 'land restoration', 'resilient infrastructure']
    """
    return _shares("donor_categories.csv", "category").copy()
