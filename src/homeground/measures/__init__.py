# SPDX-License-Identifier: Apache-2.0
"""What can be done where: measures, where they fit, carbon, work, and a plan under a budget.

Names load when first used. `options` and `plan` are also names of files here, so they are bound at once: otherwise the
import of the file would put the module in the place of the function. Neither file imports anything heavy.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

from homeground.measures.options import options as options  # noqa: E402
from homeground.measures.planning.plan import plan as plan  # noqa: E402
