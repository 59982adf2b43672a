# SPDX-License-Identifier: Apache-2.0
from .exports.kinds import export as export
from .issues import Issue as Issue
from .places.checks import check_places as check_places
from .places.observed import check_polygons as check_polygons
from .results.aggregate import aggregate as aggregate
from .results.planned import planned_against_reported as planned_against_reported
from .results.report import results_of as results_of

__all__ = ["Issue", "aggregate", "check_places", "check_polygons", "export", "planned_against_reported", "results_of"]
