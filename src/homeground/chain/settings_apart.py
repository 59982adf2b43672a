# SPDX-License-Identifier: Apache-2.0
"""In which settings and files two runs differ, and which parts of the chain each of them can reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeground.chain.order import stages
from homeground.running.keyed import digest_of
from homeground.running.record import read_run
from homeground.running.steps import Step
from homeground.study.model import Study

WORDS_ALONE = ("title", "question", "cannot_say", "scenario", "schema_version")  # no result is made of them
SHOWN = 12  # letters of a file's hash


@dataclass(frozen=True)
class Apart:
    """One setting or file in which two runs differ; ``key`` of a file begins with ``file:``."""

    key: str
    a: str
    b: str


def settings_apart(a: Study, b: Study) -> list[Apart]:
    """Settings in which two studies differ, in the order of the study file.

    Parameters
    ----------
    a, b : Study
        With their scenarios merged in.

    Returns
    -------
    list of Apart

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> settings_apart(open_study("great-green-wall"), open_study("great-green-wall", "double-budget"))
    [Apart(key='plan.budget.amount', a='4.3e9 USD', b='8.6e9 USD')]
    """
    of_a, of_b = (dict(_leaves(one.model_dump(mode="json"))) for one in (a, b))
    keys = dict.fromkeys([*of_a, *of_b])
    return [
        Apart(key, _said(of_a.get(key)), _said(of_b.get(key)))
        for key in keys
        if of_a.get(key) != of_b.get(key) and key.partition(".")[0] not in WORDS_ALONE
    ]


def files_apart(a: Path, b: Path) -> list[Apart]:
    """Files that two runs read under the same name and that are not the same.

    Parameters
    ----------
    a, b : Path
        Folders of results.

    Returns
    -------
    list of Apart
        With the start of each file's hash.
    """
    of_a, of_b = _digests(a), _digests(b)
    return [
        Apart(f"file: {name}", of_a[name][:SHOWN], of_b[name][:SHOWN])
        for name in of_a
        if name in of_b and of_a[name] != of_b[name]
    ]


def reached(apart: list[Apart], a: Study, b: Study) -> dict[str, tuple[str, ...]]:
    """Which of the settings and files that differ each stage reads, by itself or by the steps before it.

    Parameters
    ----------
    apart : list of Apart
    a, b : Study

    Returns
    -------
    dict of stage to keys of ``apart``
        An empty tuple: nothing that differs reaches the stage, and its results are the same.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> a, b = open_study("great-green-wall"), open_study("great-green-wall", "double-budget")
    >>> found = reached(settings_apart(a, b), a, b)
    >>> found["land"], found["measures"], found["finance"]
    ((), ('plan.budget.amount',), ('plan.budget.amount',))
    """
    of_step: dict[str, set[str]] = {}
    of_stage: dict[str, tuple[str, ...]] = {}
    for stage in stages():
        for step in stage.steps:
            own = {one.key for one in apart if _reads(step, one.key, a, b)}
            of_step[f"{stage.name}.{step.name}"] = own.union(*(of_step[need] for need in step.needs))
        every = set[str]().union(*(of_step[f"{stage.name}.{step.name}"] for step in stage.steps))
        of_stage[stage.name] = tuple(one.key for one in apart if one.key in every)
    return of_stage


def _reads(step: Step, key: str, a: Study, b: Study) -> bool:
    if key.startswith("file: "):
        name = key.removeprefix("file: ")
        return name in step.inputs(a) or name in step.inputs(b)
    return any(key == one or key.startswith(f"{one}.") or one.startswith(f"{key}.") for one in step.settings)


def _leaves(content: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{before}{name}.")
        else:
            yield before + name, value


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _digests(results: Path) -> dict[str, str]:
    steps = read_run(results)["steps"].values()
    return {name: digest_of(facts) for step in steps for name, facts in step["inputs"].items()}
