# SPDX-License-Identifier: Apache-2.0
"""The languages that homeground speaks, and how each is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from homeground.errors import StudyError

NBSP = "\u00a0"


@dataclass(frozen=True)
class Language:
    """How one language writes. ``scales``: factor, word for one, word for many, from large to small."""

    code: str
    name: str
    locale: str  # of Unicode CLDR
    typst: tuple[str, str]  # language and region of the typesetter
    fonts: tuple[str, ...]
    scales: tuple[tuple[float, str, str], ...]
    plurals: tuple[str, ...]  # CLDR classes in the order of the catalogue's plural forms
    spaced: bool = True  # words are parted by spaces
    whole: bool = True  # every message is translated; else the words of maps alone
    rightward: bool = True  # written from left to right


TONGUES: Mapping[str, Language] = {
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
    "es": Language("es", "español", "es", ("es", "es"), ("Noto Sans",), (), ("one", "other"), whole=False),
    "ru": Language("ru", "русский", "ru", ("ru", "ru"), ("Noto Sans",), (), ("one", "few", "many"), whole=False),
    "ar": Language(
        "ar", "العربية", "ar", ("ar", "eg"), ("Noto Sans Arabic", "Noto Sans"), (),
        ("zero", "one", "two", "few", "many", "other"), whole=False, rightward=False,
    ),
}  # fmt: skip
# Page, brief, workbook, forms and findings speak these; maps and terms speak all six of the United Nations.
LANGUAGES: Mapping[str, Language] = {code: one for code, one in TONGUES.items() if one.whole}


def language(code: str, *, maps: bool = False) -> Language:
    """The settings of one language.

    Parameters
    ----------
    code : str
        Two letters of ISO 639-1.
    maps : bool
        Whether a language is enough whose map words alone are there.

    Returns
    -------
    Language

    Raises
    ------
    StudyError
        homeground does not speak it; the known ones are listed.

    Examples
    --------
    >>> language("fr").name, language("ar", maps=True).rightward
    ('français', False)
    """
    known = TONGUES if maps else LANGUAGES
    if code not in known:
        listed = ", ".join(f"{k} ({v.name})" for k, v in known.items())
        raise StudyError(f'homeground does not write in "{code}"; it writes in: {listed}. Choose one of them.')
    return known[code]
