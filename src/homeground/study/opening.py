# SPDX-License-Identifier: Apache-2.0
"""Find, read and check a study file; all its problems are told at once."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from homeground.errors import Problems, StudyError
from homeground.language.languages import language
from homeground.study.faults import message, read_toml, suggest
from homeground.study.model import LEGENDS, Study
from homeground.study.sections import Data, LayerFile, PolygonFile

SHIPPED = Path(__file__).parent / "shipped"
FOLDERS = ("trends_earth",)  # keys of [data] that name a folder
EITHER = ("registry",)  # keys that name a file or a folder
BLANK = 32  # signs below are no letters
DOOR = "great-green-wall"  # the shipped study that new ones start from


def shipped_studies() -> dict[str, Path]:
    """The studies that come with homeground.

    Returns
    -------
    dict of str to Path
        Id and folder, in the order of the ids.

    Examples
    --------
    >>> shipped_studies()["great-green-wall"].name
    'great-green-wall'
    """
    return {p.parent.name: p.parent for p in sorted(SHIPPED.glob("*/study.toml"))}


def find_study(study: str | Path) -> Path:
    """Where the study file lies that a person names.

    Parameters
    ----------
    study : str or Path
        A ``.toml`` file, a folder with ``study.toml``, or the id of a shipped study; a file or folder is taken first.

    Returns
    -------
    Path
        The file, absolute. It is not read.

    Raises
    ------
    StudyError
        There is none; the shipped ids are listed.

    Examples
    --------
    >>> find_study("great-green-wall").name
    'study.toml'
    >>> find_study("great-green-wal")
    Traceback (most recent call last):
    ...
    homeground.errors.StudyError: no study "great-green-wal": ... Did you mean "great-green-wall"?
    """
    path = Path(study)
    if path.suffix == ".toml" and path.is_file():
        return path.resolve()
    if (path / "study.toml").is_file():
        return (path / "study.toml").resolve()
    known = shipped_studies()
    if str(study) in known:
        return known[str(study)] / "study.toml"
    if path.is_dir():
        raise StudyError(
            f"the folder {study} holds no study.toml. Write one: homeground new --country NER {study}; or copy one: homeground new {DOOR} {study}"
        )
    if path.suffix == ".toml":
        raise StudyError(f"there is no file {study}. Make a study with: homeground new {DOOR} {path.parent}")
    near = suggest(str(study), list(known)) if get_close_matches(str(study), known) else ""
    raise StudyError(
        f'no study "{study}": it is neither a folder with study.toml, nor a study file, nor a shipped study '
        f"({', '.join(known)}).{near or f' Make one with: homeground new --country NER {study}'}"
    )


def open_study(study: str | Path, scenario: str | None = None) -> Study:
    """Read and check one study; all problems of the file are told at once.

    Parameters
    ----------
    study : str or Path
        Id of a shipped study, a folder, or a ``study.toml``.
    scenario : str, optional
        A scenario that the file declares; its overrides are merged and checked again.

    Returns
    -------
    Study
        The study with the scenario merged in.

    Raises
    ------
    StudyError
        The file is missing, is not TOML, or says something it may not.

    Examples
    --------
    >>> open_study("great-green-wall").plan.budget.amount
    '4.3e9 USD'
    >>> open_study("great-green-wall", "double-budget").plan.budget.amount
    '8.6e9 USD'
    """
    path = find_study(study)
    if not path.parent.name or not path.parent.name.isprintable():
        raise StudyError(
            f"{path!r}: results are filed under the name of the study's folder; this one has none that can be."
        )
    content = read_toml(path)
    parsed = _parse(content, path, scenario=None)
    if scenario not in (None, "base"):
        overrides = next((s for s in parsed.scenario if s["name"] == scenario), None)
        if overrides is None:
            known = ", ".join(parsed.scenario_names) or "none"
            raise StudyError(f'{path.name} has no scenario "{scenario}"; it declares: {known}.')
        parsed = _parse(_merge(content, {k: v for k, v in overrides.items() if k != "name"}), path, scenario=scenario)
    return parsed


def in_language(study: Study, code: str | None) -> Study:
    """The study with one language before the others of ``[brief].languages``: it speaks that one.

    Parameters
    ----------
    study : Study
    code : str, optional
        Left out: the study as it is.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        homeground does not speak it; the known ones are listed.

    Examples
    --------
    >>> in_language(open_study("great-green-wall"), "fr").brief.languages
    ['fr', 'en', 'zh']
    """
    if code is None:
        return study
    language(code)
    languages = [code, *(one for one in study.brief.languages if one != code)]
    asked = study.model_copy(update={"brief": study.brief.model_copy(update={"languages": languages})})
    asked._asked_language = code
    return asked


def _parse(content: dict[str, Any], path: Path, *, scenario: str | None) -> Study:
    where = path.name if scenario is None else f"{path.name}, scenario {scenario}"
    problems = Problems(where)
    study: Study | None = None
    try:
        study = Study.model_validate(content)
    except ValidationError as error:
        problems.extend(message(e, Study) for e in error.errors())
    else:
        study._file = path
        study._scenario_name = scenario or "base"
        problems.extend(_input_problems(study))
    problems.raise_if_any(StudyError)
    if study is None:
        raise AssertionError("a study without problems was parsed")
    if scenario is None:
        for s in study.scenario:  # a wrong scenario is found before hours of running, not after
            _parse(
                _merge(content, {k: v for k, v in s.items() if k != "name"}) | {"scenario": []},
                path,
                scenario=s["name"],
            )
    return study


def _input_problems(study: Study) -> Iterator[str]:
    for name in Data.model_fields:
        value = getattr(study.data, name)
        if name == "cover_legend" or value is None:
            continue
        written = value.path if isinstance(value, LayerFile | PolygonFile) else value
        if any(ord(sign) < BLANK for sign in written):  # "data\ndvi.tif" in TOML: \n is the end of a line
            yield f"data.{name}: {written!r} holds a \\ that TOML reads as part of a sign. Write the path with / instead."
            continue
        if isinstance(value, LayerFile):
            if not study.layer_files(name):
                yield f'data.{name}: nothing is called "{value.path}" beside the study file. Put it there or mend the path.'
            if value.legend is not None and value.legend not in LEGENDS and not (study.folder / value.legend).is_file():
                yield (
                    f'data.{name}: its legend "{value.legend}" is none of {", ".join(LEGENDS)} and no file beside the '
                    "study file. Put it there or mend the name."
                )
            continue
        path = study.folder / written
        if name in FOLDERS:
            if not path.is_dir():
                yield f'data.{name}: no folder "{written}" beside the study file. Put it there or mend the path.'
            continue
        if not (path.is_file() or (name in EITHER and path.is_dir())):
            yield f'data.{name}: no file "{written}" beside the study file. Put it there or mend the path.'


def _merge(content: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    merged = dict(content)
    for key, value in overrides.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def schema() -> dict[str, Any]:
    """The JSON schema of a study file, by which an editor completes and checks what is written.

    Returns
    -------
    dict
        Each key with its type, its default and what it means.

    Examples
    --------
    >>> schema()["required"]
    ['title', 'countries']
    """
    return Study.model_json_schema()
