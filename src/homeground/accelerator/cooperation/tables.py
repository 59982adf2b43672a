# SPDX-License-Identifier: Apache-2.0
"""The tables of cooperation by name: their declarations, and a table out of several.

Which columns they have is declared in ``accelerator/registry/tables/cooperation.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pandas as pd

from homeground.accelerator.registry.declared import MONEY, Declared, registry_tables

Tables: TypeAlias = Mapping[str, pd.DataFrame]

OF = ("cooperation", "knowledge")  # templates that the tables of cooperation are filled in by


def cooperation_tables() -> dict[str, Declared]:
    """Declarations of the tables of cooperation, those that others refer to first.

    Returns
    -------
    dict of Declared
        By name.

    Examples
    --------
    >>> list(cooperation_tables())[:3]
    ['partnerships', 'partnership_countries', 'requests']
    """
    return {name: one for name, one in registry_tables().items() if one.template in OF}


def gone(value: Any) -> bool:
    """Whether a cell is missing.

    Parameters
    ----------
    value : object
        A single value.

    Returns
    -------
    bool

    Examples
    --------
    >>> gone(None), gone(float("nan")), gone(""), gone(0)
    (True, True, False, False)
    """
    return value is None or bool(pd.isna(value))


def nothing_in(name: str) -> pd.DataFrame:
    """A table without rows, with all its columns.

    Parameters
    ----------
    name : str
        Of a table of the registry.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> nothing_in("request_parties").columns.tolist()
    ['request', 'iso3']
    """
    return pd.DataFrame({column: [] for column in _stored(registry_tables()[name])})


def table_of(tables: Tables, name: str) -> pd.DataFrame:
    """A table out of several; without rows, and with all its columns, where it is not among them.

    Parameters
    ----------
    tables : mapping of name to DataFrame
    name : str
        Of a table of the registry.

    Returns
    -------
    DataFrame
        With every declared column; those that were not given are empty.

    Examples
    --------
    >>> len(table_of({}, "events"))
    0
    """
    found = tables.get(name)
    if found is None:
        return nothing_in(name)
    lost = [c for c in _stored(registry_tables()[name]) if c not in found.columns]
    return found.assign(**dict.fromkeys(lost)) if lost else found


def _stored(declared: Declared) -> Iterator[str]:
    """Columns as tables of reading have them."""
    for column in declared.table.columns:
        yield f"{column.column}_minor" if column.unit == MONEY else column.column
