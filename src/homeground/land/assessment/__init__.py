# SPDX-License-Identifier: Apache-2.0
"""Walks over the user's series, tile by tile, for SDG 15.3.1."""
