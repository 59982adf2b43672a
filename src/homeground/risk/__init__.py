# SPDX-License-Identifier: Apache-2.0
"""How bad, how sure: a small composite index, what its ranks and classes are worth, and what it rests on."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
