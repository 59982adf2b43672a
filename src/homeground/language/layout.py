# SPDX-License-Identifier: Apache-2.0
"""Text in columns of a terminal: Chinese characters are two columns wide and may be parted anywhere but at marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from rich.cells import cell_len

ABREAST = 3  # columns of a single row that are read side by side
WIDTH = 80
CLOSING = "，。；：、！？）》」』”’…%％万亿,.;:!?)]"  # never first on a line
OPENING = "（《「『“‘(["  # never last on a line


def width(text: str) -> int:
    """Columns that a text takes.

    Parameters
    ----------
    text : str

    Returns
    -------
    int

    Examples
    --------
    >>> width("land"), width("土地")
    (4, 4)
    """
    return cell_len(text)


def ljust(text: str, size: int) -> str:
    """A text with spaces after it.

    Parameters
    ----------
    text : str
    size : int
        Columns.

    Returns
    -------
    str

    Examples
    --------
    >>> ljust("土地", 6) + "|"
    '土地  |'
    """
    return text + " " * (size - width(text))


def rjust(text: str, size: int) -> str:
    """A text with spaces before it.

    Parameters
    ----------
    text : str
    size : int
        Columns.

    Returns
    -------
    str

    Examples
    --------
    >>> rjust("土地", 6)
    '  土地'
    """
    return " " * (size - width(text)) + text


def wrap(text: str, size: int = WIDTH, *, break_long: bool = True) -> list[str]:
    """Lines of a text, none wider than asked where that can be.

    Parameters
    ----------
    text : str
        Spaces part it; a space that must not break (French before a colon) does not.
    size : int
        Columns of a line.
    break_long : bool
        Whether a word longer than a line is cut; else it stands out.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrap("Land and people", 8)
    ['Land and', 'people']
    >>> wrap("土地与人口（2020年）。", 10)
    ['土地与人口', '（2020', '年）。']
    """
    lines = [""]
    for piece, apart in _pieces(text):
        gap = " " if apart and lines[-1] else ""
        if width(lines[-1] + gap + piece) <= size:
            lines[-1] += gap + piece
            continue
        if lines[-1]:
            lines.append("")
        for character in piece if break_long and width(piece) > size else (piece,):
            if lines[-1] and width(lines[-1] + character) > size:
                lines.append("")
            lines[-1] += character
    return lines


def fill(text: str, size: int = WIDTH, *, first: str = "", rest: str = "", break_long: bool = True) -> str:
    """A text in lines, with what stands before the first of them and before the others.

    Parameters
    ----------
    text : str
    size : int
        Columns of a line with what stands before it.
    first, rest : str
        Of the same width.
    break_long : bool
        As of `wrap`.

    Returns
    -------
    str

    Examples
    --------
    >>> print(fill("Land and people", 10, first="- ", rest="  "))
    - Land and
      people
    """
    return first + f"\n{rest}".join(wrap(text, size - width(first), break_long=break_long))


def items(texts: Sequence[str]) -> str:
    """Sentences as the items of a list.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    str

    Examples
    --------
    >>> print(items(["Dry land.", "Few people."]))
    - Dry land.
    - Few people.
    """
    return "\n".join(fill(text, first="- ", rest="  ") for text in texts)


def heading(text: str, size: int = 12) -> list[str]:
    """Lines of a column's head: no word is cut, and Chinese lines are about equally long.

    Parameters
    ----------
    text : str
    size : int
        Columns, where the words let it.

    Returns
    -------
    list of str

    Examples
    --------
    >>> heading("Gains less losses"), heading("评估期内的成本")
    (['Gains less', 'losses'], ['评估期内', '的成本'])
    """
    lines = wrap(text, size, break_long=False)
    if len(lines) == 1 or not any(east_asian_width(character) in "WF" for character in text):
        return lines
    narrower = (wrap(text, n, break_long=False) for n in range(2, size))
    return next((found for found in narrower if len(found) == len(lines)), lines)


def clip(text: str, size: int) -> str:
    """The start of a text.

    Parameters
    ----------
    text : str
    size : int
        Columns.

    Returns
    -------
    str

    Examples
    --------
    >>> clip("土地与人口", 7)
    '土地与'
    """
    while width(text) > size:
        text = text[:-1]
    return text


def blocks(places: list[str], columns: list[tuple[list[str], list[str]]], *, ends: str = "") -> list[str]:
    """Columns side by side as far as 80 characters reach, then the next below; a single row stands upright.

    Parameters
    ----------
    places : list of str
        Names of the rows.
    columns : list of (head lines, cells)
    ends : str
        Head of columns that hold the interval of the column before; upright, it stands beside its number.

    Returns
    -------
    list of str

    Examples
    --------
    >>> print(blocks(["NER", "MLI"], [(["land", "(km2)"], ["5", "10"])])[0])
         land
        (km2)
    NER     5
    MLI    10
    <BLANKLINE>
    >>> rain = [(["rain", "(mm)"], ["150"]), (["aridity"], ["0.09"]), (["ends"], ["0.05 to 0.10"]), (["trees"], ["no data"])]
    >>> print(blocks(["NER"], rain, ends="ends")[0])
    NER
      rain (mm)     150
      aridity      0.09 0.05 to 0.10
      trees     no data
    <BLANKLINE>
    """
    if len(places) == 1 and len(columns) > ABREAST:
        return [_upright(places[0], columns, ends)]
    key_width = max(width(place) for place in places)
    packed: list[list[tuple[list[str], list[str], int]]] = []
    for head, cells in columns:
        size = max(width(line) for line in [*head, *cells])
        used = key_width + sum(w + 1 for _, _, w in packed[-1]) if packed else WIDTH
        if used + size + 1 > WIDTH:
            packed.append([])
        packed[-1].append((head, cells, size))
    return [_block(places, block, key_width) for block in packed]


def _upright(place: str, columns: list[tuple[list[str], list[str]]], ends: str) -> str:
    lines: list[list[str]] = []
    for head, (cell,) in columns:
        if lines and head == [ends]:
            lines[-1][2] = cell
        else:
            lines.append([_joined(head), cell, ""])
    names, cells = (max(width(line[at]) for line in lines) for at in (0, 1))
    said = [f"  {ljust(name, names)} {rjust(cell, cells)} {interval}".rstrip() for name, cell, interval in lines]
    return "\n".join([place, *said]) + "\n"


def _joined(lines: list[str]) -> str:
    """Lines of a head as one; Chinese has no space between them."""
    text = lines[0]
    for line in lines[1:]:
        wide = east_asian_width(text[-1]) in "WF" and east_asian_width(line[0]) in "WF"
        text += line if wide else f" {line}"
    return text


def _block(places: list[str], columns: list[tuple[list[str], list[str], int]], key_width: int) -> str:
    depth = max(len(head) for head, _, _ in columns)
    lines = []
    for row in range(depth):
        heads = [rjust("" if row < depth - len(h) else h[row - depth + len(h)], w) for h, _, w in columns]
        lines.append(" ".join([" " * key_width, *heads]))
    for row, place in enumerate(places):
        lines.append(" ".join([ljust(place, key_width), *(rjust(cells[row], w) for _, cells, w in columns)]))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Stretches that are not parted, and whether a space stood before each."""
    for word in text.replace("\n", " ").split(" "):
        piece, apart = "", True
        for character in word:
            if piece and _may_break(piece[-1], character):
                yield piece, apart
                piece, apart = "", False
            piece += character
        if piece:
            yield piece, apart


def _may_break(before: str, after: str) -> bool:
    if before in OPENING or after in CLOSING:
        return False
    return any(east_asian_width(character) in "WF" for character in (before, after))
