# SPDX-License-Identifier: Apache-2.0
"""Reads gettext's .po and .pot files: context, text and translation of each entry, and nothing else of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])?\s+(".*")')
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
ESCAPED = re.compile(r"\\(.)")
MEANT = {"n": "\n", "t": "\t", "r": "\r"}


class Entry(NamedTuple):
    """One message: its id, the English forms (two where there is a plural), and those of the translation."""

    context: str
    ids: tuple[str, ...]
    strings: tuple[str, ...]


@dataclass
class _Open:
    """What has been read of an entry: texts by keyword and number of the form."""

    texts: dict[tuple[str, int], str] = field(default_factory=dict)
    last: tuple[str, int] | None = None

    def closed(self) -> Entry:
        ids = tuple(self.texts[key] for key in (("msgid", 0), ("msgid_plural", 0)) if key in self.texts)
        strings = [text for (word, _), text in sorted(self.texts.items()) if word == "msgstr"]
        return Entry(self.texts.get(("msgctxt", 0), ""), ids, tuple(strings))


def read_entries(text: str) -> list[Entry]:
    r"""The entries of a catalogue; its head, comments and what is marked obsolete are passed over.

    Parameters
    ----------
    text : str
        Of a .po or .pot file.

    Returns
    -------
    list of Entry
        In the order of the file.

    Raises
    ------
    ValueError
        A line is no part of an entry, with its number.

    Examples
    --------
    >>> read_entries('msgctxt "unit.trees"\nmsgid "tree"\nmsgid_plural "trees"\nmsgstr[0] "arbre"\nmsgstr[1] "ar"\n"bres"\n')
    [Entry(context='unit.trees', ids=('tree', 'trees'), strings=('arbre', 'arbres'))]
    """
    return [entry for entry in _entries(text) if entry.ids and entry.ids[0]]


def _entries(text: str) -> Iterator[Entry]:
    entry = _Open()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        found = KEYWORD.fullmatch(words)
        if found is not None:
            key = (found[1], int(found[2] or 0))
            if key in entry.texts or (found[1] in ("msgctxt", "msgid") and ("msgstr", 0) in entry.texts):
                yield entry.closed()
                entry = _Open()
            entry.last, entry.texts[key] = key, _unquoted(found[3], number)
        elif words.startswith('"') and entry.last is not None:
            entry.texts[entry.last] += _unquoted(words, number)
        else:
            raise ValueError(
                f'line {number} holds "{words[:40]}"; msgctxt, msgid, msgstr or a text in quotes was expected'
            )
    yield entry.closed()


def _unquoted(words: str, number: int) -> str:
    if QUOTED.fullmatch(words) is None:
        raise ValueError(f"line {number} holds {words[:40]}, whose quotes do not close")
    inner = words[1:-1]
    return ESCAPED.sub(lambda found: MEANT.get(found[1], found[1]), inner) if "\\" in inner else inner
