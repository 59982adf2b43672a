# SPDX-License-Identifier: Apache-2.0
from .migration import (  # noqa: TID252  (lazy_loader reads only relative imports)
    balance_to_total,
    net_migration,
    net_migration_children,
    net_migration_survival,
)
from .population import largest_remainder, regional_population  # noqa: TID252

__all__ = [
    "balance_to_total",
    "largest_remainder",
    "net_migration",
    "net_migration_children",
    "net_migration_survival",
    "regional_population",
]
