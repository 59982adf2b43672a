# SPDX-License-Identifier: Apache-2.0
"""What the step reads and writes, and when there is one; no file is opened here."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.inputs import region_inputs
from homeground.land.assessment.files import map_names
from homeground.running.tables import LAND_REFERENCE, LAND_REFERENCE_MATRIX
from homeground.study.model import Study


def has_status(study: Study) -> bool:
    """Whether the study gives all that the map of status needs."""
    return "status" in map_names(study)


def reference_given(study: Study) -> bool:
    """Whether plots can be held against a map: they and all that the map of status needs are given."""
    return study.data.reference_plots is not None and has_status(study)


def reference_inputs(study: Study) -> dict[str, Path]:
    """Files that the step reads beside the store of the assessment."""
    plots = study.input("reference_plots")
    if plots is None or not reference_given(study):
        return {}
    return region_inputs(study) | {f"reference_plots: {plots.name}": plots}


def reference_outputs(study: Study) -> tuple[str, ...]:
    """Paths of the step; none without plots or without a map of status."""
    return (LAND_REFERENCE, LAND_REFERENCE_MATRIX) if reference_given(study) else ()
