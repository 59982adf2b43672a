# SPDX-License-Identifier: Apache-2.0
"""The tables that an appraisal of farms is given: their declaration, and the reader that tells all faults at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from homeground.catalogue.tables import read_given
from homeground.errors import DataError, Problems
from homeground.numbers.table import Table, declare, read_rows
from homeground.numbers.table_check import check

HERE = Path(__file__).parent
NAMES = ("budgets", "farms", "adoption", "programme")
FILL = {"purpose": "season", "traded": 0.0, "from_age": 0, "trend": 0.0, "drawn_as": ""}


@cache
def declared() -> dict[str, Table]:
    """The declaration of each table, by its name.

    Returns
    -------
    dict of Table

    Examples
    --------
    >>> declared()["farms"].always
    ('farm', 'situation', 'activity', 'hectares')
    """
    return declare(read_rows(HERE / "given_tables.csv"), read_rows(HERE / "given_columns.csv"))


def read_farm_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder: budgets.csv, farms.csv, adoption.csv, and programme.csv where it is there.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of DataFrame
        By name; as `farm_case` takes them.

    Raises
    ------
    DataError
        A table is not there, or rows are not as declared: all problems of all tables at once.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as empty:
    ...     read_farm_tables(Path(empty))
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: the farm tables has 3 problems:
      - budgets.csv is not there. It says what a hectare of a crop or activity takes and gives, item by item: quantities, prices, and when.
      - farms.csv is not there. It says what one farm of each kind grows or does, with the programme and without it.
      - adoption.csv is not there. It says how many farms of each kind take it up in each year, new ones only.
    """
    problems = Problems("the farm tables")
    found: dict[str, pd.DataFrame] = {}
    for name in NAMES:
        path = folder / f"{name}.csv"
        if not path.is_file():
            if name != "programme":
                what = declared()[name].description
                problems.add(f"{path.name} is not there. It says {what[0].lower()}{what[1:]}")
            continue
        try:
            found[name] = read_given(path, declared()[name])
        except DataError as error:
            problems.add(str(error))
    problems.raise_if_any(DataError)
    return found


def as_declared(name: str, table: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """A table made in Python, with the columns that may be left out; what is wrong with it is added to the problems.

    Parameters
    ----------
    name : str
        budgets, farms, adoption or programme.
    table : DataFrame
    problems : Problems

    Returns
    -------
    DataFrame
        With every declared column; empty cells of `FILL` filled.

    Examples
    --------
    >>> problems = Problems("farms")
    >>> _ = as_declared("farms", pd.DataFrame({"farm": ["small"], "situation": ["with"], "hectares": [1.0]}), problems)
    >>> problems.messages
    ['farms: lacks the column activity']
    """
    want = declared()[name]
    lost = [column for column in want.always if column not in table.columns and column not in FILL]
    problems.extend(f"{name}: lacks the column {column}" for column in lost)
    known = [column.column for column in want.columns]
    whole = table.reset_index(drop=True).reindex(columns=known)
    for name_of, value in FILL.items():
        if name_of in whole:
            whole[name_of] = whole[name_of].astype(object).where(whole[name_of].notna(), value).infer_objects()
    for column in want.columns:
        if set(column.types) & {"number", "integer"}:
            cells = whole[column.column]
            whole[column.column] = pd.to_numeric(cells, errors="coerce")
            for row in cells.index[cells.notna() & whole[column.column].isna()][:1]:
                problems.add(f"{name}: {column.column}: a number was expected; row {row + 1} ({cells[row]}).")
    if not lost:
        problems.extend(f"{name}: {sentence}" for sentence in check(whole, want, first_row=1))
    return whole
