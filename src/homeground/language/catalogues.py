# SPDX-License-Identifier: Apache-2.0
"""The message catalogues in gettext form: read by area and language, and checked so that no language has a gap.

``locale/AREA.pot`` holds the English messages of one area (brief, page, findings, ...): the context is a stable id.
``locale/LANGUAGE/AREA.po`` holds their translation. One whose English text has changed since counts as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from homeground.errors import CatalogueError, Problems
from homeground.language.languages import LANGUAGES, TONGUES, language
from homeground.language.po import Entry, read_entries
from homeground.language.terms import glossary

LOCALE = Path(__file__).parent / "locale"
MAPS = "map"  # the area that all six languages have
# Words of a study, of tables and of sources.
MAY_HOLD_DIGITS = (
    *("study.", "column.", "form.", "sheet.", "source."),
    *("layer.", "tree.", "place.", "contrast."),
)
PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.:-]*)\}")


@dataclass(frozen=True)
class Message:
    """One message in one language: its forms (more than one for plurals)."""

    forms: tuple[str, ...]

    @property
    def placeholders(self) -> set[str]:
        """Names in braces, of all forms."""
        return {name for form in self.forms for name in PLACEHOLDER.findall(form)}


def areas(folder: Path = LOCALE) -> list[str]:
    """Names of the areas that have messages.

    Parameters
    ----------
    folder : Path
        Where the catalogues lie.

    Returns
    -------
    list of str

    Examples
    --------
    >>> "brief" in areas()
    True
    """
    return sorted(p.stem for p in folder.glob("*.pot"))


def tongues(area: str) -> list[str]:
    """Languages that an area must be translated to, English first.

    Parameters
    ----------
    area : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> tongues("brief"), len(tongues("map"))
    (['en', 'fr', 'zh'], 6)
    """
    return list(TONGUES if area == MAPS else LANGUAGES)


def file_of(area: str, code: str, folder: Path = LOCALE) -> Path:
    """The file of one area in one language; the template is English itself.

    Parameters
    ----------
    area : str
    code : str
    folder : Path

    Returns
    -------
    Path

    Examples
    --------
    >>> file_of("brief", "fr").parts[-2:], file_of("brief", "en").name
    (('fr', 'brief.po'), 'brief.pot')
    """
    return folder / f"{area}.pot" if code == "en" else folder / code / f"{area}.po"


@cache
def catalogue(code: str) -> dict[str, Message]:
    """Every message of a language by its id.

    Parameters
    ----------
    code : str
        Of all six languages; Arabic, Spanish and Russian have the words of maps.

    Returns
    -------
    dict of id to Message

    Raises
    ------
    StudyError
        An unknown language.
    CatalogueError
        A file that cannot be read.

    Examples
    --------
    >>> catalogue("fr")["part.land"].forms
    ('Terres',)
    """
    language(code, maps=True)
    held = [area for area in areas() if code in tongues(area)]
    return {key: message for area in held for key, (_, message) in _messages(area, code, LOCALE).items()}


def message_of(message_id: str, code: str) -> Message:
    """One message in one language.

    Parameters
    ----------
    message_id : str
    code : str

    Returns
    -------
    Message

    Raises
    ------
    CatalogueError
        There is none.

    Examples
    --------
    >>> sorted(message_of("unit.countries", "en").forms)
    ['{n} countries', '{n} country']
    """
    message = catalogue(code).get(message_id)
    if message is None:
        raise CatalogueError(
            f'there is no message "{message_id}" in the catalogues of language/locale. Add it, in every language.'
        )
    return message


def check_catalogues(folder: Path = LOCALE) -> None:
    """Refuse catalogues that lack a message or a placeholder, hold a digit, or name a term that is not there.

    Parameters
    ----------
    folder : Path
        Where the catalogues lie.

    Raises
    ------
    CatalogueError
        Everything that is wrong, by file and id.

    Examples
    --------
    >>> check_catalogues()
    """
    problems = Problems("the message catalogues")
    held: dict[str, str] = {}
    for area in areas(folder):
        source = _messages(area, "en", folder)
        for key in source:
            if key in held:
                problems.add(f"{area}.pot: {key} stands in {held[key]}.pot too. Give each id once.")
            held[key] = area
        for code in tongues(area):
            name = file_of(area, code, folder).relative_to(folder).as_posix()
            messages = source if code == "en" else _messages(area, code, folder)
            for extra in sorted(set(messages) - set(source)):
                problems.add(f"{name}: {extra} is not in {area}.pot. Remove it.")
            for key, (english, wanted) in source.items():
                faults = _faults(key, messages.get(key), english, wanted, code)
                problems.extend(f"{name}: {key} {fault}" for fault in faults)
    problems.raise_if_any(CatalogueError)


def _read(path: Path) -> list[Entry]:
    try:
        return read_entries(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # a text that is no UTF-8 is a ValueError too
        where = f"{path.parent.name}/{path.name}" if path.suffix == ".po" else path.name
        raise CatalogueError(f"the message catalogue {where} cannot be read: {error}. Mend that file.") from error


def _messages(area: str, code: str, folder: Path) -> dict[str, tuple[str, Message]]:
    """Id -> (English text, forms in this language)."""
    entries = [entry for entry in _read(file_of(area, code, folder)) if entry.context]
    return {one.context: (one.ids[0], Message(one.ids if code == "en" else one.strings)) for one in entries}


def _faults(key: str, found: tuple[str, Message] | None, english: str, wanted: Message, code: str) -> Iterable[str]:
    if found is None or not all(found[1].forms):
        yield "is missing. Translate it."
        return
    if found[0] != english:
        yield "translates an English text that has changed since. Translate it anew."
    forms = found[1].forms
    if len(wanted.forms) > 1 and len(forms) != len(TONGUES[code].plurals):
        yield f"has {len(forms)} plural forms, {len(TONGUES[code].plurals)} were expected."
    for form in forms:
        names = set(PLACEHOLDER.findall(form))
        if names != wanted.placeholders:
            wrong = ", ".join("{" + n + "}" for n in sorted(names ^ wanted.placeholders))
            yield f"differs in the placeholders {wrong}. Use exactly those of the English message."
        for name in names:
            kind, _, which = name.partition(":")
            if which and (kind.lower() != "term" or which.replace("-", "_") not in glossary()):
                yield f"names {{{name}}}, which is no term of the glossary."
        rest = PLACEHOLDER.sub("", form)
        if re.search(r"\d", rest) and not key.startswith(MAY_HOLD_DIGITS):
            yield f'holds a digit of its own ("{rest.strip()[:40]}"). Numbers are put in as facts.'
        if re.search(r"[{}]", rest):
            yield "holds a brace that is no placeholder."
