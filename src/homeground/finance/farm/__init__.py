# SPDX-License-Identifier: Apache-2.0
"""From budgets of crops and activities over farms and adoption to what a programme is worth, with and without it."""
