# SPDX-License-Identifier: Apache-2.0
"""The starting set that ships: what the secretariat's note to the fifteenth Conference of the Parties itself says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from homeground.accelerator.cooperation.tables import Tables, cooperation_tables, table_of
from homeground.accelerator.registry.declared import registry_tables
from homeground.accelerator.registry.given import read_tables
from homeground.numbers.table import read_rows

SHIPPED = Path(__file__).parent / "figures"
NUMBERS = "stated_numbers"  # figures of the note that no table of the registry holds


def shipped_tables() -> dict[str, pd.DataFrame]:
    """What the secretariat's note to the fifteenth Conference of the Parties itself says, in our words.

    Returns
    -------
    dict of DataFrame
        By table of the registry; each row has the paragraph of the note as its source.

    Examples
    --------
    >>> parties = shipped_tables()["request_parties"]
    >>> parties[parties["request"] == "central-asia"]["iso3"].tolist()
    ['KAZ', 'KGZ', 'TJK', 'TKM', 'UZB']
    """
    return {name: frame.copy() for name, frame in _shipped().items()}


def with_shipped(tables: Tables) -> dict[str, pd.DataFrame]:
    """Tables with the rows of the starting set beside them; of two rows with one key that of the tables stays.

    Parameters
    ----------
    tables : mapping of name to DataFrame

    Returns
    -------
    dict of DataFrame

    Examples
    --------
    >>> own = pd.DataFrame({"request": ["western-balkans"], "title": ["Ours"], "state": ["answered"], "source": ["letter"]})
    >>> both = with_shipped({"requests": own})["requests"]
    >>> both["request"].tolist(), both["title"].tolist()[0]
    (['western-balkans', 'central-asia'], 'Ours')
    """
    found = dict(tables)
    for name, rows in _shipped().items():
        if name in tables:
            key = list(registry_tables()[name].table.key)
            own = table_of(tables, name).astype("object")
            found[name] = pd.concat([own, rows.astype("object")], ignore_index=True).drop_duplicates(key, keep="first")
            found[name] = found[name].convert_dtypes()
        else:
            found[name] = rows.copy()
    return found


@cache
def _shipped() -> dict[str, pd.DataFrame]:
    tables = read_tables([SHIPPED])
    return {name: tables[name] for name in cooperation_tables() if len(tables[name])}


@cache
def stated_numbers() -> dict[str, dict[str, str]]:
    """Numbers that the note states and no table of the registry holds, such as the targets of the Great Green Wall.

    Returns
    -------
    dict of dict
        By key: value, unit, period and source, as text.

    Examples
    --------
    >>> stated_numbers()["ggw_hectares"]["value"]
    '100000000'
    """
    return {row["key"]: row for row in read_rows(SHIPPED / f"{NUMBERS}.csv")}
