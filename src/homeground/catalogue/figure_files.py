# SPDX-License-Identifier: Apache-2.0
"""Where the tables of published figures lie and what they are called; read without heavy libraries."""

from __future__ import annotations

from pathlib import Path

from homeground.errors import CatalogueError

FOLDER = Path(__file__).resolve().parent / "figures"
COLUMNS = (
    "iso3", "place", "year", "indicator", "value", "unit", "low", "high", "source", "licence", "kind", "note",
)  # fmt: skip


def tables() -> list[str]:
    """Names of the tables of published figures, in alphabetical order.

    Returns
    -------
    list of str
        For `load`.

    Examples
    --------
    >>> "displacement" in tables()
    True
    """
    found = (entry.name for entry in FOLDER.iterdir())
    # effects.csv and options.csv, if another part keeps its table here, have columns of their own.
    return sorted(name.removesuffix(".csv") for name in found if name.endswith(".csv") and _is_tidy(name))


def path(table: str) -> Path:
    """Where a table of published figures lies.

    Parameters
    ----------
    table : str
        One of `tables`.

    Returns
    -------
    Path
        The file; it exists.

    Raises
    ------
    CatalogueError
        There is no such table; the message lists those there are.

    Examples
    --------
    >>> path("displacement").name
    'displacement.csv'
    """
    found = FOLDER / f"{table}.csv"
    if not found.is_file():
        msg = f"There is no table of figures called {table!r}. Use one of: {', '.join(tables())}."
        raise CatalogueError(msg)
    return found


def _is_tidy(name: str) -> bool:
    with (FOLDER / name).open(encoding="utf-8") as text:
        return text.readline().rstrip("\r\n") == ",".join(COLUMNS)
