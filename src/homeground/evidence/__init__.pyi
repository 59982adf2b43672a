# SPDX-License-Identifier: Apache-2.0

from .effects import check_effects, country_reading, moderators_of, sign_of_more
from .ladder import CLAIMS, Claim, highest_claim, published_level
from .synthesis import Pooled, forest, one_per_study, pool, reml, synthesise

__all__ = [
    "CLAIMS",
    "Claim",
    "Pooled",
    "check_effects",
    "country_reading",
    "forest",
    "highest_claim",
    "moderators_of",
    "one_per_study",
    "pool",
    "published_level",
    "reml",
    "sign_of_more",
    "synthesise",
]
