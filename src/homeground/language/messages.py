# SPDX-License-Identifier: Apache-2.0
"""Sentences with facts put in: message catalogues in gettext form, checked so that no language lacks a placeholder.

``locale/brief.pot`` holds the messages: the context is a stable id, the text is English. ``locale/fr.po`` and the
others hold translations; one whose English text has changed since counts as missing. A placeholder is

- ``{key}``: the fact with unit and interval; ``{key.short}`` without unit; ``{key.n}`` its bare number;
  ``{key.period}`` its years;
- ``{term:drylands}``, ``{Term:drylands}``: a term of the glossary, as it stands or with a capital;
- ``{name}``: a word given to `say`.

Messages hold no digit of their own; only those under ``study.`` may, which translate the words of a study that ships.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.errors import CatalogueError, DataError, Problems
from homeground.language.figures import plural_class, spaces, write_numbers
from homeground.language.languages import LANGUAGES, NBSP, language
from homeground.language.terms import TONGUES, glossary, term
from homeground.numbers.fact import Fact

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

STUDY = "study."
LOCALE = Path(__file__).parent / "locale"
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.:-]*)\}")

# Unit of a fact -> ids of the messages for it: plain, and after "million" (French then needs "de").
UNITS = {
    "1": "plain", "%": "percent", "km2": "km2", "ha": "hectares", "persons": "persons", "countries": "countries",
    "regions": "regions", "studies": "studies", "groups": "groups", "years": "years", "person-days": "person_days",
    "USD": "usd", "EUR": "eur", "t CO2e/year": "co2e_year", "t CO2e": "co2e",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style: "" (plain), "number" or "interval"."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Text:
    """A sentence in runs, and the facts that it states."""

    runs: tuple[Run, ...]
    facts: tuple[Fact, ...] = ()

    @property
    def plain(self) -> str:
        """The words without style."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class _Message:
    """One message in one language: its forms (more than one for plurals)."""

    forms: tuple[str, ...]

    @property
    def placeholders(self) -> set[str]:
        return {name for form in self.forms for name in _PLACEHOLDER.findall(form)}


def _read(path: Path, code: str) -> Catalog:
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open(encoding="utf-8") as file:
            return read_po(file, locale=LANGUAGES[code].locale, abort_invalid=True)
    except (OSError, UnicodeDecodeError, PoFileError) as error:
        raise CatalogueError(f"the message catalogue {path.name} cannot be read: {error}. Mend that file.") from error


def _messages(path: Path, code: str, *, source: bool) -> dict[str, tuple[str, _Message]]:
    """Id -> (English text, forms in this language). The template itself is English."""
    found = {}
    for entry in _read(path, code):
        if entry.id and entry.context:
            ids = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
            given = ids if source else entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
            found[str(entry.context)] = (str(ids[0]), _Message(tuple(str(form or "") for form in given)))
    return found


def check_catalogues(folder: Path = LOCALE) -> None:
    """Refuse catalogues that lack a message or a placeholder, hold a digit, or name a term that is not there.

    Raises
    ------
    CatalogueError
        Everything that is wrong, by file and id.
    """
    problems = Problems("the message catalogues")
    source = _messages(folder / "brief.pot", "en", source=True)
    for code in LANGUAGES:
        name = "brief.pot" if code == "en" else f"{code}.po"
        messages = source if code == "en" else _messages(folder / name, code, source=False)
        for extra in sorted(set(messages) - set(source)):
            problems.add(f"{name}: {extra} is not in brief.pot. Remove it.")
        for key, (english, wanted) in source.items():
            problems.extend(
                f"{name}: {key} {fault}" for fault in _faults(key, messages.get(key), english, wanted, code)
            )
    problems.raise_if_any(CatalogueError)


