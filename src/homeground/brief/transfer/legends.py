# SPDX-License-Identifier: Apache-2.0
"""The classes of land cover and what a change of them means, in the schema of Trends.Earth."""

from __future__ import annotations

from typing import Any

from homeground.brief.prais.answers import MATRIX
from homeground.brief.prais.tables import MEANING
from homeground.brief.transfer.shapes import land_class, legend, nested
from homeground.catalogue.classes import class_colours, class_names
from homeground.catalogue.given import given_table
from homeground.study.model import Study

NAME = "UNCCD Land Cover"
SIGNS = {1: "+", 0: "0", -1: "-"}


def unccd_nesting() -> dict[str, Any]:
    """The seven classes of the Convention in themselves: areas stand in these, not in the codes of a map."""
    classes = class_names("cover")
    return nested(legend(NAME, classes, class_colours("cover")), list(classes))


def transition_matrix(study: Study) -> dict[str, Any] | None:
    """What each change of land cover means in a study.

    Parameters
    ----------
    study : Study

    Returns
    -------
    dict or None
        A definition of the schema with all 49 pairs: the Convention's default or the study's own; None where it differs
        by zone, for the schema has room for one.

    Raises
    ------
    DataError
        The study's table has faults.
    """
    classes, colours = class_names("cover"), class_colours("cover")
    signs, name = _signs(study)
    if signs is None:
        return None
    shown = {code: land_class(code, label, colours[code]) for code, label in classes.items()}
    transitions = [
        {"initial": shown[first], "final": shown[last], "meaning": MEANING[signs[first, last]]}
        for first in classes
        for last in classes
    ]
    return {
        "legend": legend(NAME, classes, colours),
        "name": name,
        "definitions": {"name": name, "transitions": transitions},
    }


def _signs(study: Study) -> tuple[dict[tuple[int, int], str] | None, str]:
    own = given_table(study, "data.matrix")
    if own is None:
        default = {(i, j): sign for i, row in enumerate(MATRIX, start=1) for j, sign in enumerate(row, start=1)}
        return default, "UNCCD default land cover degradation transition matrix"
    if "zone" in own and own["zone"].nunique() > 1:
        return None, ""
    pairs = zip(own["initial"], own["final"], own["change"], strict=True)
    return {(int(first), int(last)): SIGNS[int(sign)] for first, last, sign in pairs}, "Matrix of the study"
