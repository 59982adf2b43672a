# SPDX-License-Identifier: Apache-2.0
"""The languages that homeground speaks, and how each is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from homeground.errors import StudyError

NBSP = "\u00a0"


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
