# SPDX-License-Identifier: Apache-2.0
"""No person in the registry: names with a title, e-mail addresses and telephone numbers are refused by row and column.

A name without a title cannot be told from that of a place or an organisation by a machine: roles come from a list, columns that
ask for persons by their heading are refused as a whole, and where a role is asked for what looks like a name is told. Who
fills in a table still has to look.
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
# Columns of other tables that ask for the role of somebody.
BY_ROLE = {
    "overlaps": ("approved_by",), "actuals": ("submitted_by", "approved_by"), "support": ("submitted_by", "approved_by"),
    "support_rates": ("stated_by",), "match_log": ("role",),
}  # fmt: skip
NAME = re.compile(r"[A-ZÀ-Þ]['’]?[A-ZÀ-Þ]?[a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)*")
OF_ROLES = frozenset({
    "focal", "point", "science", "correspondent", "ministry", "desk", "agency", "secretariat", "coordination",
    "unit", "project", "moderator", "research", "farmers", "organisation", "organization", "private", "sector",
    "civil", "society", "donor", "editor", "analyst", "officer", "manager", "coordinator", "director", "head",
    "chief", "expert", "administrator", "team", "committee", "board", "office", "service", "programme", "bank",
    "fund", "chef", "directeur", "directrice", "cellule", "bureau", "ministère", "secrétariat", "comité",
    "conseiller", "banque", "fonds",
})  # fmt: skip


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


def not_a_role(text: str) -> tuple[str, str, str] | None:
    """What is wrong with a text that should be the role of somebody.

    Parameters
    ----------
    text : str

    Returns
    -------
    (str, str, str) or None
        Rule, severity, and what it holds. An error where it says how to reach a person or names one by title; a warning where
        it is two or three capitalised words and none of them is a word of roles: a machine cannot be sure.

    Examples
    --------
    >>> not_a_role("focal point: NER"), not_a_role("Focal Point: Amina"), not_a_role("Amina Issa")[:2]
    (None, None, ('cooperation.name', 'warning'))
    """
    for rule, pattern, what in FOUND:
        if pattern.search(text):
            return rule, "error", what
    words = text.partition(":")[0].split()
    named = 2 <= len(words) <= 3 and all(NAME.fullmatch(word) for word in words)
    if named and not {word.casefold() for word in words} & OF_ROLES:
        return "cooperation.name", "warning", "what looks like the name of a person, and asks for a role"
    return None
