# SPDX-License-Identifier: Apache-2.0
"""What people read in the workbook for codes of columns, units and cells."""

from __future__ import annotations

import re
from functools import cache
from zlib import crc32

from homeground.language.figures import numbers_in, write_number
from homeground.language.messages import known, phrase
from homeground.language.wording import slug, translation

# Columns of names, codes, citations and words of the user: they stand as they are, in every language.
NAMES = frozenset(
    {
        *("region_id", "iso3", "iso3s", "origin", "destination", "uuid", "location_name", "key"),
        *("process_driving_change", "basis_for_judgement"),
        *("effect_id", "effect_ids", "study", "cluster", "node", "parent", "transform"),
        *(
            "irr_roots",
            "currency",
            "crs",
            "index",
            "first",
            "last",
            "profile",
            "other_profile",
            "lookup",
            "other_lookup",
        ),
        *("onset", "end", "peak_time", "sign"),
        *("column", "computed_by", "interval_low", "interval_high"),
        *("parameter", "places"),  # of values.csv
    }
)
# Columns whose words stand in catalogues that other outputs use too; all words may stand among those of sheets.
PREFIXES = {
    "kind": ("kind",),
    "driver": ("driver",),
    "measure": ("measure",),
    "scope": ("measure",),
    "moderator": ("moderator",),
    "outcome": ("outcome",),
    "metric": ("metric",),
    "contrast": ("contrast",),
    "place": ("place",),
    "who": ("place",),
    "definition": ("definition",),
    "indicator": ("indicator",),
    "rule": ("rule",),
    "setting": ("setting",),
    "series": ("series",),
    "class": ("money",),
    "status": ("money",),
    "irr_reason": ("irr",),
    "layer": ("source.layer",),
    "line": ("against.line",),
    "why": ("against.why",),
    "how": ("near",),
    "value": ("reason",),
    "money_step": ("accelerator.ladder.step",),
    "instrument": ("accelerator.ladder.instrument",),
    "practice": ("measure",),
    "said": ("measure",),  # practices of a project that has several
}
TABLES = {  # texts of tables of the package, known by their English text
    **dict.fromkeys(("title", "why"), "tree."),
    "name": "legend.",
    "value": "study.",
    **dict.fromkeys(
        (
            *("period", "unit_of_analysis", "driver_measure", "outcome_measure", "heterogeneity", "why_not_pooled"),
            *("source_seen", "note"),
        ),
        "source.effect.",
    ),
}
UNITS_OF_CELLS = ("unit", "units", "step_unit")
WORDS = "sheet.value"
NUMBER = re.compile(r"(?<![A-Za-z\d.])\d(?:[\d.,]*\d)?")
LONGEST = 60
MARKS = ("low", "high", "p05", "p50", "p95", "hidden")


def heading(column: str, code: str) -> str:
    """The heading of a column in a language; the name itself of a column that has none.

    Examples
    --------
    >>> heading("cost_usd_low", "en"), heading("iso3", "fr"), heading("my_column", "fr")
    ('Cost, low', 'Code du pays', 'my_column')
    """
    if known(f"sheet.column.{column}"):
        return phrase(f"sheet.column.{column}", code)
    base, _, mark = column.rpartition("_")
    if mark in MARKS and known(f"sheet.column.{base}"):
        return marked(phrase(f"sheet.column.{base}", code), mark, code)
    return column


def marked(what: str, mark: str, code: str) -> str:
    """A heading with what its column is of the number: its low or high end, or which of the draws."""
    return phrase(f"sheet.mark.{mark}", code, what=what)


def unit_words(unit: str, code: str) -> str:
    """A unit in words; one that has none, such as %, stands as it is.

    Examples
    --------
    >>> unit_words("months", "fr"), unit_words("%", "zh"), unit_words("1", "en")
    ('mois', '%', '')
    """
    if unit in ("1", ""):
        return ""
    ids = (f"sheet.unit.{slug(unit)}", f"unit.name.{slug(unit)}")
    return next((phrase(one, code) for one in ids if known(one)), unit)


@cache
def cell_words(column: str, text: str, code: str) -> str:
    """A text of a table in a language: the words of its message, several remarks one by one, else as it stands.

    Parameters
    ----------
    column : str
        Name of the column in the results folder.
    text : str
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> cell_words("kind", "modelled", "fr"), cell_words("region_id", "all", "fr")
    ('modélisé', 'all')
    """
    if column in NAMES or not re.search(r"[^\W\d_]", text):
        return text
    if column == "value" and "." in text and known(text):  # such as source.illustrative
        return phrase(text, code)
    if column in UNITS_OF_CELLS:
        return unit_words(text, code)
    if column in TABLES:
        found = translation(text, TABLES[column], code)
        if found is not None:
            return found
    return _said(column, text, code) or _remarks(column, text, code) or text


def value_id(text: str, prefix: str = WORDS) -> str:
    """Id of the message for a text of a table, its numbers left out; a long one ends in a sum over its letters.

    Examples
    --------
    >>> value_id("idps_idmc"), value_id("Pledged in 2021")
    ('sheet.value.idps_idmc', 'sheet.value.pledged_in')
    """
    name = slug(NUMBER.sub(" ", text))
    if len(name) > LONGEST:
        name = f"{name[:LONGEST].rstrip('_')}_{crc32(name.encode()):08x}"
    return f"{prefix}.{name}"


def _said(column: str, text: str, code: str) -> str | None:
    """The message of a text; its numbers are put in as words a, b, c in their order."""
    for prefix in PREFIXES.get(column, ()):
        if known(f"{prefix}.{slug(text)}"):
            return phrase(f"{prefix}.{slug(text)}", code)
    for prefix in (*PREFIXES.get(column, ()), WORDS):
        message = value_id(text, prefix)
        if known(message):
            numbers = dict(zip("abcdefgh", NUMBER.findall(text), strict=False))
            return phrase(message, code, **{name: _number(n, code) for name, n in numbers.items()})
    return None


def _remarks(column: str, text: str, code: str) -> str | None:
    """Remarks parted by semicolons: the longest beginning that is known, and what follows."""
    ends = [match.start() for match in re.finditer("; ", text)]
    for end in reversed(ends):
        first = _said(column, text[:end], code)
        if first is not None:
            return first + phrase("ui.semicolon", code) + cell_words(column, text[end + 2 :], code)
    return None


def _number(text: str, code: str) -> str:
    """A number of a text as the language writes it; a year stays as it is."""
    plain = next(iter(numbers_in(text)), text)
    if "." not in plain:
        return text
    return write_number(float(plain), len(plain.partition(".")[2]), code) if plain.count(".") == 1 else text


def place_words(text: str, code: str) -> str:
    """Where a rule holds: a region and the land or measure there (parted by commas), a country or a year; in words.

    Examples
    --------
    >>> place_words("BF-BAL zai", "en"), place_words("2024", "fr")
    ('BF-BAL Zaï pits', '2024')
    >>> place_words("BF-BAL dry sub-humid, grassland, zai", "fr")
    'BF-BAL subhumide sèche, prairies, Zaï'
    """
    region, gap, what = text.partition(" ")
    if not gap:
        return cell_words("where", text, code)
    return f"{region} " + phrase("ui.comma", code).join(cell_words("measure", one, code) for one in what.split(", "))
