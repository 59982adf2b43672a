# SPDX-License-Identifier: Apache-2.0
"""The survey as a form for phones and browsers (XLSForm), with its cards and a codebook beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from homeground.errors import DataError, Problems
from homeground.finance.choice.attributes import (
    LANGUAGES,
    Attribute,
    attributes_on_cards,
    shipped_attributes,
    terms_of,
)
from homeground.finance.choice.design import Design, choice_design, none_rows, sample_size

FORM, CARDS, CODEBOOK = "survey.xlsx", "cards.csv", "codebook.csv"
FORM_VERSION = "1"
# How XLSForm names a language: its own name, then its code.
NAMED = {"en": "English (en)", "fr": "Français (fr)", "zh": "中文 (zh)"}
GATE = "${adult} = 'yes' and ${consent} = 'yes'"  # nothing is asked before
_ROOM = Path(__file__).parent


def survey_sheets(design: Design, attributes: Sequence[Attribute] | None = None) -> dict[str, pd.DataFrame]:
    """The three sheets of the form: survey, choices and settings, in English, French and Chinese.

    Parameters
    ----------
    design : Design
        The cards.
    attributes : sequence of Attribute, optional
        Of those cards; those that ship and stand on cards if left out. Their words come from the shipped tables.

    Returns
    -------
    dict of sheet name to DataFrame
        As XLSForm has them (xlsform.org). The form asks consent first, records no device, place, time or name, and shows
        each person one version of the cards by chance.

    Raises
    ------
    DataError
        An attribute or level has no words.

    Examples
    --------
    >>> few = attributes_on_cards(["return", "visit", "loss_protection"])
    >>> sheets = survey_sheets(choice_design(few, cards=6, versions=1, starts=1), few)
    >>> list(sheets), sheets["survey"]["name"].tolist()[:3]
    (['survey', 'choices', 'settings'], ['before', 'purpose', 'voluntary'])
    """
    chosen = tuple(attributes) if attributes is not None else attributes_on_cards()
    questions, answers, words = (_read(name) for name in ("questions", "answers", "words"))
    said = words.set_index("name")
    rows: list[dict[str, str]] = []
    blocks = {"consent": "before", "land": "land", "remittances": "remittances", "cards": "cards", "funnel": "funnel"}
    for block, group in blocks.items():
        gate = {} if block == "consent" else {"relevant": GATE}
        rows.append({"type": "begin_group", "name": group, **gate, **_labels(said, block)})
        if block == "cards":
            rows += _card_rows(design.cards, chosen, said)
        for question in questions[questions["block"] == block].itertuples():
            rows.append(
                {
                    "type": str(question.type),
                    "name": str(question.name),
                    "required": str(question.required),
                    "relevant": str(question.relevant),
                    **{f"label::{NAMED[code]}": str(getattr(question, code)) for code in LANGUAGES},
                }
            )
        rows.append({"type": "end_group", "name": group})
    rows.append({"type": "note", "name": "thanks", **_labels(said, "thanks")})
    columns = ["type", "name", *_label_columns(), "required", "relevant", "calculation"]
    survey = pd.DataFrame(rows).reindex(columns=columns).fillna("")
    choices = answers.rename(columns={"list": "list_name"} | {code: f"label::{NAMED[code]}" for code in LANGUAGES})
    settings = pd.DataFrame(
        [
            {
                "form_title": said.at["title", "en"],
                "form_id": "homeground_choice",
                "version": FORM_VERSION,
                "default_language": NAMED["en"],
                "style": "pages",
            }
        ]
    )
    return {"survey": survey, "choices": choices, "settings": settings}


def write_survey(
    folder: Path | str,
    *,
    names: Sequence[str] | None = None,
    cards: int = 8,
    versions: int = 4,
    seed: int = 1,
) -> list[Path]:
    """Write a form, its cards and a codebook into a new folder.

    Parameters
    ----------
    folder : path
        Made if it is not there; files of these names are not overwritten.
    names : sequence of str, optional
        Attributes to put on the cards; those marked ``on_card`` if left out. "return" or another number must be there.
    cards, versions, seed : int
        As in `homeground.finance.choice.design.choice_design`.

    Returns
    -------
    list of Path
        survey.xlsx, cards.csv, codebook.csv.

    Raises
    ------
    DataError
        Files stand there already, an attribute is unknown, or no attribute is a number that worth can be told in.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_survey(folder, names=["return", "visit", "project"], versions=1)]
    ['survey.xlsx', 'cards.csv', 'codebook.csv']
    """
    from openpyxl import Workbook  # noqa: PLC0415 (only here a workbook is written)

    to = Path(folder)
    problems = Problems(str(folder))
    problems.extend(
        f"{name} stands there already; name a new folder" for name in (FORM, CARDS, CODEBOOK) if (to / name).exists()
    )
    if to.exists() and not to.is_dir():
        problems.add("a folder was expected, a file stands there")
    problems.raise_if_any(DataError)
    chosen = attributes_on_cards(names)
    if not any(one.numeric for one in chosen):
        raise DataError(f'no number is among {[one.name for one in chosen]}, so worth has no unit. Add "return".')
    design = choice_design(chosen, cards=cards, versions=versions, seed=seed)
    sheets = survey_sheets(design, chosen)
    to.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(table.columns))
        for row in table.itertuples(index=False):
            sheet.append([None if value == "" else value for value in row])
        sheet.freeze_panes = "A2"
    book.save(to / FORM)
    none_rows(design.cards, chosen).to_csv(to / CARDS, index=False)
    codebook(chosen, cards=cards).to_csv(to / CODEBOOK, index=False)
    return [to / FORM, to / CARDS, to / CODEBOOK]


def codebook(attributes: Sequence[Attribute], *, cards: int = 8) -> pd.DataFrame:
    """What each term of the model and each question of the form means, with the source of each level.

    Parameters
    ----------
    attributes : sequence of Attribute
        Those on the cards.
    cards : int
        Cards that a person answers.

    Returns
    -------
    DataFrame
        part (attribute, question, sample), name, value, term, en, fr, zh, source, quality, kind.

    Examples
    --------
    >>> book = codebook(attributes_on_cards(["return", "visit"]))
    >>> book.loc[book["term"] == "visit=family_day", ["source", "quality"]].to_numpy().tolist()
    [['expert default', '5']]
    """
    levels, questions = shipped_attributes()[1], _read("questions")
    terms = set(terms_of(attributes))
    rows = []
    for one in attributes:
        for row in levels[levels["attribute"] == one.name].itertuples():
            term = one.name if one.numeric else f"{one.name}={row.level}"
            said = {code: getattr(row, code) for code in LANGUAGES}
            rows.append(
                {
                    "part": "attribute",
                    "name": one.name,
                    "value": row.level,
                    "term": term if term in terms else "reference",
                }
                | said
                | {"source": row.source, "quality": row.quality, "kind": row.kind}
            )
    rows += [
        {"part": "question", "name": row.name, "value": row.type} | {code: getattr(row, code) for code in LANGUAGES}
        for row in questions.itertuples(index=False)
    ]
    rows.append(
        {
            "part": "sample",
            "name": "people",
            "value": str(sample_size(attributes, cards=cards)),
            "en": "people to ask at least in each segment that is told by itself: 500 c / (t a), Johnson and Orme",
            "source": "rule of practitioners, unverified",
            "quality": "5",
            "kind": "default",
        }
    )
    return pd.DataFrame(rows).fillna("")


def _card_rows(cards: pd.DataFrame, attributes: Sequence[Attribute], said: pd.DataFrame) -> list[dict[str, str]]:
    versions, each = int(cards["version"].max()), int(cards["card"].max())
    intro = {f"label::{NAMED[code]}": str(said.at["intro", code]).format(cards=each) for code in LANGUAGES}
    rows = [
        {"type": "calculate", "name": "version", "calculation": f"once(int(random() * {versions}) + 1)"},
        {"type": "note", "name": "cards_intro", **intro},
    ]
    for (version, card), offers in cards.groupby(["version", "card"]):
        labels = {}
        for code in LANGUAGES:
            parts = [str(said.at["card", code]).format(number=card, cards=each)]
            for _, offer in offers.iterrows():
                parts.append("**" + str(said.at["offer_" + str(offer["option"]), code]) + "**")
                parts += _offer_lines(offer, attributes, code, str(said.at["colon", code]))
            labels[f"label::{NAMED[code]}"] = "\n".join(parts)
        rows.append(
            {
                "type": "select_one cards",
                "name": f"v{version}_card_{card}",
                "relevant": f"${{version}} = {version}",
                **labels,
            }
        )
    return rows


def _offer_lines(offer: pd.Series, attributes: Sequence[Attribute], code: str, colon: str) -> list[str]:
    titles, levels = shipped_attributes()
    names = titles.set_index("attribute")[code]
    words = {(row.attribute, row.level): str(getattr(row, code)) for row in levels.itertuples()}
    found = []
    for one in attributes:
        level = f"{offer[one.name]:g}" if one.numeric else str(offer[one.name])
        if one.name not in names.index or (one.name, level) not in words:
            raise DataError(f"the level {level!r} of {one.name} has no words in levels.csv. Add a row.")
        found.append(f"- {names[one.name]}{colon}{words[one.name, level]}")
    return found


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(_ROOM / f"{name}.csv", dtype=str, keep_default_na=False)


def _labels(words: pd.DataFrame, name: str) -> dict[str, str]:
    return {f"label::{NAMED[code]}": str(words.at[name, code]) for code in LANGUAGES}


def _label_columns() -> list[str]:
    return [f"label::{NAMED[code]}" for code in LANGUAGES]
