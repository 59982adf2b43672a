# SPDX-License-Identifier: Apache-2.0
"""What can be done where: measures, where they fit, carbon, work, and a plan under a budget. Names load on first use."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
