# SPDX-License-Identifier: Apache-2.0
"""Code lists of IATI, and what their codes mean in the words of the registry (``standard/codes.csv``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from homeground.catalogue import atlas_files
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent / "standard"


@cache
def codes(name: str) -> dict[str, dict[str, str]]:
    """Codes of one list of IATI.

    Parameters
    ----------
    name : str
        Name of the list, such as ``TransactionType``.

    Returns
    -------
    dict of dict
        By code: list, code, status (active, withdrawn), name_en, name_fr (empty where the list has none), means.

    Examples
    --------
    >>> codes("PolicyMarker")["8"]["name_en"]
    'Aid Targeting the Objectives of the Convention to Combat Desertification'
    >>> codes("TransactionType")["3"]["name_fr"]
    'Décaissement'
    """
    return {row["code"]: row for row in read_rows(HERE / "codes.csv") if row["list"] == name}


@cache
def meanings(name: str) -> dict[str, str]:
    """Words of the registry for the codes of a list; codes that mean nothing there are left out.

    Examples
    --------
    >>> meanings("TransactionType")["12"], meanings("FinanceType")["421"], meanings("OrganisationRole")["4"]
    ('pledge', 'loan', 'implementing')
    """
    return {code: row["means"] for code, row in codes(name).items() if row["means"]}


@cache
def code_of(name: str) -> dict[str, str]:
    """The code for each word of the registry: the first active one where several mean the same.

    Examples
    --------
    >>> code_of("TransactionType")["pledge"], code_of("FinanceType")["grant"]
    ('12', '110')
    """
    found: dict[str, str] = {}
    for code, row in codes(name).items():
        if row["means"] and row["status"] == "active":
            found.setdefault(row["means"], code)
    return found


@cache
def iso3_of() -> dict[str, str]:
    """ISO 3166-1 alpha-3 by alpha-2, which is what IATI files hold.

    Examples
    --------
    >>> iso3_of()["NE"], iso3_of()["TD"]
    ('NER', 'TCD')
    """
    return {row["iso2"]: row["iso3"] for row in atlas_files.rows("countries.csv")}


@cache
def iso2_of() -> dict[str, str]:
    """ISO 3166-1 alpha-2 by alpha-3.

    Examples
    --------
    >>> iso2_of()["BFA"]
    'BF'
    """
    return {iso3: iso2 for iso2, iso3 in iso3_of().items()}
