# SPDX-License-Identifier: Apache-2.0
"""One tile judged by one set of choices: the three sub-indicators, one out all out, corrections, and the status.

What a tile holds is read once (`Evidence`); a set of choices (`Choices`) is then cheap to apply, so that the published
result and the results under other choices come from the same lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from homeground.catalogue.classes import MISSING
from homeground.land.assessment.choices import Choices, state_field, trend_field
from homeground.land.carbon.soil_carbon import soil_carbon_change_percent
from homeground.land.classes import described
from homeground.land.cover.abandonment import not_improved_by_abandonment
from homeground.land.cover.land_cover import land_cover_change
from homeground.land.neutrality.degradation import DEGRADATION_CLASSES, degradation
from homeground.land.neutrality.error_recode import recoded
from homeground.land.productivity.classes import fold_classes, land_productivity
from homeground.land.productivity.performance import below_half
from homeground.land.productivity.potentials import ratio_to_potential
from homeground.land.productivity.profiles import PROFILES


@dataclass
class Evidence:
    """What is known of a tile in one period, each an array of the tile's shape."""

    like: xr.DataArray  # coordinates and dimensions of the tile
    vegetation: dict[str, NDArray[Any]] = field(default_factory=dict)  # fields of the first walk, without the period
    stratum: NDArray[np.float64] | None = None
    names: NDArray[np.float64] | None = None  # strata and their potentials
    potential: NDArray[np.float64] | None = None
    fdr_threshold: float = float("nan")
    classes: NDArray[Any] | None = None  # five classes of another tool
    initial: NDArray[np.int8] | None = None
    final: NDArray[np.int8] | None = None
    zones: NDArray[np.int8] | None = None
    carbon_percent: NDArray[Any] | None = None
    water: NDArray[np.bool_] | None = None
    abandoned: NDArray[np.int8] | None = None
    confirmed: NDArray[np.bool_] | None = None
    matrices: Mapping[str, Mapping[int, pd.DataFrame]] = field(default_factory=dict)
    polygons: Any = None
    cells: list[tuple[int, NDArray[np.bool_]]] = field(default_factory=list)

    @cached_property
    def ratio(self) -> NDArray[np.float64]:
        """Mean index over the potential of the stratum, the same under every choice."""
        if self.stratum is None or self.names is None or self.potential is None:
            raise AssertionError("a tile without a vegetation index has no performance")
        mean = self.vegetation["mean"].astype("float64").ravel()
        return ratio_to_potential(mean, self.stratum.ravel(), self.names, self.potential)


def metrics(known: Evidence, choices: Choices) -> dict[str, xr.DataArray]:
    """Trend, state and performance by the chosen rules; empty without a vegetation index."""
    if not known.vegetation:
        return {}
    rules, fields = PROFILES[choices.profile], known.vegetation
    if choices.trend == "profile":
        direction = fields[trend_field(rules)]
    elif choices.trend == "false-discovery":
        sign = np.sign(np.nan_to_num(fields["score"]))
        found = np.where(fields["p"] <= known.fdr_threshold, sign, 0)
        direction = np.where(np.isfinite(fields["p"]), found, MISSING).astype(np.int8)
    else:
        direction = fields[f"trend_{choices.trend}"]
    performance = below_half(known.ratio, rules.at_half).reshape(known.like.shape)
    three_metrics = {"trend": direction, "state": fields[state_field(rules)], "performance": performance}
    return {name: known.like.copy(data=values).rename(name) for name, values in three_metrics.items()}


def productivity(known: Evidence, choices: Choices) -> xr.DataArray | None:
    """Five classes where the look-up of the profile has them, else three; None where nothing is given."""
    if known.classes is not None:
        return known.like.copy(data=known.classes).assign_attrs(classes=5, lookup="as given")
    parts = metrics(known, choices)
    if not parts:
        return None
    lookup = PROFILES[choices.profile].lookup
    return land_productivity(*parts.values(), lookup=lookup, classes=5 if lookup == "pm2026" else 3)


def three(classes: xr.DataArray) -> xr.DataArray:
    """Productivity in three classes."""
    return fold_classes(classes) if classes.attrs["classes"] == 5 else classes


def cover_change(known: Evidence, choices: Choices) -> xr.DataArray | None:
    """Change of land cover by the chosen matrix; None where cover is not given."""
    if known.initial is None or known.final is None:
        return None
    initial, final = (known.like.copy(data=values) for values in (known.initial, known.final))
    matrices = known.matrices[choices.matrix]
    if known.zones is None or set(matrices) == {0}:
        return land_cover_change(initial, final, next(iter(matrices.values())))
    return land_cover_change(initial, final, matrix_by_zone=matrices, zones=known.like.copy(data=known.zones))


def carbon_change(known: Evidence, choices: Choices) -> xr.DataArray | None:
    """Change of soil carbon by the chosen threshold; None where it is not known."""
    if known.carbon_percent is None:
        return None
    percent = known.like.copy(data=known.carbon_percent).assign_attrs(units="%")
    water = None if known.water is None else known.like.copy(data=known.water)
    return soil_carbon_change_percent(percent, threshold=choices.carbon_threshold, water=water)


def judged(known: Evidence, choices: Choices) -> xr.DataArray | None:
    """Degraded, stable or improved: one out, all out, then abandonment and corrections; None where a part is missing."""
    parts = (productivity(known, choices), cover_change(known, choices), carbon_change(known, choices))
    return combined(parts, known, choices)


def combined(parts: tuple[xr.DataArray | None, ...], known: Evidence, choices: Choices) -> xr.DataArray | None:
    """`judged`, from sub-indicators that were worked out."""
    first, cover, carbon = parts
    if first is None or cover is None or carbon is None:
        return None
    result = degradation(three(first), cover, carbon, missing=choices.missing)  # type: ignore[arg-type]
    if known.abandoned is not None and choices.abandonment == "stable":
        confirmed = None if known.confirmed is None else known.like.copy(data=known.confirmed)
        result = not_improved_by_abandonment(result, known.like.copy(data=known.abandoned), confirmed)
    if known.cells:
        result = result.copy(data=recoded(result.values, known.polygons, known.cells))
    if known.water is not None:  # inland water is no land: it has no verdict
        result = result.copy(data=np.where(known.water, np.int8(MISSING), result.values))
    return described(result, "degradation", "land degradation (SDG 15.3.1)", DEGRADATION_CLASSES)
