# SPDX-License-Identifier: Apache-2.0
from .index import classify as classify
from .index import composite_index as composite_index
from .reliance import reliability as reliability
from .robustness import rank_robustness as rank_robustness
from .tree import class_limits as class_limits
from .tree import effective_weights as effective_weights
from .tree import read_tree as read_tree
