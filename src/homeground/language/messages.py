# SPDX-License-Identifier: Apache-2.0
"""Sentences with facts, numbers, terms and words put in, in the language that the reader chose.

The messages stand in the catalogues (see `homeground.language.catalogues`). A placeholder is

- ``{key}``: the fact with unit and interval; ``{key.short}`` without unit; ``{key.n}`` its bare number;
  ``{key.period}`` its years;
- ``{term:drylands}``, ``{Term:drylands}``: a term of the glossary, as it stands or with a capital;
- ``{name}``: a word given to `say`: text, a whole number, an amount, a list of words, or another saying. A message with
  plural forms takes its form from the word ``n``.

Messages hold no digit of their own, but for the words of a study that ships, of tables and of sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from homeground.errors import DataError
from homeground.language.catalogues import PLACEHOLDER, Message, catalogue, message_of
from homeground.language.figures import listed, plural_class, spaces, write_number
from homeground.language.languages import LANGUAGES, NBSP, language
from homeground.language.quantities import Run, Text, quantity
from homeground.language.terms import TONGUES, term
from homeground.numbers.fact import Amount, Fact

STUDY = "study."


def known(message_id: str) -> bool:
    """Whether there is a message of this id.

    Parameters
    ----------
    message_id : str

    Returns
    -------
    bool

    Examples
    --------
    >>> known("part.land"), known("part.sea")
    (True, False)
    """
    return message_id in catalogue("en")


def needs(message_id: str) -> set[str]:
    """Keys of the facts that a message may state; words given to `say` are among them.

    Parameters
    ----------
    message_id : str

    Returns
    -------
    set of str

    Examples
    --------
    >>> sorted(needs("body.land_regions"))
    ['land_dry_regions', 'study_regions']
    """
    return {n.split(".")[0] for n in message_of(message_id, "en").placeholders if ":" not in n}


@dataclass(frozen=True)
class Saying:
    """A sentence that is not yet in any language: a message and what is put in. Results store it as JSON.

    Examples
    --------
    >>> import json
    >>> said = Saying("unit.countries", {"n": 5})
    >>> Saying.read(json.loads(json.dumps(said.plain()))) == said
    True
    """

    message: str
    words: Mapping[str, Word] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {"message": self.message, "words": {name: _plain(word) for name, word in self.words.items()}}

    @staticmethod
    def read(content: Mapping[str, Any]) -> Saying:
        """From what `plain` gave."""
        return Saying(str(content["message"]), {name: _word(word) for name, word in content["words"].items()})


Word: TypeAlias = "str | int | Amount | Fact | Text | Saying | Sequence[str | Saying]"


def _plain(word: Word) -> Any:
    if isinstance(word, Saying):
        return word.plain()
    if isinstance(word, Amount):
        return asdict(word)
    if isinstance(word, str | int):
        return word
    if isinstance(word, Fact | Text):
        raise TypeError(f"{type(word).__name__} is said at once, it is not stored. Give an Amount.")
    return [_plain(one) for one in word]


def _word(content: Any) -> Word:
    if isinstance(content, list):
        return [_word(one) for one in content]  # type: ignore[misc]
    if isinstance(content, dict):
        return Saying.read(content) if "message" in content else Amount(**content)
    return content  # type: ignore[no-any-return]


def tell(sayings: Iterable[Saying], code: str = "en") -> str:
    """Sentences one after the other, as plain words.

    Parameters
    ----------
    sayings : iterable of Saying
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> tell([Saying("unit.countries", {"n": 5})], "fr").replace(NBSP, " ")
    '5 pays'
    """
    return (" " if language(code).spaced else "").join(say(s.message, None, code, **s.words).plain for s in sayings)


def say(message_id: str, facts: Mapping[str, Fact] | None = None, code: str = "en", **words: Word) -> Text:
    """A message in a language, with facts, numbers, terms and words put in.

    Parameters
    ----------
    message_id : str
        Context of the message in the catalogue.
    facts : mapping of key to Fact
        What placeholders with the key of a fact state.
    code : str
        Language; an unknown one is refused with a list of the known.
    words : str, int, Amount, Fact, Text, Saying or a list of words
        For placeholders that are no facts. Whole numbers are written as the language writes them, amounts with their unit
        and interval, lists with their last word joined by "and".

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
    >>> say("unit.countries", code="en", n=1).plain.replace(NBSP, " ")
    '1 country'
    """
    message = message_of(message_id, code)
    form = message.forms[0] if len(message.forms) == 1 else message.forms[_plural(message_id, message, words, code)]
    runs: list[Run] = []
    used: list[Fact] = []
    end = 0
    for match in PLACEHOLDER.finditer(form):
        runs.append(Run(form[end : match.start()]))
        end = match.end()
        name = match[1]
        if ":" in name:
            runs.append(Run(_term(name, code)))
        elif name in words:
            word = _said(words[name], code)
            runs.extend(word.runs)
            used.extend(word.facts)
        else:
            fact = (facts or {}).get(name.split(".")[0])
            if fact is None:
                raise DataError(f'message "{message_id}" states the fact {name}, which is not known. Leave it out.')
            used.append(fact)
            runs.extend(_stated(fact, name.partition(".")[2], code))
    runs.append(Run(form[end:]))
    return Text(tuple(Run(spaces(r.text, code), r.style) for r in runs if r.text), tuple(dict.fromkeys(used)))


def _said(word: Word, code: str) -> Text:
    """A word in the language."""
    if isinstance(word, Text):
        return word
    if isinstance(word, str):
        return Text((Run(word),))
    if isinstance(word, int):
        return Text((Run(write_number(word, 0, code)),))
    if isinstance(word, Saying):
        return say(word.message, None, code, **word.words)
    if isinstance(word, Amount | Fact):
        return Text(tuple(_stated(word, "", code)), (word,) if isinstance(word, Fact) else ())
    return Text((Run(listed((_said(one, code).plain for one in word), code)),))


def _plural(message_id: str, message: Message, words: Mapping[str, Word], code: str) -> int:
    """Which of the forms of a message its word ``n`` asks for."""
    n = words.get("n")
    if not isinstance(n, int | Amount):
        raise DataError(f'message "{message_id}" has plural forms; its word n must be a number, found {n!r}.')
    value, decimals = (float(n), 0) if isinstance(n, int) else (n.value, n.decimals)
    classes = language(code, maps=True).plurals
    found = plural_class(value, decimals, code)
    return min(classes.index(found) if found in classes else len(classes) - 1, len(message.forms) - 1)


def _term(name: str, code: str) -> str:
    kind, _, which = name.partition(":")
    word = term(which, code)
    return word[0].upper() + word[1:] if kind == "Term" else word


def _stated(fact: Fact | Amount, part: str, code: str) -> list[Run]:
    if part == "period" and isinstance(fact, Fact):
        return [Run(words_or_id(fact.period, code))]
    number, interval = quantity(fact, code, unit=not part)
    runs = [Run(number, "number")]
    if interval and part != "n":
        runs += [Run(NBSP if language(code).spaced else ""), Run(interval, "interval")]
    return runs


def stated(fact: Fact, code: str, *, unit: bool = True) -> Text:
    """A fact alone, with its interval, as in a table.

    Parameters
    ----------
    fact : Fact
    code : str
    unit : bool
        Whether the unit is written.

    Returns
    -------
    Text

    Examples
    --------
    >>> share = Fact("a", 58, "%", "a survey", "observed", "2020", low=52, high=63)
    >>> stated(share, "fr").plain.replace(NBSP, " ")
    '58 % (52 à 63)'
    """
    number, interval = quantity(fact, code, unit=unit)
    gap = NBSP if language(code).spaced else ""
    return Text((Run(number), *((Run(gap), Run(interval, "interval")) if interval else ())), (fact,))


def words_or_id(text: str, code: str) -> str:
    """A text that may be the id of a message, in words.

    Parameters
    ----------
    text : str
        Words, or the id of a message.
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> words_or_id("2000–2025", "fr")
    '2000–2025'
    """
    return say(text, {}, code).plain if known(text) else text


def phrase(message_id: str, code: str = "en", **words: Word) -> str:
    """A message as plain words, as in maps and headings; Arabic, Spanish and Russian have the words of maps.

    Parameters
    ----------
    message_id : str
    code : str
    words : as of `say`

    Returns
    -------
    str

    Examples
    --------
    >>> phrase("map.regions", "fr", n=12), phrase("map.no_data", "es")
    ('12 régions', 'sin datos')
    """
    return say(message_id, None, code, **words).plain


def write_range(low: float, high: float, decimals: int, code: str = "en") -> str:
    """An interval in words.

    Parameters
    ----------
    low, high : float
    decimals : int
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> write_range(6, 12, 0), write_range(0.5, 1, 1, "fr")
    ('6 to 12', '0,5 à 1,0')
    """
    return phrase("map.range", code, low=write_number(low, decimals, code), high=write_number(high, decimals, code))


if not set(LANGUAGES) <= set(TONGUES):
    raise AssertionError("the glossary lacks a language of the brief")
