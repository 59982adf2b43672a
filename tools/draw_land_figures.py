# SPDX-License-Identifier: Apache-2.0
"""Draw the figures of the pages on land from real series: ``python -m tools.draw_land_figures FOLDER``.

FOLDER holds the NDVI cubes of the Bale Mountains and Kilimanjaro (NASA GIMMS NDVI3g, by way of the R package gimms, MIT)
and NOAA's nClimDiv rain and demand of 344 divisions of the United States (public domain). The trends of the cubes come
from the functions that a run uses; nothing here is fitted by hand.
"""

from __future__ import annotations

import importlib
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from homeground.land import (
    PROFILES,
    drought_events,
    productivity_assessment,
    sensitivity,
    spei,
    spi,
    tornado,
    trend,
    trend_tests,
)

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "figures"
INK, QUIET, LOSS, GAIN, PAPER = "#222222", "#8a8a8a", "#7c1b06", "#023175", "#ece5e0"
CUBES = {
    "Bale Mountains, Ethiopia": ("bale3g_v1.npz", (6, 6), range(1982, 2016)),
    "Kilimanjaro, Tanzania": ("kili3g_v0.npz", (9, 10), range(1982, 2014)),
}
SOURCE = "NASA GIMMS NDVI3g (observed; public domain), yearly mean of half-months"


def yearly(folder: Path, name: str) -> xr.DataArray:
    """Yearly mean NDVI of a cube, dims (year, row, column)."""
    file, shape, years = CUBES[name]
    half_months = np.load(folder / file)["raw"]
    values = half_months[12 : 12 + 24 * len(years)]  # both begin in July 1981: that half year is left out
    values = values.reshape(len(years), 24, *shape).mean(axis=1, dtype=float)
    return xr.DataArray(values, {"year": list(years)}, ("year", "row", "column"), "ndvi", {"units": "1"})


