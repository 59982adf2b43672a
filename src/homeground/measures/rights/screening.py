# SPDX-License-Identifier: Apache-2.0
"""A questionnaire on harm to people and nature that proposes a category with its reasons; a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from homeground.errors import DataError, Problems
from homeground.numbers.table import read_rows

TABLE = Path(__file__).with_name("questions.csv")
ANSWERS = ("yes", "no", "unknown")
GCF = ("C", "B", "A")  # minimal; limited, of the site, reversible; significant
SECAP = ("low", "moderate", "substantial", "high")
DECIDES = "a person decides"


class Screening(NamedTuple):
    """What the answers propose, and why.

    ``reasons``: question, answer, GCF and SECAP category that it asks for. ``notes``: answers that ask for at least B whatever else,
    and questions without an answer, which count as yes. ``disclosure``: SECAP asks for it at substantial and high.
    """

    gcf: str
    secap_environment: str
    secap_climate: str
    reasons: tuple[tuple[str, str, str, str], ...]
    notes: tuple[str, ...]
    instruments: tuple[str, ...]
    disclosure: bool
    decides: str


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(read_rows(TABLE))


def screening_questions() -> dict[str, dict[str, str]]:
    """The questions, what a yes asks for, and where that comes from.

    Returns
    -------
    dict of dict
        By question: asks, gcf, secap_environment, secap_climate, at_least ("yes": at least B, with a note), instruments,
        source, quality (5: severity is an expert default, unverified).

    Examples
    --------
    >>> screening_questions()["irreversible"]["gcf"]
    'A'
    """
    return {row["question"]: dict(row) for row in _rows()}


def screen(answers: Mapping[str, str]) -> Screening:
    """A category of environmental and social risk that the answers propose, with reasons and required instruments.

    Parameters
    ----------
    answers : mapping of question to "yes", "no" or "unknown"
        By the names of `screening_questions`. A question without an answer is unknown.

    Returns
    -------
    Screening
        gcf: A, B or C; secap_environment and secap_climate: low, moderate, substantial or high; reasons; notes; instruments;
        disclosure (bool); decides: "a person decides", for this is a proposal.

    Raises
    ------
    DataError
        A question is unknown, or an answer is none of the three.

    Notes
    -----
    The highest category of all questions answered yes. Unknown counts as yes, and is noted. GCF: A high, B limited and
    reversible, C minimal; SECAP 2021: four categories each for environment and climate. Which question asks for which severity
    is an expert default, but for the rule that resettlement, protected areas and consent ask for at least B.

    Examples
    --------
    >>> none = dict.fromkeys(screening_questions(), "no")
    >>> screen(none).gcf, screen(none | {"resettlement": "yes"}).gcf
    ('C', 'B')
    >>> screen(none | {"resettlement": "yes"}).instruments
    ('resettlement action plan or framework (RAP or RAF)',)
    """
    questions, problems = screening_questions(), Problems("screening")
    for question, answer in answers.items():
        if question not in questions:
            problems.add(f'there is no question "{question}". Known: {", ".join(questions)}.')
        elif answer not in ANSWERS:
            problems.add(f'{question}: the answer is "{answer}"; {", ".join(ANSWERS)} was expected.')
    problems.raise_if_any(DataError)
    gcf, environment, climate = 0, 0, 0
    reasons, notes, instruments = [], [], []
    for name, row in questions.items():
        answer = answers.get(name, "unknown")
        if answer == "no":
            continue
        gcf = max(gcf, GCF.index(row["gcf"] or "C"))
        environment = max(environment, SECAP.index(row["secap_environment"] or "low"))
        climate = max(climate, SECAP.index(row["secap_climate"] or "low"))
        reasons.append((name, answer, row["gcf"], row["secap_environment"] or row["secap_climate"]))
        if answer == "unknown":
            notes.append(f"{name}: not answered, taken as yes")
        elif row["at_least"]:
            notes.append(f"{name}: at least B")
        instruments += [one.strip() for one in row["instruments"].split(";")]
    return Screening(
        GCF[gcf],
        SECAP[environment],
        SECAP[climate],
        tuple(reasons),
        tuple(notes),
        tuple(dict.fromkeys(instruments)),
        max(environment, climate) >= SECAP.index("substantial"),
        DECIDES,
    )
