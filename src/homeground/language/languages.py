# SPDX-License-Identifier: Apache-2.0
"""How a language is set: its numbers, its spaces, its typefaces, and the PDF in which nothing may be missing."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from homeground.errors import DataError, StudyError

NBSP = "\u00a0"
MINUS = "\u2212"


@dataclass(frozen=True)
class Language:
    """One language of the brief. ``scales``: factor, word for one, word for many, from large to small."""

    code: str
    name: str
    locale: str  # of Unicode CLDR
    typst: tuple[str, str]  # language and region of the typesetter
    fonts: tuple[str, ...]
    scales: tuple[tuple[float, str, str], ...]
    plurals: tuple[str, ...]  # CLDR classes in the order of the catalogue's plural forms
    spaced: bool = True  # words are parted by spaces


LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        "en", "English", "en", ("en", "gb"), ("Noto Sans",),
        ((1e12, "trillion", "trillion"), (1e9, "billion", "billion"), (1e6, "million", "million")),
        ("one", "other"),
    ),
    "fr": Language(
        "fr", "français", "fr", ("fr", "fr"), ("Noto Sans",),
        ((1e9, "milliard", "milliards"), (1e6, "million", "millions")),
        ("one", "other"),
    ),
    "zh": Language(
        "zh", "简体中文", "zh_Hans", ("zh", "cn"), ("Noto Sans", "Noto Sans CJK SC"),
        ((1e8, "亿", "亿"), (1e4, "万", "万")),
        ("other",), spaced=False,
    ),
}  # fmt: skip
LARGE = 1e6  # from here on numbers are written in millions, billions, 万 and 亿
FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "noto_cjk_sans_otc")


def language(code: str) -> Language:
    """The settings of one language.

    Raises
    ------
    StudyError
        The brief is not written in it; the known ones are listed.

    Examples
    --------
    >>> language("fr").name
    'français'
    """
    if code not in LANGUAGES:
        known = ", ".join(f"{k} ({v.name})" for k, v in LANGUAGES.items())
        raise StudyError(f'the brief is not written in "{code}"; it is written in: {known}. Set [brief].languages.')
    return LANGUAGES[code]


def write_numbers(values: Sequence[float], decimals: int, code: str) -> tuple[list[str], str]:
    """Numbers as people read them, all on the scale of the first, and the word of that scale.

    Parameters
    ----------
    values : sequence of float
        The number, then the ends of its interval.
    decimals : int
        Of numbers under a million; −3 rounds to thousands. Larger ones are written with three digits in millions or billions (万 or 亿).
    code : str
        Language.

    Returns
    -------
    (list of str, str)
        The numbers, and the word of their scale or "".

    Examples
    --------
    >>> write_numbers([1_010_200, 900_000, 1_200_000], 0, "en")
    (['1.01', '0.90', '1.20'], 'million')
    >>> write_numbers([2.5e8], 0, "zh"), write_numbers([-12.345], 1, "fr")
    ((['2.5'], '亿'), (['−12,3'], ''))
    """
    setting = language(code)
    size = abs(values[0])
    factor, words = 1.0, ("", "")
    if size >= LARGE:
        factor, *found = next(s for s in setting.scales if size >= s[0] * 0.9995)
        words = (found[0], found[1])
        shown = f"{size / factor:.3g}"
        decimals = max(0, 3 - len(str(int(float(shown)))))
        if len(values) == 1:  # without an interval, "4.30 billion" would promise a digit that nobody stated
            decimals = min(decimals, len(shown.partition(".")[2]))
    from decimal import Decimal

    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    written = []
    for value in values:
        text = format_decimal(
            round(Decimal(repr(float(value) / factor)), decimals), format=pattern, locale=setting.locale
        )
        written.append(text.replace("-", MINUS) if re.search(r"[1-9]", text) else text.replace("-", ""))
    word = words[0] if plural_class(values[0] / factor, decimals, code) == "one" else words[1]
    return written, word


def plural_class(value: float, decimals: int, code: str) -> str:
    """The plural class of Unicode CLDR of a number as it is written.

    Examples
    --------
    >>> plural_class(1.5, 1, "fr"), plural_class(1.5, 1, "en"), plural_class(1, 0, "zh")
    ('one', 'other', 'other')
    """
    from decimal import Decimal

    from babel import Locale

    rounded = round(Decimal(repr(abs(float(value)))), decimals)
    return str(Locale.parse(language(code).locale).plural_form(rounded))


def spaces(text: str, code: str) -> str:
    """Set the spaces that must not break: French before high punctuation and inside its quotation marks.

    Spaces after punctuation stay open.

    Examples
    --------
    >>> spaces("« terres » : 12 %", "fr").replace(NBSP, "_")
    '«_terres_»_: 12_%'
    """
    if code != "fr":
        return text
    return re.sub(r" (?=[:;!?%»])", NBSP, text).replace("« ", "«" + NBSP)


_NUMBER = re.compile(r"\d(?:[\d.,\u00a0\u202f\u2009]*\d)?")


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, without the marks that group their digits by thousands.

    Examples
    --------
    >>> sorted(numbers_in("12 regions, 1,234.5 ha; SDG 15.3.1"))
    ['12', '1234.5', '15.3.1']
    """
    return {re.sub(r"[\u00a0\u202f\u2009]|,(?=\d{3}(?!\d))", "", found) for found in _NUMBER.findall(text)}


@cache
def font_folders() -> tuple[str, ...]:
    """Folders of the typefaces, from their packages.

    Raises
    ------
    DataError
        A package of typefaces is not installed.
    """
    folders = []
    for name in FONT_PACKAGES:
        try:
            package = importlib.import_module(name)
        except ImportError as error:
            raise DataError(f"the brief needs the typefaces of {name}. Install them: homeground[brief].") from error
        folder = Path(str(package.__file__)).parent
        folders.append(str(folder / "files" if (folder / "files").is_dir() else folder))
    return tuple(folders)


def set_pdf(source: str, inputs: Mapping[str, str]) -> bytes:
    """A typst source set as PDF/A-2a: tagged, all typefaces embedded, no glyph missing, the same bytes each time.

    Raises
    ------
    DataError
        The typesetter warned of anything (an unknown typeface, say) or a character is in no typeface.
    """
    import typst

    options: dict[str, Any] = {
        "font_paths": list(font_folders()),
        "ignore_system_fonts": True,
        "format": "pdf",
        "sys_inputs": dict(inputs),
        "pdf_standards": ["a-2a"],
        "timestamp": 0,
    }
    try:
        pdf, warned = typst.compile_with_warnings(source.encode(), **options)
    except typst.TypstError as error:
        raise DataError(f"the brief cannot be set: {error}. Mend the text or the template.") from error
    if warned:
        raise DataError(f"the brief was set with warnings: {'; '.join(str(w) for w in warned)}. None is allowed.")
    return bytes(pdf)


def page_count(pdf: bytes) -> int:
    """Number of pages of a PDF that `set_pdf` made.

    Examples
    --------
    >>> page_count(b"<</Type/Pages/Count 3/Kids[1 0 R]>>")
    3
    """
    found = re.search(rb"/Type\s*/Pages\s*/Count\s+(\d+)", pdf)
    if found is None:
        raise DataError("the typesetter wrote a PDF without a count of its pages. Please report this.")
    return int(found[1])
