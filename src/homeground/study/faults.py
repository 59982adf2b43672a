# SPDX-License-Identifier: Apache-2.0
"""How faults of a study file are told to the person who wrote it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from homeground.errors import StudyError

# What pydantic says in the words of a programmer, in words of the file; {found} is what stands there.
PLAIN = {
    "list_type": 'a list in square brackets was expected, such as ["GMB"], found {found}.',
    "dict_type": "a table of keys was expected, found {found}.",
    "model_type": "a section with keys was expected, found {found}.",
    "string_type": "text in quotes was expected, found {found}.",
    "too_short": "at least one was expected, found {found}.",
    "tuple_type": "two years were expected, such as [2016, 2023], found {found}.",
    "float_parsing": "a number was expected, found {found}.",
    "int_parsing": "a whole number was expected, found {found}.",
    "int_from_float": "a whole number was expected, found {found}.",
    "bool_parsing": "true or false was expected, found {found}.",
}


def read_toml(path: Path) -> dict[str, Any]:
    """Content of a study file.

    Parameters
    ----------
    path : Path
        A TOML file in UTF-8, with or without the byte order mark of Windows editors.

    Returns
    -------
    dict
        Keys and values as the file gives them, not yet checked.

    Raises
    ------
    StudyError
        The file cannot be read, is not UTF-8, or is not TOML; the line is quoted.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "study.toml")
    ...     _ = file.write_text('title = "Two villages"', encoding="utf-8")
    ...     read_toml(file)
    {'title': 'Two villages'}
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows editors put a byte order mark first
    except UnicodeDecodeError as error:
        raise StudyError(f"{path.name} is not UTF-8 text ({error.reason}). Save it as UTF-8.") from error
    except OSError as error:
        raise StudyError(f"{path} cannot be read ({error.strerror}). Give yourself the right to read it.") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(
            f"{path.name} is not valid TOML: {error}.{_toml_hint(text, str(error))}\n  Mend that line and run again."
        ) from error


def _toml_hint(text: str, said: str) -> str:
    line = said.partition("line ")[2].partition(",")[0]
    written = text.splitlines()[int(line) - 1] if line.isdigit() and 0 < int(line) <= len(text.splitlines()) else ""
    hint = f"\n  The line is: {written.strip()}" if written.strip() else ""
    if any(quote in written for quote in "“”„«»‘’"):
        hint += '\n  Use straight quotes (") instead of curly ones.'
    if "\\" in written:
        hint += "\n  Write paths with / instead of \\."
    return hint


def message(error: ErrorDetails, model: Any) -> str:
    """One fault of a study file in a sentence.

    Parameters
    ----------
    error : ErrorDetails
        One of the errors that pydantic lists: where, what kind, and what stands there.
    model : Section class
        What was checked; it knows the keys that may stand there.

    Returns
    -------
    str
        The key with its sections, then what was expected and what was found.

    Examples
    --------
    >>> from pydantic import ValidationError
    >>> from homeground.study.sections import Finance
    >>> try:
    ...     Finance(discount_rate=6)
    ... except ValidationError as error:
    ...     message(error.errors()[0], Finance)
    'discount_rate: 0.5 or less was expected, found 6. For 6 % write 0.06.'
    """
    key, found, kind = ".".join(str(part) for part in error["loc"]), repr(error.get("input")), error["type"]
    if kind == "extra_forbidden":
        return f"unknown key {key}.{suggest(str(error['loc'][-1]), _known_keys(error['loc'][:-1], model))}"
    if kind == "missing":
        return f"{key} is missing."
    if kind == "value_error":
        text = error["msg"].removeprefix("Value error, ")
    elif kind == "string_pattern_mismatch" and key.startswith("countries"):
        text = f'three capital letters (ISO 3166-1) were expected, such as "GMB" for the Gambia, found {found}.'
    elif kind == "list_type" and key == "scenario":
        text = "write [[scenario]] with two brackets on each side, once for each scenario."
    elif kind == "less_than_equal":
        text = f"{error['ctx']['le']:g} or less was expected, found {found}.{_percent_hint(error)}"
    elif kind in PLAIN:
        text = PLAIN[kind].format(found=found)
    else:
        text = f"{error['msg'][0].lower()}{error['msg'][1:]}, found {found}."
    return f"{key}: {text}" if key else text


def _percent_hint(error: ErrorDetails) -> str:
    limit, share = error["ctx"]["le"], float(error["input"]) / 100
    return f" For {error['input']} % write {share:g}." if limit <= 1 and share <= limit else ""


def _known_keys(location: Iterable[int | str], model: Any) -> list[str]:
    """Keys that may stand at a place of the file."""
    for part in location:
        field = getattr(model, "model_fields", {}).get(part)
        if field is None:
            return []
        model = next(
            (a for a in (field.annotation, *getattr(field.annotation, "__args__", ())) if hasattr(a, "model_fields")),
            None,
        )
    return list(getattr(model, "model_fields", {}))


def suggest(word: str, known: list[str]) -> str:
    """The known word that is closest, or all of them.

    Parameters
    ----------
    word : str
        What was written.
    known : list of str
        What may be written.

    Returns
    -------
    str
        A sentence with a space before it, to follow another; "" where nothing is known.

    Examples
    --------
    >>> suggest("perod", ["period", "plan"])
    ' Did you mean "period"?'
    """
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f' Did you mean "{close[0]}"?'
    return f" Known here: {', '.join(known)}." if known else ""
