# SPDX-License-Identifier: Apache-2.0
from .cooperation.asked import cooperation_summary as cooperation_summary
from .cooperation.checks import check_cooperation as check_cooperation
from .exports.kinds import export as export
from .iati.reading import read_iati as read_iati
from .iati.writing import write_iati as write_iati
from .issues import Issue as Issue
from .ladder.finance_ladder import finance_ladder as finance_ladder
from .ladder.rollup import rollup as rollup
from .matching.match import match as match
from .places.checks import check_places as check_places
from .places.observed import check_polygons as check_polygons
from .registry.given import read_tables as read_tables
from .registry.opening import Registry as Registry
from .registry.opening import open_registry as open_registry
from .results.aggregate import aggregate as aggregate
from .results.planned import planned_against_reported as planned_against_reported
from .results.report import results_of as results_of

__all__ = [
    "Issue",
    "Registry",
    "aggregate",
    "check_cooperation",
    "check_places",
    "check_polygons",
    "cooperation_summary",
    "export",
    "finance_ladder",
    "match",
    "open_registry",
    "planned_against_reported",
    "read_iati",
    "read_tables",
    "results_of",
    "rollup",
    "write_iati",
]
