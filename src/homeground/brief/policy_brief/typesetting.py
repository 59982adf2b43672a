# SPDX-License-Identifier: Apache-2.0
"""The typesetter: typefaces from their packages, and a PDF in which nothing may be missing."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from homeground.errors import DataError

FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "noto_cjk_sans_otc")


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