def styled() -> Any:
    """Matplotlib with one family, two weights and quiet axes."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib import font_manager

    package = importlib.import_module("fontpkg_noto_sans")
    for font in (Path(str(package.__file__)).parent / "files").glob("NotoSans?wdth*.ttf"):
        font_manager.fontManager.addfont(str(font))
    plt.rcParams.update({
        "font.family": "Noto Sans", "font.size": 9, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": QUIET,
        "axes.spines.top": False, "axes.spines.right": False, "xtick.color": QUIET, "ytick.color": QUIET,
        "axes.titlelocation": "left", "axes.titlesize": 10, "figure.dpi": 110, "savefig.bbox": "tight",
    })  # fmt: skip
    return plt


def save(plt: Any, figure: Any, name: str, caption: str) -> None:
    figure.text(0.01, -0.02, textwrap.fill(caption, 125), fontsize=7.5, color=QUIET, va="top")
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / f"{name}.png", metadata={"Software": None})
    plt.close(figure)


def draw_trends(plt: Any, folder: Path) -> None:
    """Slopes of two real cubes; a dot where the exact test finds a trend, a ring where only the level of 95 % would."""
    from cmcrameri import cm

    figure, axes = plt.subplots(1, 2, figsize=(7.6, 3.3), gridspec_kw={"width_ratios": [7, 10]}, layout="constrained")
    for axis, name in zip(axes, CUBES, strict=True):
        ndvi = yearly(folder, name)
        found = trend(ndvi, significance="trends.earth")
        slope = 1000 * found["slope"].values
        reach = 4.0
        image = axis.imshow(slope, cmap=cm.vik_r, vmin=-reach, vmax=reach)
        sure, only = found["p"].values <= 0.05, (abs(found["level"].values) >= 2) & (found["p"].values > 0.05)
        axis.scatter(*np.argwhere(sure).T[::-1], s=9, color=INK)
        axis.scatter(*np.argwhere(only).T[::-1], s=22, facecolors="none", edgecolors=INK, linewidths=0.8)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        years = ndvi["year"].values
        axis.set_title(f"{name}\n{years[0]}-{years[-1]}: {sure.sum()} of {sure.size} cells with a trend", fontsize=9)
    bar = figure.colorbar(image, ax=axes, shrink=0.85, pad=0.02)
    bar.set_label("Sen slope, NDVI × 1000 a year")
    bar.outline.set_visible(False)
    save(plt, figure, "ndvi-trends",
         "Dot: p of at most 0.05 by the exact distribution. Ring: only what Trends.Earth's score calls 95 % (two-sided p about 0.1). "
         f"Cells of some 8 km. Source: {SOURCE}. Own calculation.")  # fmt: skip


def draw_tests(plt: Any, folder: Path) -> None:
    """Share of the land that falls under each way to judge chance."""
    figure, axes = plt.subplots(1, 2, figsize=(7.6, 2.6), sharey=True, layout="constrained")
    words = {"none": "exact, as it is", "hamed-rao": "Hamed and Rao", "pre-whiten": "pre-whitening"}
    for axis, name in zip(axes, CUBES, strict=True):
        ndvi = yearly(folder, name)
        area = xr.ones_like(ndvi.isel(year=0, drop=True)).assign_attrs(units="km2")
        table = trend_tests(ndvi, area)
        lag1 = float(trend(ndvi)["lag1"].mean())
        labels = [
            words[str(row["autocorrelation"])] + ("; false finds 5 %" if row["false_discovery"] else "")
            for row in table.to_dict("records")
        ]
        place = np.arange(len(table))[::-1]
        for column, colour, text in (("falling", LOSS, "falls"), ("rising", GAIN, "rises")):
            axis.plot(100 * table[column], place, "o", color=colour, markersize=5, label=text)
        axis.set(xlim=(-3, 103), yticks=place, yticklabels=labels, xlabel="% of the cells")
        axis.set_title(f"{name}\nmean lag-1 autocorrelation {lag1:.2f}", fontsize=9)
        axis.grid(axis="x", color="#e8e8e8", linewidth=0.6)
        axis.set_axisbelow(True)
    axes[0].legend(frameon=False, loc="center right", fontsize=8)
    save(plt, figure, "trend-tests", f"Source: {SOURCE}. Own calculation with homeground.land.trend_tests.")


def draw_tornado(plt: Any, folder: Path) -> None:
    """How far the share of declining productivity hangs on choices, for the last sixteen years of the Bale cube."""
    ndvi = yearly(folder, "Bale Mountains, Ethiopia")
    stratum = xr.zeros_like(ndvi.isel(year=0, drop=True), dtype=int)

    def declining(profile: str, correction: str, discovery: bool, years: str) -> float:
        start, end = (int(year) for year in years.split("-"))
        from homeground.land.productivity.profiles import Period

        period = Period(years, (start, end), (start, end - 3), (end - 2, end), (start, end))
        found = productivity_assessment(
            ndvi, stratum, profile=profile, period=period, autocorrelation=correction,  # type: ignore[arg-type]
            false_discovery=discovery,
        )["productivity3"]  # fmt: skip
        return 100 * float((found == -1).mean())

    base = {"profile": "prais4-2026", "correction": "none", "discovery": False, "years": "2000-2015"}
    table = sensitivity(declining, base, {
        "profile": [name for name in PROFILES if name != "prais4-2026"],
        "correction": ["hamed-rao", "pre-whiten"],
        "discovery": {"held at 5 %": True},
        "years": ["1999-2014", "1998-2013", "1996-2015"],
    })  # fmt: skip
    words = {"profile": "rules (profile)", "correction": "autocorrelation", "discovery": "false discoveries",
             "years": "years"}  # fmt: skip
    bars = tornado(table)
    figure, axis = plt.subplots(figsize=(7.6, 2.5), layout="constrained")
    for place, row in enumerate(bars.iloc[::-1].to_dict("records")):
        axis.barh(place, row["high"] - row["low"], left=row["low"], color="#87b6cd", height=0.55)
        if row["span"] == 0:
            axis.text(row["base"] - 0.7, place, "no change", ha="right", va="center", fontsize=8, color=QUIET)
        for value, label, side in ((row["low"], row["low_value"], "right"), (row["high"], row["high_value"], "left")):
            if value != row["base"]:
                shift = -0.7 if side == "right" else 0.7
                axis.text(value + shift, place, f"{label}  {value:.0f} %" if side == "right" else f"{value:.0f} %  {label}",
                          ha=side, va="center", fontsize=8)  # fmt: skip
    base_value = float(bars["base"].iloc[0])
    axis.axvline(base_value, color=INK, linewidth=1)
    axis.set_yticks(range(len(bars)), [words[name] for name in bars["setting"].iloc[::-1]])
    low, high = bars["low"].min(), bars["high"].max()
    axis.set_xlim(low - 0.5 * (high - low) - 5, high + 0.5 * (high - low) + 5)
    axis.set_xlabel("% of the cells with declining productivity")
    axis.set_title(f"Published choice: {base_value:.0f} % (prais4-2026, exact test, 2000-2015)", fontsize=9)
    save(plt, figure, "tornado",
         "One choice changed at a time; a range of choices, not a confidence interval. 36 cells of the Bale Mountains. "
         f"Source: {SOURCE}. Own calculation with homeground.land.sensitivity and tornado.")  # fmt: skip


def draw_drought(plt: Any, folder: Path) -> None:
    """SPI-12 and SPEI-12 of one division with its droughts by the rule of McKee."""
    archive = np.load(folder / "nclimdiv_precip_pet.npz", allow_pickle=True)
    time = pd.date_range("1895-01-01", periods=archive["precip"].shape[1], freq="MS")
    rain, pet = (
        xr.DataArray(25.4 * archive[name][0].astype(float), {"time": time}, attrs={"units": "mm/month"})
        for name in ("precip", "pet")
    )
    calibration = (1981, 2010)
    found = {
        "SPI-12": spi(rain, 12, calibration=calibration),
        "SPEI-12": spei((rain - pet).assign_attrs(units="mm/month"), 12, calibration=calibration),
    }
    figure, axes = plt.subplots(2, 1, figsize=(7.6, 3.6), sharex=True, sharey=True, layout="constrained")
    for axis, (name, index) in zip(axes, found.items(), strict=True):
        late = index.sel(time=slice("1980", None))
        events = drought_events(late, mode="mckee")
        when = late["time"].values
        axis.fill_between(when, late, 0, where=late.values > 0, color="#87b6cd", linewidth=0)
        axis.fill_between(when, late, 0, where=late.values < 0, color="#d9a486", linewidth=0)
        for event in events.to_dict("records"):
            axis.axvspan(event["onset"], event["end"], ymax=0.04, color=LOSS, linewidth=0)
        axis.axhline(0, color=QUIET, linewidth=0.6)
        axis.set_ylabel(name)
        axis.set_ylim(-3.2, 3.2)
        axis.set_title(f"{name}: {len(events)} droughts, {events['duration'].sum()} months", fontsize=9)
    save(plt, figure, "drought",
         f"Bars at the foot: droughts by the rule of McKee (from the first month below 0, where −1 is reached). Division "
         f"{archive['division'][0]} of the United States, calibrated on 1981-2010. Source: NOAA nClimDiv (observed rain, "
         "modelled demand; public domain). Own calculation.")  # fmt: skip


def main(folder: Path) -> None:
    """Draw all figures."""
    plt = styled()
    ndvi, rain = folder / "ndvi", folder / "nclimdiv"
    draw_trends(plt, ndvi)
    draw_tests(plt, ndvi)
    draw_tornado(plt, ndvi)
    draw_drought(plt, rain)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
