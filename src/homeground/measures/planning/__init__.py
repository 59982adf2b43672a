# SPDX-License-Identifier: Apache-2.0
"""A plan under a budget and rules."""
