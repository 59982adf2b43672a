# SPDX-License-Identifier: Apache-2.0
from .climate import ARIDITY_CLASSES as ARIDITY_CLASSES
from .climate import aridity_class as aridity_class
from .climate import aridity_index as aridity_index
from .climate import pet_hargreaves as pet_hargreaves
from .climate import pet_thornthwaite as pet_thornthwaite
from .cover import TRANSITION_MATRIX as TRANSITION_MATRIX
from .cover import UNCCD_CLASSES as UNCCD_CLASSES
from .cover import land_cover_change as land_cover_change
from .cover import to_unccd as to_unccd
from .drought import DROUGHT_CLASSES as DROUGHT_CLASSES
from .drought import drought_class as drought_class
from .drought import spei as spei
from .drought import spi as spi
from .productivity import potential_gap as potential_gap
from .trends import trend as trend
