# SPDX-License-Identifier: Apache-2.0
"""Land of projects: whether outlines can be right, and whether observed land agrees with them."""
