# SPDX-License-Identifier: Apache-2.0
"""A job of Trends.Earth in a folder: its report of land condition (JSON), and the bands of its rasters where they lie beside."""
