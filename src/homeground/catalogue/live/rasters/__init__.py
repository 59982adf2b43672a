# SPDX-License-Identifier: Apache-2.0
"""Maps and series in time, a file for each provider: fetched, cut to the box of the study, written as GeoTIFF."""
