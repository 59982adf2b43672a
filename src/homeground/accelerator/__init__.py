# SPDX-License-Identifier: Apache-2.0
"""What was promised, committed, paid and achieved, by whom; who could join whom; what was learnt. Names load on first use."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
