# SPDX-License-Identifier: Apache-2.0
"""What a form collected, one row a questionnaire, laid beside the cards it showed: only of adults who agreed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.choice.attributes import NONE
from homeground.finance.choice.checks import of_persons

_CARD = re.compile(r"^v(\d+)_card_(\d+)$")
ASKED_FIRST = ("consent", "adult")  # questions of the form that must be answered by yes


def answered_cards(answers: pd.DataFrame, cards: pd.DataFrame, *, segment: str | None = None) -> pd.DataFrame:
    """Cards with what each person chose, as `homeground.finance.choice_model` reads them.

    Parameters
    ----------
    answers : DataFrame
        Of the form: consent, adult, v1_card_1, ... (the option chosen; empty where not shown). Groups of the form may
        stand before a name, as in "cards/v1_card_1". Other columns are not carried over, but for the segment.
    cards : DataFrame
        cards.csv of the same form: version, card, option, attributes, with the option "none" or without.
    segment : str, optional
        A column to carry over.

    Returns
    -------
    DataFrame
        answer (numbered from 1), segment, version, card, option, chosen, attributes. Cards that were not answered are
        left out.

    Raises
    ------
    DataError
        All at once: columns about persons or devices, no consent column, no cards, cards or options the design does not have, two versions in a row.

    Examples
    --------
    >>> design = pd.DataFrame({"version": 1, "card": 1, "option": ["A", "B"], "fee": [1.0, 2.0]})
    >>> form = pd.DataFrame({"consent": ["yes", "no"], "adult": "yes", "v1_card_1": ["B", "A"]})
    >>> answered_cards(form, design)[["answer", "option", "chosen"]].to_numpy().tolist()
    [[1, 'A', 0], [1, 'B', 1], [1, 'none', 0]]
    """
    short = {column: str(column).rsplit("/", 1)[-1] for column in answers.columns}
    table = answers.rename(columns=short)
    problems = Problems("answers of the form")
    problems.extend(of_persons(answers))
    columns = {name: (int(m[1]), int(m[2])) for name in table.columns if (m := _CARD.match(name))}
    wanted = [*ASKED_FIRST, *([segment] if segment else [])]
    if unasked := [name for name in wanted if name not in table.columns]:
        problems.add(f"columns {unasked} are missing; without consent of an adult nothing may be used")
    if not columns:
        problems.add("no column like v1_card_1 was found; is this the export of the form that goes with these cards?")
    if missing := [name for name in ("version", "card", "option") if name not in cards.columns]:
        problems.add(f"the cards lack columns {missing}")
    if missing or unasked or not columns:
        problems.raise_if_any(DataError)  # what follows reads these columns
    full = cards
    if NONE not in set(cards["option"].astype(str)):
        none = cards[["version", "card"]].drop_duplicates().assign(option=NONE)
        full = pd.concat([cards, none], ignore_index=True)
    known = set(zip(full["version"].astype(int), full["card"].astype(int), strict=True))
    if unknown := sorted(name for name, key in columns.items() if key not in known):
        problems.add(f"{unknown} are no cards of the design")
    agreed = table[[*ASKED_FIRST]].astype(str).apply(lambda one: one.str.strip().str.lower() == "yes").all(axis=1)
    used = table[agreed].reset_index(drop=True)
    used["answer"] = np.arange(1, len(used) + 1)
    kept = ["answer", *([segment] if segment else [])]
    long = used.melt(kept, [name for name, key in columns.items() if key in known], "_column", "_choice")
    long["_choice"] = long["_choice"].astype(object).where(long["_choice"].notna(), "").astype(str).str.strip()
    long = long[long["_choice"] != ""]
    long["version"] = [columns[name][0] for name in long["_column"]]
    long["card"] = [columns[name][1] for name in long["_column"]]
    several = long.groupby("answer")["version"].nunique()
    problems.extend(f"answer {answer} has cards of several versions" for answer in several.index[several > 1])
    found = long.drop(columns="_column").merge(full, on=["version", "card"])
    found["chosen"] = (found["option"].astype(str) == found["_choice"]).astype(int)
    wrong = found[found.groupby(["answer", "card", "version"])["chosen"].transform("sum") == 0]
    problems.extend(
        f"answer {row.answer}, card {row.card}: chosen {row.choice_!r}, which is no option of the card"
        for row in wrong.drop_duplicates(["answer", "card", "version"])
        .rename(columns={"_choice": "choice_"})
        .itertuples()
    )
    if found.empty:
        problems.add("no card was answered by an adult who agreed")
    problems.raise_if_any(DataError)
    found = found.drop(columns="_choice").sort_values(["answer", "card"], kind="stable").reset_index(drop=True)
    first = ["answer", *([segment] if segment else []), "version", "card", "option", "chosen"]
    ordered: pd.DataFrame = found[[*first, *(str(name) for name in found.columns if name not in first)]]
    return ordered


def read_answers(file: Path | str) -> pd.DataFrame:
    """A table of answers or cards, as CSV or the first sheet of a workbook.

    Parameters
    ----------
    file : path
        Ends in .csv or .xlsx. The word "none" is a word, and an empty cell is missing.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        No such file, another kind of file, or nothing in it.

    Examples
    --------
    >>> read_answers("answers.doc")
    Traceback (most recent call last):
    ...
    homeground.errors.DataError: answers.doc: a table that ends in .csv or .xlsx was expected.
    """
    path = Path(file)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise DataError(f"{file}: a table that ends in .csv or .xlsx was expected.")
    if not path.is_file():
        raise DataError(f"{file}: no such file.")
    try:
        if path.suffix.lower() == ".csv":
            table = pd.read_csv(path, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
        else:
            table = pd.read_excel(path, keep_default_na=False, na_values=[""])
    except (ValueError, OSError) as error:  # what the readers raise of files that are no tables
        raise DataError(f"{file}: cannot be read as a table: {error}.") from error
    if table.empty:
        raise DataError(f"{file}: no rows were found.")
    return table
