# SPDX-License-Identifier: Apache-2.0
"""The same plan again: at drawn numbers, and at other budgets and ceilings."""
