# SPDX-License-Identifier: Apache-2.0
"""`homeground finance survey`, `choice` and `funnel`: a survey to ask with, and what its answers tell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.options import JsonOption

survey_app = typer.Typer(
    help="A survey of people abroad: form, choice cards, codebook; or a made one to try things on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
WordsOption = Annotated[str, typer.Option("--language", help="en, fr or zh.")]
SeedOption = Annotated[int, typer.Option(help="The same seed gives the same.")]


@survey_app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="Where to write survey.xlsx, cards.csv and codebook.csv.")],
    attributes: Annotated[
        str | None,
        typer.Option(help="Attributes on the cards, divided by commas; left out: those of the shipped table."),
    ] = None,
    cards: Annotated[int, typer.Option(help="Cards that a person answers, 6 to 8.")] = 8,
    versions: Annotated[int, typer.Option(help="Sets of cards; each person sees one.")] = 4,
    seed: SeedOption = 1,
) -> None:
    """Write a survey form for phones (XLSForm) in three languages, consent first, with its choice cards."""
    from homeground.finance.choice.questionnaire import write_survey

    names = [name.strip() for name in attributes.split(",")] if attributes else None
    for path in write_survey(folder, names=names, cards=cards, versions=versions, seed=seed):
        print(f"wrote {path}")


@survey_app.command("made")
def made(
    folder: Annotated[Path, typer.Argument(help="Where to write made_answers.csv, made_cards.csv, made_funnel.csv.")],
    people: Annotated[int, typer.Option(help="Made people.")] = 300,
    spread: Annotated[bool, typer.Option("--spread", help="They differ in what they weigh.")] = False,
    seed: SeedOption = 1,
) -> None:
    """Write a made survey: nobody was asked; its weights are known, so that models can be tried on it."""
    from homeground.finance.choice.made import write_made

    for path in write_made(folder, people=people, spread=spread, seed=seed):
        print(f"wrote {path}")
    print("Made, not real.")


def choice(
    file: Annotated[Path, typer.Argument(help="Answered cards: a row for each option, or with --cards the form's.")],
    cards: Annotated[
        Path | None, typer.Option(help="cards.csv of the form, where FILE has a row for each questionnaire.")
    ] = None,
    price: Annotated[str, typer.Option(help="The attribute in which worth is told.")] = "return",
    random: Annotated[
        str | None,
        typer.Option(help="Mixed logit: terms that differ between people, divided by commas, or all."),
    ] = None,
    segment: Annotated[str | None, typer.Option(metavar="COL", help="A column with a group of people.")] = None,
    factor: Annotated[
        tuple[float, float], typer.Option(metavar="LOW HIGH", help="What people do over what they say.")
    ] = (0.3, 0.5),
    draws: Annotated[int, typer.Option(help="Halton draws for the mixed logit.")] = 500,
    seed: SeedOption = 0,
    language: WordsOption = "en",
    as_json: JsonOption = False,
) -> None:
    """What people weigh in an offer, and how much return each feature is worth to them; small groups stay hidden."""
    from homeground.cli.finance.choice_tables import show_choice
    from homeground.finance.choice.answers import answered_cards, read_answers
    from homeground.finance.choice.model import choice_model

    table = read_answers(file)
    if cards is not None:
        table = answered_cards(table, read_answers(cards), segment=segment)
    drawn = random if random in (None, "all") else [name.strip() for name in random.split(",")]
    found = choice_model(table, price=price, random=drawn, segment=segment, factor=factor, draws=draws, seed=seed)
    show_choice(found, language, as_json=as_json)


def funnel(
    file: Annotated[Path, typer.Argument(help="A row for each segment; columns segment, reached, aware, ... repeat.")],
    segment: Annotated[str, typer.Option(metavar="COL", help="Column of the segment's name.")] = "segment",
    language: WordsOption = "en",
    as_json: JsonOption = False,
) -> None:
    """How many of those reached come to pay and pay again, by segment, with intervals; small counts stay hidden."""
    from homeground.cli.finance.choice_tables import show_funnel
    from homeground.finance.choice.answers import read_answers
    from homeground.finance.choice.stated import client_funnel

    show_funnel(*client_funnel(read_answers(file), segment=segment), language, as_json=as_json)
