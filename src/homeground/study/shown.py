# SPDX-License-Identifier: Apache-2.0
"""Small tables of what a name stands for, in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from homeground.language.layout import fill, ljust, width

Rows = Sequence[tuple[str, str]]


def as_text(title: str, rows: Rows) -> str:
    """A title, then a word and what it is on each line, in at most 80 columns.

    Parameters
    ----------
    title : str
    rows : sequence of (str, str)
        Rows without a text are left out.

    Returns
    -------
    str

    Examples
    --------
    >>> print(as_text("Great Green Wall", [("countries", "NER, MLI"), ("scenarios", "")]))
    Great Green Wall
      countries  NER, MLI
    """
    held = [(name, text) for name, text in rows if text]
    widest = max((width(name) for name, _ in held), default=0) + 2
    lines = [title]
    for name, text in held:
        lines.append(fill(text, first="  " + ljust(name, widest), rest=" " * (widest + 2), break_long=False))
    return "\n".join(lines)


def as_html(title: str, rows: Rows) -> str:
    """The same as a table for a notebook; every text is escaped.

    Parameters
    ----------
    title : str
    rows : sequence of (str, str)

    Returns
    -------
    str

    Examples
    --------
    >>> as_html("A < B", [("countries", "NER")])
    '<table><caption>A &lt; B</caption><tr><th scope="row">countries</th><td>NER</td></tr></table>'
    """
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(text)}</td></tr>' for name, text in rows if text
    )
    return f"<table><caption>{escape(title)}</caption>{lines}</table>"