def _faults(
    key: str, found: tuple[str, _Message] | None, english: str, wanted: _Message, code: str
) -> Iterable[str]:  # fmt: skip
    if found is None or not all(found[1].forms):
        yield "is missing. Translate it."
        return
    if found[0] != english:
        yield "translates an English text that has changed since. Translate it anew."
    forms = found[1].forms
    if len(wanted.forms) > 1 and len(forms) != len(LANGUAGES[code].plurals):
        yield f"has {len(forms)} plural forms, {len(LANGUAGES[code].plurals)} were expected."
    for form in forms:
        names = set(_PLACEHOLDER.findall(form))
        if names != wanted.placeholders:
            wrong = ", ".join("{" + n + "}" for n in sorted(names ^ wanted.placeholders))
            yield f"differs in the placeholders {wrong}. Use exactly those of brief.pot."
        for name in names:
            kind, _, which = name.partition(":")
            if which and (kind.lower() != "term" or which.replace("-", "_") not in glossary()):
                yield f"names {{{name}}}, which is no term of the glossary."
        rest = _PLACEHOLDER.sub("", form)
        if re.search(r"\d", rest) and not key.startswith(STUDY):
            yield f'holds a digit of its own ("{rest.strip()[:40]}"). Numbers are put in as facts.'
        if re.search(r"[{}]", rest):
            yield "holds a brace that is no placeholder."


@cache
def _catalogue(code: str) -> dict[str, _Message]:
    language(code)
    check_catalogues()
    path = LOCALE / ("brief.pot" if code == "en" else f"{code}.po")
    return {key: message for key, (_, message) in _messages(path, code, source=code == "en").items()}


def known(message_id: str) -> bool:
    """Whether there is a message of this id."""
    return message_id in _catalogue("en")


def needs(message_id: str) -> set[str]:
    """Keys of the facts that a message may state; words given to `say` are among them.

    Examples
    --------
    >>> sorted(needs("body.land_regions"))
    ['land_dry_regions', 'study_regions']
    """
    return {n.split(".")[0] for n in _message(message_id, "en").placeholders if ":" not in n}


def _message(message_id: str, code: str) -> _Message:
    message = _catalogue(code).get(message_id)
    if message is None:
        raise CatalogueError(f'there is no message "{message_id}" in locale/brief.pot. Add it, in every language.')
    return message


def say(
    message_id: str, facts: Mapping[str, Fact] | None = None, code: str = "en", **words: str | Text
) -> Text:  # fmt: skip
    """A message in a language, with facts, terms and words put in.

    Parameters
    ----------
    message_id : str
        Context of the message in the catalogue.
    facts : mapping of key to Fact
    code : str
        Language; an unknown one is refused with a list of the known.
    words : str or Text
        For placeholders that are no facts.

    Returns
    -------
    Text

    Raises
    ------
    CatalogueError
        No such message or term.
    DataError
        A fact is missing.

    Examples
    --------
    >>> share = Fact("land_hyperarid_share", 28.9, "%", "maps", "modelled", "2000", no_interval="why.count")
    >>> dry = Fact("land_dry_regions", 9, "regions", "maps", "modelled", "2000", low=6, high=12)
    >>> all_of_them = Fact("study_regions", 37, "regions", "maps", "published", "2000", no_interval="why.count")
    >>> say("body.land_regions", {f.key: f for f in (dry, all_of_them)}, "en").plain.replace(NBSP, " ")
    'Drylands cover more than half of the land in 9 regions (6 to 12) of 37.'
    """
    form = _message(message_id, code).forms[0]
    runs: list[Run] = []
    used: list[Fact] = []
    end = 0
    for match in _PLACEHOLDER.finditer(form):
        runs.append(Run(form[end : match.start()]))
        end = match.end()
        name = match[1]
        if ":" in name:
            runs.append(Run(_term(name, code)))
        elif name in words:
            word = words[name]
            runs.extend((Run(word),) if isinstance(word, str) else word.runs)
            used.extend(() if isinstance(word, str) else word.facts)
        else:
            fact = (facts or {}).get(name.split(".")[0])
            if fact is None:
                raise DataError(f'message "{message_id}" states the fact {name}, which is not known. Leave it out.')
            used.append(fact)
            runs.extend(_stated(fact, name.partition(".")[2], code))
    runs.append(Run(form[end:]))
    return Text(tuple(Run(spaces(r.text, code), r.style) for r in runs if r.text), tuple(dict.fromkeys(used)))


def _term(name: str, code: str) -> str:
    kind, _, which = name.partition(":")
    word = term(which, code)
    return word[0].upper() + word[1:] if kind == "Term" else word


