# SPDX-License-Identifier: Apache-2.0
"""What the stages found, as ``run.json`` holds it: sentences that are not yet in any language.

A record of an older version holds the English text instead; it is told as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from homeground.language.catalogues import catalogue
from homeground.language.messages import Saying, known, tell
from homeground.running.record import read_run

Finding: TypeAlias = "Sequence[Saying] | str"


def stored(finding: Finding) -> list[dict[str, Any]] | str:
    """A finding as the record holds it.

    Parameters
    ----------
    finding : sequence of Saying, or str

    Returns
    -------
    list of dict, or str
        What JSON can hold.

    Examples
    --------
    >>> stored([Saying("unit.countries", {"n": 5})])
    [{'message': 'unit.countries', 'words': {'n': 5}}]
    """
    return finding if isinstance(finding, str) else [saying.plain() for saying in finding]


def read_finding(content: Sequence[Mapping[str, Any]] | str) -> Finding:
    """A finding from what the record holds.

    Parameters
    ----------
    content : list of dict, or str
        Of `stored`; a text is from an older version.

    Returns
    -------
    tuple of Saying, or str

    Examples
    --------
    >>> read_finding(stored([Saying("unit.countries", {"n": 5})]))
    (Saying(message='unit.countries', words={'n': 5}),)
    >>> read_finding("Drylands cover half of the land.")
    'Drylands cover half of the land.'
    """
    return content if isinstance(content, str) else tuple(Saying.read(one) for one in content)


def told(finding: Finding, code: str = "en") -> str:
    """A finding in a language.

    Parameters
    ----------
    finding : sequence of Saying, or str
    code : str
        Language; a text of an older version stays English.

    Returns
    -------
    str

    Examples
    --------
    >>> told([Saying("unit.countries", {"n": 5})], "zh"), told("As it was.", "zh")
    ('5个国家', 'As it was.')
    """
    return finding if isinstance(finding, str) else tell(finding, code)


def reason(why: str) -> Saying | str:
    """Why a thing is absent, from the code that a table or a record holds, or from the English text of an older version.

    Parameters
    ----------
    why : str
        Such as ``no_budget``; a text that no message has is said as it stands.

    Returns
    -------
    Saying or str

    Examples
    --------
    >>> reason("no_plan"), reason("nothing was asked for")
    (Saying(message='reason.no_plan', words={}), 'nothing was asked for')
    """
    if known(f"reason.{why}"):
        return Saying(f"reason.{why}")
    same = (key for key, message in catalogue("en").items() if key.startswith("reason.") and message.forms[0] == why)
    return next((Saying(key) for key in same), why)


def findings(results: Path, code: str = "en") -> dict[str, str]:
    """What each stage that has run found, in a language.

    Parameters
    ----------
    results : Path
        A results folder.
    code : str

    Returns
    -------
    dict of stage to its sentences
    """
    stages = read_run(results)["stages"]
    return {stage: told(read_finding(of["finding"]), code) for stage, of in stages.items()}
