# SPDX-License-Identifier: Apache-2.0
"""What the files of a layer say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Look:
    """What one file says of itself: the place and size of its grid, its steps in time, and its values."""

    crs: str
    west: float
    north: float
    step_x: float
    step_y: float  # positive: north to south
    rows: int
    columns: int
    steps: tuple[str, ...]  # ISO date of each band; "" where the file does not say
    units: str | None
    scale: float
    offset: float
    nodata: float | None
    dtype: str
    strips: bool  # written in whole rows
    decoded: bool = False  # values come with the file's own scale applied
    bands: tuple[int, ...] = ()  # which bands of the file hold values, from 0; empty: as they come
    mixed: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, hash=False)  # what its bands say differently

    @property
    def grid(self) -> tuple[Any, ...]:
        """What must be the same in all files of a series."""
        place = (round(v, 9) for v in (self.west, self.north, self.step_x, self.step_y))
        return (self.crs, *place, self.rows, self.columns)
