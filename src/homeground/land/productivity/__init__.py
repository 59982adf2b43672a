# SPDX-License-Identifier: Apache-2.0
"""Land productivity: trend, state, performance, their classes and the rules that combine them."""
