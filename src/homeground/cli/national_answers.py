# SPDX-License-Identifier: Apache-2.0
"""The climate of whole countries in the terminal: usual rain, the driest year, severe droughts of late."""

from __future__ import annotations

from pathlib import Path

from homeground.brief.facts.national import LATE, SEVERE, USUAL, climate_of_countries
from homeground.cli.answer import Answer, head, in_brackets, numbers
from homeground.language.figures import span, write_number
from homeground.language.messages import phrase


def national(results: Path, code: str = "en") -> list[Answer]:
    """What is published of each whole country; nothing where no source has it."""
    table = climate_of_countries(results)
    if table.empty:
        return []
    years = span(int(table["first"].min()), int(table["last"].max()))
    columns = [
        (
            [*head("national.usual", code, years=span(*USUAL)), in_brackets("mm/year", code)],
            numbers(table["usual_mm"], 0, code),
        ),
        (head("national.driest", code), [str(year) for year in table["driest"]]),
        ([*head("national.driest_mm", code), in_brackets("mm/year", code)], numbers(table["driest_mm"], 0, code)),
        (head("national.droughts", code, n=LATE), numbers(table["droughts"], 0, code)),
    ]
    mind = phrase("national.mind", code, limit=write_number(SEVERE, 1, code), months="12")
    return [Answer(phrase("national.title", code, years=years), table["iso3"].tolist(), columns, mind)]