def _stated(fact: Fact, part: str, code: str) -> list[Run]:
    if part == "period":
        return [Run(words_or_id(fact.period, code))]
    number, interval = quantity(fact, code, unit=not part)
    runs = [Run(number, "number")]
    if interval and part != "n":
        runs += [Run(NBSP if language(code).spaced else ""), Run(interval, "interval")]
    return runs


def quantity(fact: Fact, code: str, *, unit: bool = True) -> tuple[str, str]:
    """A fact's number with its unit, and its interval, as they are printed.

    Returns
    -------
    (str, str)
        The interval is "" where there is none, or where it is narrower than the last digit printed.

    Examples
    --------
    >>> area = Fact("a", 5_390_491, "km2", "maps", "modelled", "2000", low=4_244_463, high=5_866_850)
    >>> [q.replace(NBSP, " ") for q in quantity(area, "en")], [q.replace(NBSP, " ") for q in quantity(area, "fr")]
    (['5.39 million km²', '(4.24 to 5.87)'], ['5,39 millions de km²', '(4,24 à 5,87)'])
    >>> quantity(area, "zh")
    ('539万平方公里', '（424万至587万）')
    """
    values = [fact.value] + ([fact.low, fact.high] if fact.low is not None and fact.high is not None else [])
    numbers, scale = write_numbers(values, _decimals(fact), code)
    setting = language(code)
    gap = NBSP if setting.spaced else ""
    number = numbers[0] + (gap + scale if scale else "")
    if unit:
        number = _with_unit(fact, number, bool(scale), code)
    if len(numbers) == 1 or numbers[0] == numbers[1] == numbers[2]:
        return number, ""
    ends = [end + (scale if not setting.spaced else "") for end in numbers[1:]]
    interval = _message("number.interval", code).forms[0].format(low=ends[0], high=ends[1])
    return number, interval.replace(" ", NBSP)


def _decimals(fact: Fact) -> int:
    """Decimals of a fact; below zero for modelled thousands, of which three digits are known at best."""
    if fact.kind != "modelled" or abs(fact.value) < 1000 or fact.decimals:
        return fact.decimals
    return 3 - len(f"{abs(fact.value):.0f}")


def _with_unit(fact: Fact, number: str, scaled: bool, code: str) -> str:
    if fact.unit not in UNITS:
        raise DataError(f'the brief has no words for the unit "{fact.unit}" of {fact.key}. Add it to wording.UNITS.')
    message = _message(f"unit.{UNITS[fact.unit]}" + (".scaled" if scaled else ""), code)
    form = message.forms[-1]
    if len(message.forms) > 1:
        classes = language(code).plurals
        found = plural_class(fact.value, fact.decimals, code)
        form = message.forms[classes.index(found) if found in classes else -1]
    return (form if scaled else form.replace("{n} ", "{n}" + NBSP)).format(n=number)


def stated(fact: Fact, code: str, *, unit: bool = True) -> Text:
    """A fact alone, with its interval, as in a table."""
    number, interval = quantity(fact, code, unit=unit)
    gap = NBSP if language(code).spaced else ""
    return Text((Run(number), *((Run(gap), Run(interval, "interval")) if interval else ())), (fact,))


def translation(text: str, prefix: str, code: str) -> str | None:
    """The translation of an English text among the messages whose ids begin so; None where there is none."""
    for key, message in _catalogue("en").items():
        if key.startswith(prefix) and message.forms[0] == text:
            return say(key, {}, code).plain
    return None


def words_or_id(text: str, code: str) -> str:
    """A text that may be the id of a message, in words.

    Examples
    --------
    >>> words_or_id("2000–2025", "fr")
    '2000–2025'
    """
    return say(text, {}, code).plain if known(text) else text


def listed(words: Iterable[str], code: str) -> str:
    """Words as a list in the language.

    Examples
    --------
    >>> listed(["a", "b", "c"], "fr")
    'a, b et c'
    """
    from babel.lists import format_list

    return format_list(list(words), locale=language(code).locale)


if not set(LANGUAGES) <= set(TONGUES):
    raise AssertionError("the glossary lacks a language of the brief")
