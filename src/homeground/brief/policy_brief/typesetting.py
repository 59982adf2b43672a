# SPDX-License-Identifier: Apache-2.0
"""The typesetter: typefaces from their packages, and a PDF in which nothing may be missing."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from homeground.errors import DataError
from homeground.extras import absent, advice

LATIN = "\u0250"  # end of Latin Extended-B
MOST_UNDRAWN = 20
FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
CHINESE = "noto_cjk_sans_otc"  # large, so an extra


@cache
def font_folders() -> tuple[str, ...]:
    """Folders of the typefaces, from their packages; that of Chinese where it is installed.

    Raises
    ------
    DataError
        A package of typefaces is not installed.
    """
    folders = []
    for name in (*FONT_PACKAGES, *([] if absent(CHINESE) else [CHINESE])):
        try:
            package = importlib.import_module(name)
        except ImportError as error:
            raise DataError(
                f"the brief needs the typefaces of {name}, which are not installed. Install: pip install homeground"
            ) from error
        folder = Path(str(package.__file__)).parent
        folders.append(str(folder / "files" if (folder / "files").is_dir() else folder))
    return tuple(folders)


def lacks_typeface(code: str) -> str:
    """What is not installed to set a language, and the command that installs it; empty where all is there.

    Parameters
    ----------
    code : str
        Language.

    Returns
    -------
    str

    Examples
    --------
    >>> lacks_typeface("fr")
    ''
    """
    return advice("chinese") if code == "zh" else ""


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


def undrawn(text: str) -> list[str]:
    """Characters of a text that no typeface of the brief has, each once.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        In the order of the text; at most `MOST_UNDRAWN` are looked for. None where no typesetter is installed: then there
        is no brief either.

    Examples
    --------
    >>> undrawn("Tigray \u1275\u130d, \u4e2d\u6587, \u0627\u0644")
    ['\u1275', '\u130d']
    """
    found: list[str] = []
    if importlib.util.find_spec("typst") is None:
        return found
    # Of the Latin letters every one is there; the typesetter is asked for the rest, and names one at a time.
    left = "".join(dict.fromkeys(c for c in text if not (" " <= c < LATIN) and c not in "\n\t"))
    while left and len(found) < MOST_UNDRAWN:
        try:
            set_pdf('#set document(title: "t")\n#sys.inputs.text', {"text": " ".join(left)})
        except DataError as error:
            named = re.search(r'the text `"(.+?)"`', str(error))
            lost = [c for c in left if named and (c in named[1] or f"\\u{{{ord(c):x}}}" in named[1])]
            if not lost:
                raise
            found += lost
            left = "".join(c for c in left if c not in lost)
        else:
            break
    return found


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
