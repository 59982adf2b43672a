# SPDX-License-Identifier: Apache-2.0
"""Who pays and what comes back: cash flow of a plan, returns, appraisal, sources of money. Names load on first use."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
