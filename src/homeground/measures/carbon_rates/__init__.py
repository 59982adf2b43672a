# SPDX-License-Identifier: Apache-2.0
"""Carbon that a measure gains where it lies: by IPCC climate zone, soil, state and use of the land; absent where none fits."""
