# SPDX-License-Identifier: Apache-2.0
"""What a console or a pipe cannot hold, as plainly as it can be said: no signs of ours end a command half-way.

On Windows a pipe or a file takes the signs of one code page (cp1252 in western Europe and much of Africa), which has no
narrow space, no minus sign and no Chinese.
"""

from __future__ import annotations

import codecs
import io
import json
import sys
import unicodedata
from functools import partial
from typing import Any

# What stands for a sign where its own Unicode decomposition says nothing; the first that can be written is taken.
PLAIN = {
    "\u202f": ("\u00a0",),  # narrow space between thousands
    "\u2212": ("-",),
    "\u2013": ("-",),
    "\u2014": ("-",),
    "\u2018": ("'",),
    "\u2019": ("'",),
    "\u201c": ('"',),
    "\u201d": ('"',),
    "\u2192": ("->",),
    "\u2264": ("<=",),
    "\u2265": (">=",),
    "\u00d7": ("x",),
}
_lost: set[str] = set()


def plain(sign: str, encoding: str) -> str:
    """A sign as an encoding can hold it; "?" where nothing like it can be.

    Parameters
    ----------
    sign : str
        One character.
    encoding : str
        Such as "cp1252".

    Returns
    -------
    str

    Examples
    --------
    >>> plain("\u2212", "cp1252"), plain("\u2082", "cp1252"), plain("\u5730", "cp1252"), plain("\u00e9", "ascii")
    ('-', '2', '?', 'e')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c))
    for said in (*PLAIN.get(sign, ()), bare):
        try:
            said.encode(encoding)
        except UnicodeEncodeError:
            continue
        return str(said)
    return "?"


def _handle(encoding: str, error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    said = [plain(sign, encoding) for sign in error.object[error.start : error.end]]
    if "?" in said:
        _lost.add(encoding)
    return "".join(said), error.end


def never_fail() -> None:
    """Let what is printed from now on be written as well as the console or pipe can."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            handler = f"homeground.{stream.encoding}"  # the error itself names no code page, only "charmap"
            codecs.register_error(handler, partial(_handle, stream.encoding))
            stream.reconfigure(errors=handler)


def tell_lost() -> None:
    """Say once, beside the output, that some signs stand as "?", and what to do."""
    if _lost:
        print(
            f'some signs cannot be written in {", ".join(sorted(_lost))} and stand as "?". Set the environment variable '
            "PYTHONUTF8 to 1 and run again.",
            file=sys.stderr,
        )
        _lost.clear()


def json_text(content: Any, indent: int | None = None) -> str:
    """JSON for machines: no sign of it is lost, whatever the encoding of the output.

    Parameters
    ----------
    content : object
        What JSON can hold; of anything else, its text.
    indent : int, optional
        As of `json.dumps`.

    Returns
    -------
    str
        Signs that standard output cannot hold are written by their number, as JSON escapes them.

    Examples
    --------
    >>> json_text({"name": "Matam", "year": 2023})
    '{"name": "Matam", "year": 2023}'
    """
    text = json.dumps(content, indent=indent, ensure_ascii=False, default=str)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(content, indent=indent, default=str)
    return text
