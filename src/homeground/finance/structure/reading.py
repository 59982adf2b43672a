# SPDX-License-Identifier: Apache-2.0
"""Sources of money from a table that a person fills in."""

from __future__ import annotations

from pathlib import Path

from homeground.errors import DataError, Problems
from homeground.finance.structure.sources_of_money import Source
from homeground.numbers.table import read_rows

COLUMNS = ("name", "kind", "most", "hurdle", "until", "grace", "first", "last")


def read_sources(path: Path) -> list[Source]:
    r"""Sources of a CSV: name, kind, most and, where they apply, hurdle, until, grace, first and last year.

    Parameters
    ----------
    path : Path
        CSV in UTF-8; sums in USD of the plan's price year, hurdles as fractions a year net of inflation. An empty cell
        is 0.

    Returns
    -------
    list of Source

    Raises
    ------
    DataError
        The file or a column is missing, or a cell is no number: all at once, with row and column.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "sources.csv"
    ...     _ = file.write_text("name,kind,most,hurdle,until\ngrant,grant,100,,\nbond,household,50,0.04,7\n")
    ...     [(one.name, one.most, one.until) for one in read_sources(file)]
    [('grant', 100.0, 0), ('bond', 50.0, 7)]
    """
    if not path.is_file():
        raise DataError(f"{path} does not exist. Write a CSV with the columns {', '.join(COLUMNS)}.")
    rows, problems, found = read_rows(path), Problems(str(path)), []
    if not rows:
        problems.add(f"no row. Expected: {', '.join(COLUMNS)}, one source a row.")
    elif missing := [name for name in COLUMNS[:3] if name not in rows[0]]:
        problems.add(f"columns {', '.join(missing)} are missing. Expected: {', '.join(COLUMNS)}.")
    problems.raise_if_any(DataError)
    for number, row in enumerate(rows, start=2):
        values: dict[str, float] = {}
        for name in COLUMNS[2:]:
            text = (row.get(name) or "").strip()
            try:
                values[name] = float(text or 0)
            except ValueError:
                problems.add(f"row {number}, {name}: a number was expected, found {text!r}.")
                continue
            if name not in ("most", "hurdle") and values[name] != int(values[name]):
                problems.add(f"row {number}, {name}: a whole year was expected, found {text!r}.")
        if len(values) == len(COLUMNS) - 2:
            years = {name: int(values[name]) for name in COLUMNS[4:]}
            found.append(Source(row["name"], row["kind"], values["most"], values["hurdle"], **years))
    problems.raise_if_any(DataError)
    return found
