# SPDX-License-Identifier: Apache-2.0
"""IATI 2.03: files are streamed in, checked activity by activity, turned into tables of the registry, and written."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
