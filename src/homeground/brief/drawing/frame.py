# SPDX-License-Identifier: Apache-2.0
"""From degrees to units of the drawing: one projection for all that a map shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_EQUATOR_KM = math.pi * 6378.137 / 180  # one degree of longitude on the equator, WGS 84


@dataclass(frozen=True)
class MapFrame:
    """How degrees become units of the drawing: equirectangular, longitudes stretched by cos(middle latitude)."""

    west: float
    north: float
    middle: float
    scale: float  # drawing units per degree of latitude
    width: float
    height: float
    crosses_date_line: bool = False

    def place(self, xy: np.ndarray) -> np.ndarray:
        """Drawing units of longitude-latitude pairs."""
        lon = np.where(xy[:, 0] < 0, xy[:, 0] + 360, xy[:, 0]) if self.crosses_date_line else xy[:, 0]
        x = (lon - self.west) * math.cos(math.radians(self.middle)) * self.scale
        return np.column_stack([x, (self.north - xy[:, 1]) * self.scale])

    @property
    def km_per_unit(self) -> float:
        """Kilometres along the middle parallel per drawing unit (WGS 84 ellipsoid)."""
        sine = math.sin(math.radians(self.middle))
        return _EQUATOR_KM / math.sqrt(1 - 0.00669437999 * sine * sine) / self.scale


def map_frame(bounds: Sequence[float], *, width: float = 760, max_height: float = 640) -> MapFrame:
    """The frame that shows ``bounds`` (west, south, east, north in degrees) as large as the sheet allows.

    Examples
    --------
    >>> frame = map_frame((0, -5, 20, 5), width=200)
    >>> frame.scale, frame.height, round(frame.km_per_unit, 3)
    (10.0, 100.0, 11.132)
    """
    west, south, east, north = (float(b) for b in bounds)
    middle = (south + north) / 2
    spread = max((east - west) * math.cos(math.radians(middle)), 1e-9)
    scale = min(width / spread, max_height / max(north - south, 1e-9))
    return MapFrame(west, north, middle, scale, spread * scale, (north - south) * scale, east > 180)
