# SPDX-License-Identifier: Apache-2.0
"""Does land drive movement, and how sure are we: published effects, their synthesis, the ladder of claims."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
