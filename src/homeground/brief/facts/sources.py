# SPDX-License-Identifier: Apache-2.0
"""Where the numbers of a study come from, to be said in any language."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from homeground.language.figures import date
from homeground.language.messages import STUDY, Saying, known, phrase, tell
from homeground.language.wording import slug, translation, wording
from homeground.running.record import read_run
from homeground.study.model import Study

Said: TypeAlias = "str | Saying | tuple[Saying, ...]"  # a proper name, a sentence, or several


def words_of(said: Said, code: str) -> str:
    """A name as it stands, sentences in the language.

    Parameters
    ----------
    said : str, Saying or tuple of Saying
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> words_of("UN WPP 2024", "fr"), words_of(Saying("unit.countries", {"n": 5}), "zh")
    ('UN WPP 2024', '5个国家')
    """
    if isinstance(said, str):
        return said
    return tell((said,) if isinstance(said, Saying) else said, code)


def study_words(text: str, code: str) -> str:
    """A text of a study that ships, in the language; of a user's own study as it is written.

    Parameters
    ----------
    text : str
        Such as a title.
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> study_words("Central Asia", "fr"), study_words("My own hills", "fr")
    ('Asie centrale', 'My own hills')
    """
    return text if code == "en" else translation(text, STUDY, code) or text


def printed(text: str, code: str) -> str:
    """What a fact says of its source, licence or period, in the language.

    Parameters
    ----------
    text : str
        Parts between semicolons: ids of messages, licences that have words, or names, which stand as they are; or a text
        of a study that ships.
    code : str

    Returns
    -------
    str

    Examples
    --------
    >>> printed("source.rule; UN WPP 2024; public domain", "zh")
    'homeground 的规则；UN WPP 2024；公有领域'
    """
    whole = study_words(text, code)
    if whole != text:
        return whole
    told = [phrase(p, code) if known(p) else _licence(p, code) for p in text.split("; ")]
    return phrase("ui.semicolon", code).join(dict.fromkeys(told))


def _licence(text: str, code: str) -> str:
    message = f"licence.{slug(text)}"
    return phrase(message, code) if known(message) else text


def your_files(study: Study, layers: Iterable[str]) -> Saying | None:
    """The user's files of some layers by name: one by one, a series by its first and last; None where none was given.

    Parameters
    ----------
    study : Study
    layers : iterable of str
        Names of ``[data]``.

    Returns
    -------
    Saying or None
        Such as "your files ndvi.tif and lc_2000.tif to lc_2022.tif (23 files)".
    """
    found = [names for layer in layers if (names := [path.name for path in study.layer_files(layer)])]
    return named_files(*found) if found else None


def named_files(*groups: Iterable[str]) -> Saying:
    """Files of the user by their names, one group a series.

    Examples
    --------
    >>> tell([named_files(["lc_1.tif", "lc_2.tif", "lc_3.tif"])]), tell([named_files(["a.tif"], ["b.tif"])], "fr")
    ('your files lc_1.tif to lc_3.tif (3 files)', 'vos fichiers a.tif et b.tif')
    """
    told: list[str | Saying] = []
    n = 0
    for names in map(list, groups):
        n += len(names)
        long = len(names) > 2
        span = Saying("source.file_span", {"first": names[0], "last": names[-1], "n": len(names)})
        told += [span] if long else names
    return Saying("source.your_files", {"n": n, "names": told})


def layer_words(layer: Mapping[Any, Any], column: str, code: str) -> str:
    """What the table of embedded layers says in a column, in the language.

    Parameters
    ----------
    layer : mapping
        A row of the atlas's ``layers.csv``.
    column : str
        period, licence or caveat.
    code : str

    Returns
    -------
    str
    """
    message = f"layer.{layer['layer']}.{column}"
    text = str(layer[column])
    return wording(message, text, code) if known(message) else text


def layer_name(name: str, code: str) -> str:
    """What a layer of ``[data]`` or of the atlas is called.

    Examples
    --------
    >>> layer_name("rain", "fr"), layer_name("cover_series", "en")
    ('Pluie', 'Land cover, series')
    """
    return phrase(f"source.layer.{name}", code) if known(f"source.layer.{name}") else name


def results_date(results: Path, code: str) -> str:
    """The day on which the last stage before the brief finished, in words."""
    steps = read_run(results)["steps"]
    finished = [str(s.get("finished", "")) for key, s in steps.items() if not key.startswith("brief.")]
    day = max(finished, default="")[:10]
    return date(datetime.date.fromisoformat(day), code) if day else phrase("workbook.no_date", code)


def file_name(path: Path | str) -> Saying:
    """One file of the user by its name."""
    return named_files([Path(path).name])
