# SPDX-License-Identifier: Apache-2.0
"""No person in the registry: names with a title, e-mail addresses and telephone numbers are refused by row and column.

A name without a title cannot be told from that of a place or an organisation by a machine: roles come from a list, and
columns that ask for persons by their heading are refused as a whole. Who fills in a table still has to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from homeground.accelerator.issues import Issue

MAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.I)
# A number that begins as telephones do (+227, 00227, or in pairs after a nought), or stands after a word for one.
PHONE = re.compile(
    r"(?<![\w+])(?:\+|00)\d[\d ().\u00a0-]{6,18}\d(?!\w)"
    r"|(?<![\w.,-])0\d(?:[ .\u00a0]\d\d){3,4}(?![\w,])"
    r"|(?:\b(?:tel|tél|phone|téléphone|mobile|whatsapp|fax)\b\.?|电话|手机)\s?[:：]?\s?\+?\d[\d ().\u00a0-]{5,18}\d",
    re.I,
)
PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mme|Mlle|Dr|Prof|Monsieur|Madame|Sr|Sra)\b\.? [A-ZÀ-Þ]\w+"
    r"|\bM\. [A-ZÀ-Þ]\w+"
    r"|[\u4e00-\u9fff]{1,3}(?:先生|女士)"
)
WEB = re.compile(r"https?://\S+|www\.\S+|\bdoi\S+", re.I)
ASKS = re.compile(
    r"e-?mail|courriel|phone|téléphone|telephone|\btel\b|mobile|whatsapp|first.?name|last.?name|surname|family.?name"
    r"|prénom|contact.?(person|name)|nom.?de.?famille|姓名|电话|邮箱",
    re.I,
)
FOUND = (
    ("cooperation.mail", MAIL, "an e-mail address"),
    ("cooperation.phone", PHONE, "a telephone number"),
    ("cooperation.person", PERSON, "the name of a person"),
)
FIX = "Take it out; name the role and the organisation, such as focal point: NER."


def persons_in(table: pd.DataFrame, file: str) -> Iterator[Issue]:
    """Where a table names a person or says how to reach one.

    Parameters
    ----------
    table : DataFrame
        Its index is the row of the file.
    file : str
        What the issues call it.

    Yields
    ------
    Issue
        An error for each cell, with its row and column, that does not repeat what stands there; and one for each column
        whose heading asks for persons.

    Examples
    --------
    >>> contacts = pd.DataFrame({"about": ["seeds", "write to amina@example.org"]}, index=[2, 3])
    >>> [(issue.line, issue.path, issue.rule) for issue in persons_in(contacts, "contacts.csv")]
    [(3, 'about', 'cooperation.mail')]
    """
    for name in map(str, table.columns):
        if ASKS.search(name):
            yield Issue(file, 1, name, "cooperation.column", "error", f'the column "{name}" asks for persons.', FIX)
        values = table[name]
        if not (pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values)):
            continue
        for row, value in values.items():
            if isinstance(value, str):
                yield from _in_cell(value, file, int(str(row)), name)


def _in_cell(value: str, file: str, row: int, column: str) -> Iterator[Issue]:
    text = WEB.sub(" ", value) if not MAIL.search(value) else value
    for rule, pattern, what in FOUND:
        if pattern.search(text):
            yield Issue(file, row, column, rule, "error", f"{column} holds {what}: the registry holds none.", FIX)
