# SPDX-License-Identifier: Apache-2.0
"""Grids of cells: areas, zones, resampling, tiles, stores of tiles, and maps as GeoTIFF."""
