# SPDX-License-Identifier: Apache-2.0
"""What is written without Babel is what Babel writes, and catalogues are read as Babel reads them."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from homeground.language import figures
from homeground.language.catalogues import LOCALE
from homeground.language.cldr import marks, plural
from homeground.language.languages import TONGUES
from homeground.language.po import read_entries

babel = pytest.importorskip("babel")
EVERY = pytest.mark.parametrize("code", TONGUES)


def locale(code):
    return babel.Locale.parse(TONGUES[code].locale)


@EVERY
def test_marks_of_numbers_are_those_of_cldr(code):
    from babel.numbers import get_decimal_symbol, get_group_symbol

    expected = [get(locale(code), numbering_system="latn") for get in (get_decimal_symbol, get_group_symbol)]
    assert list(marks(code)) == expected


@EVERY
def test_lists_are_those_of_cldr(code):
    from babel.lists import format_list

    words = ["Mali", "Niger", "Tchad", "Ghana", "Benin"]
    for n in range(len(words) + 1):
        assert figures.listed(words[:n], code) == format_list(words[:n], locale=locale(code))


@EVERY
def test_every_day_of_a_year_is_written_as_in_cldr(code):
    from babel.dates import format_date

    said = "en_GB" if code == "en" else locale(code)
    for n in range(366):
        day = datetime.date(2028, 1, 1) + datetime.timedelta(n)
        assert figures.date(day, code) == format_date(day, format="long", locale=said)


@EVERY
def test_classes_of_plural_are_those_of_cldr(code):
    whole = [Decimal(n) for n in (*range(205), 1000, 999_999, 1_000_000, 1_000_001, 2_000_000, 10**9)]
    parts = [Decimal(n).scaleb(-places) for n in range(230) for places in (1, 2)]
    rough = [round(Decimal(n), -3) for n in (0, 1200, 987_654, 1_000_000)]
    rule = locale(code).plural_form
    for number in [*whole, *parts, *rough, Decimal("-1"), Decimal("-2.0")]:
        assert plural(number, code) == rule(number), number


@pytest.mark.parametrize("path", sorted(LOCALE.rglob("*.po*")), ids=lambda path: path.relative_to(LOCALE).as_posix())
def test_catalogues_are_read_as_babel_reads_them(path):
    from babel.messages.pofile import read_po

    def forms(text):
        return text if isinstance(text, tuple) else (text,)

    source = path.suffix == ".pot"
    with path.open(encoding="utf-8") as file:
        read = read_po(file, locale=None if source else TONGUES[path.parent.name].locale, abort_invalid=True)
    expected = [(m.context or "", forms(m.id), () if source else forms(m.string)) for m in read if m.id]
    found = read_entries(path.read_text(encoding="utf-8"))
    assert [(e.context, e.ids, () if source else e.strings) for e in found] == expected


def test_escapes_continued_lines_comments_and_what_is_obsolete():
    text = '#, fuzzy\n#: a.py\nmsgid "a\\n\\"b\\""\nmsgstr ""\n"c\\t"\n"\\\\n"\n#~ msgid "gone"\n#~ msgstr "parti"\n'
    assert read_entries(text) == [("", ('a\n"b"',), ("c\t\\n",))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('msgid "a"\nmsgstr "b', r'line 2 holds "msgstr "b"'),
        ('msgid "a"\nmsgstr "b\\"', "line 2 .* quotes do not close"),
        ('"alone"\n', "line 1"),
        ('msgid "a"\nwords\n', "line 2"),
    ],
)
def test_a_line_that_is_no_part_of_an_entry_is_told(text, told):
    with pytest.raises(ValueError, match=told):
        read_entries(text)
