# SPDX-License-Identifier: Apache-2.0
"""Land, people, evidence, measures, finance and the brief, for any country or region, offline.

>>> import homeground as hg
>>> hg.open_study("great-green-wall").title
'Great Green Wall'
>>> hg.land.spi.__name__
'spi'
"""

from importlib import metadata
from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Parts and functions load when first used, the version when it is asked for."""
    if name == "__version__":
        return metadata.version("homeground")
    return _load(name)
