# SPDX-License-Identifier: Apache-2.0
"""Land, people, evidence, measures, finance and the brief, for any country or region, offline.

>>> import homeground
>>> homeground.open_study("great-green-wall").title
'Great Green Wall'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
