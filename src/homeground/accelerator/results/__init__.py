# SPDX-License-Identifier: Apache-2.0
"""What was achieved: reviewed, aggregated by one function, held against goals, published results, plans and comparisons."""
