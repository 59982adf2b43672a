# SPDX-License-Identifier: Apache-2.0
"""Polygons of regions."""
