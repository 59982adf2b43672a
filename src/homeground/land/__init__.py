# SPDX-License-Identifier: Apache-2.0
"""The state of the land: climate, land cover, productivity, trends and drought. Names load when first used."""

from __future__ import annotations

from inspect import isfunction
from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """What is asked for; a function says what it expected where it is given something else."""
    found = _load(name)
    if isfunction(found) and name in __all__:
        from homeground.land._given import kind

        globals()[name] = found = kind(found)
    return found
