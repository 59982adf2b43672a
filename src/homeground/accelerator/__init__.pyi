# SPDX-License-Identifier: Apache-2.0
from .registry.opening import Registry, open_registry

__all__ = ["Registry", "open_registry"]
