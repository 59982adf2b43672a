# SPDX-License-Identifier: Apache-2.0
"""Loops over pixels that the trend and the state of land productivity are worked out by."""
