# SPDX-License-Identifier: Apache-2.0
from .displacement import displacement_table, latest, small_count_interval
from .flows import fit_margins, flows_from_stocks, radiation
from .groups import AFRICAN_UNION_YOUTH, UN_YOUTH, age_bounds, age_shares, protect
from .migration import balance_to_total, net_migration, net_migration_children, net_migration_survival
from .population import RURAL_WEIGHTS, largest_remainder, regional_population

__all__ = [
    "AFRICAN_UNION_YOUTH",
    "RURAL_WEIGHTS",
    "UN_YOUTH",
    "age_bounds",
    "age_shares",
    "balance_to_total",
    "displacement_table",
    "fit_margins",
    "flows_from_stocks",
    "largest_remainder",
    "latest",
    "net_migration",
    "net_migration_children",
    "net_migration_survival",
    "protect",
    "radiation",
    "regional_population",
    "small_count_interval",
]
