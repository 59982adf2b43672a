# SPDX-License-Identifier: Apache-2.0
"""The state of the land: climate, land cover, productivity, trends and drought. Names load when first used."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
