# SPDX-License-Identifier: Apache-2.0
"""The land stage: climate, cover, vegetation gap, two real series in time, and the table by region.

Heavy libraries are imported inside the steps, so that a run in which everything stands costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from homeground.catalogue.regions import region_inputs
from homeground.stages import Stage, Step, Work
from homeground.study import Study
from homeground.units import counted, large_number

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

STEP_DEGREES = 0.05
RAIN_SPREAD = 0.10  # chosen range of the sensitivity, not an error estimate
PERCENTILES = (85, 90, 95)
RAIN_SERIES = "horn_rain"
SERIES = (("horn_rain", "rain, November and December"), ("bale_ndvi", "NDVI, yearly mean"))
UNITS = {"rain": "mm/month", "temperature": "degC", "cover": "1", "vegetation_max": "1"}

# From dry to wet (batlow at five places); land cover in calm tones that print apart.
ARIDITY_COLOURS = ("#f9ccf9", "#eea78b", "#a29137", "#3b6c55", "#011959")
COVER_COLOURS = ("#1c5460", "#c8b86a", "#e3935d", "#5f9ea0", "#3d3d3d", "#ece3d0", "#a8c6dc")


def _inputs(*layers: str, regions: bool = False) -> Callable[[Study], dict[str, Path]]:
    """Files of the named layers: the user's where given, else the atlas's."""

    def find(study: Study) -> dict[str, Path]:
        from homeground.catalogue import atlas

        box = atlas.box_of(study.countries)
        found = region_inputs(study) if regions else {}
        if any(study.input(layer) is None for layer in layers):
            found["atlas layers.csv"] = atlas.path("layers.csv")  # units and scale of each layer
        for layer in layers:
            own = study.input(layer)
            found[f"atlas {layer}" if own is None else own.name] = own or atlas.path(f"{layer}_{box}.tif")
        return found

    return find


def _series_inputs(_: Study) -> dict[str, Path]:
    from homeground.catalogue import figures

    return {f"figures {table}": figures.path(table) for table, _ in SERIES}


def _layer(study: Study, name: str) -> xr.DataArray:
    from homeground.catalogue import atlas
    from homeground.catalogue.rasters import read_raster

    own = study.input(name)
    if own is None:
        return atlas.layer(name, atlas.box_of(study.countries))
    return read_raster(own, name=name, units=UNITS[name], bands=12 if UNITS[name] in ("mm/month", "degC") else 1)


def _grid(study: Study) -> xr.DataArray:
    from homeground.catalogue.grid import empty_grid
    from homeground.catalogue.regions import load_regions

    west, south, east, north = load_regions(study.countries, study.input("regions")).total_bounds
    return empty_grid((west, south, east, north), STEP_DEGREES)


def _save(work: Work, name: str, **fields: xr.DataArray) -> None:
    import xarray as xr

    data = xr.Dataset(fields)
    for field in data.data_vars.values():
        field.encoding.clear()
    data.to_zarr(work.out / "land.zarr" / name, mode="w", zarr_format=3, consolidated=False)


def _open(work: Work, name: str) -> xr.Dataset:
    import xarray as xr

    data: xr.Dataset = xr.open_zarr(work.results / "land.zarr" / name, zarr_format=3, consolidated=False, chunks=None)
    return data.load()


def _climate(work: Work) -> None:
    """Rain, temperature, PET, aridity index with its sensitivity range, and aridity class on the study's grid."""
    from homeground.catalogue.grid import regrid
    from homeground.catalogue.rasters import write_class_map, write_value_map
    from homeground.land.climate import ARIDITY_CLASSES, aridity_class, aridity_index, pet_thornthwaite

    grid = _grid(work.study)
    rain = regrid(_layer(work.study, "rain"), grid, method="linear")
    temperature = regrid(_layer(work.study, "temperature"), grid, method="linear")
    pet = pet_thornthwaite(temperature, hot="willmott")
    index = aridity_index(rain, pet)
    plain = aridity_index(rain, pet_thornthwaite(temperature, hot="thornthwaite"))
    low = plain.where(plain < index, index) * (1 - RAIN_SPREAD)
    high = plain.where(plain > index, index) * (1 + RAIN_SPREAD)
    classes = aridity_class(index)
    _save(
        work,
        "climate",
        rain=rain.sum("month", min_count=12).astype("float32").assign_attrs(units="mm/year", long_name="rain"),
        temperature=temperature.mean("month", skipna=False).astype("float32").assign_attrs(units="degC"),
        pet=pet.sum("month", min_count=12).astype("float32").assign_attrs(units="mm/year"),
        aridity_index=index.astype("float32"),
        aridity_index_low=low.astype("float32").assign_attrs(units="1"),
        aridity_index_high=high.astype("float32").assign_attrs(units="1"),
        aridity_class=classes,
    )
    legend = {i: (name, ARIDITY_COLOURS[i]) for i, (name, _, _) in enumerate(ARIDITY_CLASSES)}
    maps = work.out / "maps"
    write_class_map(classes, maps / "aridity_class.tif", legend=legend, title="Aridity class (UNEP 1997)")
    write_value_map(
        index, maps / "aridity_index.tif", colours=list(ARIDITY_COLOURS), limits=(0.0, 0.8), title="Aridity index"
    )
    work.warn(
        "Aridity uses Thornthwaite's PET, which needs only temperature: it understates aridity in cold mountains and "
        "in dry, windy air."
    )
    work.warn("Rain normals (ITU-R P.837-7) state no years; set [data].rain to use your own.")


def _cover(work: Work) -> None:
    """Seven-class land cover of the Convention on the study's grid."""
    from homeground.catalogue.grid import regrid
    from homeground.catalogue.rasters import write_class_map
    from homeground.land.cover import UNCCD_CLASSES, to_unccd

    source = _layer(work.study, "cover")
    classes = to_unccd(regrid(source, _grid(work.study), method="nearest"), work.study.data.cover_legend)
    _save(work, "cover", cover=classes)
    legend = {code: (UNCCD_CLASSES[code], COVER_COLOURS[code - 1]) for code in UNCCD_CLASSES}
    write_class_map(classes, work.out / "maps" / "land_cover.tif", legend=legend, title="Land cover, seven classes")
    if work.study.input("cover") is None:
        work.warn(
            "Land cover is MODIS at 0.05 degrees, one class for each cell of some 5 km: small fields count as what lies "
            "around them (in savanna mostly grassland), so cropland shares are low where fields are small."
        )


def _productivity(work: Work) -> None:
    """Vegetation against the 90th percentile of its aridity and cover stratum, with 85th and 95th as a range."""
    import numpy as np
    import xarray as xr

    from homeground.catalogue.grid import cell_areas, regrid
    from homeground.catalogue.rasters import write_value_map
    from homeground.land.productivity import potential_gap

    aridity = _open(work, "climate")["aridity_class"]
    cover = _open(work, "cover")["cover"]
    vegetation = regrid(_layer(work.study, "vegetation_max"), _grid(work.study), method="nearest")
    # Water and artificial surfaces have no potential to compare with; hyper-arid sand has next to no plants.
    comparable = (aridity >= 0) & cover.isin([1, 2, 3, 4, 6])
    stratum = (aridity.astype("int16") * 10 + cover).where(comparable, -128).astype("int16")
    areas = xr.DataArray(np.broadcast_to(cell_areas(vegetation)[:, None], vegetation.shape), vegetation.coords)
    gaps = {p: 100 * potential_gap(vegetation, stratum, percentile=p, weights=areas) for p in PERCENTILES}
    low, middle, high = (gaps[p].astype("float32").assign_attrs(units="%") for p in PERCENTILES)
    _save(work, "productivity", potential_gap=middle, potential_gap_low=low, potential_gap_high=high)
    write_value_map(
        middle,
        work.out / "maps" / "potential_gap.tif",
        colours=["#ffffcc", "#e0b45c", "#c5684a", "#6b3a35", "#191900"],
        limits=(0, 80),
        title="Potential gap of vegetation (%): one epoch, not degradation",
    )
    work.warn(
        "The potential gap compares places in one epoch; it is not degradation. A trend needs a time series: "
        "homeground data list"
    )


def _series(work: Work) -> None:
    """The two real series in time that lie in the study's countries: trend, and a drought index for the rain."""
    import pandas as pd

    from homeground.catalogue import figures
    from homeground.land.trends import trend

    parts = []
    for table, name in SERIES:
        rows = figures.load(table, iso3=work.study.countries)
        if rows.empty:
            continue
        rows = rows.astype({"year": "int64"})
        cube = rows.set_index(["place", "year"])["value"].to_xarray().rename(name)
        fit = trend(cube, dim="year").to_dataframe().add_prefix("trend_")
        frame = rows[["iso3", "place", "year", "value", "unit", "source", "licence", "kind"]].assign(series=name)
        if table == RAIN_SERIES:
            index = _december_spi(cube).to_dataframe(dim_order=["place", "year"])[["drought_index"]]
            frame = frame.merge(index, left_on=["place", "year"], right_index=True, how="left")
        parts.append(frame.merge(fit, left_on="place", right_index=True, how="left"))
    columns = ["iso3", "place", "year", "value", "unit", "source", "licence", "kind", "series", "drought_index"]
    series = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    series.to_parquet(work.out / "series.parquet")
    if not parts:
        work.warn("No embedded series in time lies in these countries; trends need your own: homeground data list")


def _december_spi(totals: xr.DataArray) -> xr.DataArray:
    """SPI-2 of each December: the totals are those of November and December, one for each place and year."""
    import numpy as np
    import xarray as xr

    from homeground.land.drought import spi

    years = totals["year"].to_numpy()
    months = np.arange(f"{years[0]}-01", f"{years[-1] + 1}-01", dtype="datetime64[M]").astype("datetime64[ns]")
    # The sum is known at its last month only; the index treats each calendar month by itself.
    rain = np.full((months.size, totals.sizes["place"]), np.nan)
    rain[12 * (years - years[0]) + 11] = totals.transpose("year", "place").to_numpy()
    coords = {"time": months, "place": totals["place"]}
    monthly = xr.DataArray(rain, coords, ("time", "place"), "rain", {"units": "mm"})
    index = spi(monthly, 1).isel(time=slice(11, None, 12))
    return index.assign_coords(time=index["time"].dt.year).rename(time="year").rename("drought_index")


def _regions(work: Work) -> None:
    """Area-weighted statistics by region, and areas by region, aridity class and cover class."""
    import numpy as np
    import pandas as pd

    from homeground.catalogue.grid import coverage, zonal_class_area, zonal_mean
    from homeground.catalogue.regions import load_regions
    from homeground.land.climate import ARIDITY_CLASSES
    from homeground.land.cover import UNCCD_CLASSES

    regions = load_regions(work.study.countries, work.study.input("regions"))
    climate, cover, gap = _open(work, "climate"), _open(work, "cover")["cover"], _open(work, "productivity")
    weights = coverage(regions, climate["rain"])
    area = np.asarray(weights.sum(axis=1)).ravel()[:, None]
    table = pd.DataFrame({"region_id": regions["region_id"]})
    for column, field in (("rain_mm", "rain"), ("temperature_c", "temperature"), ("pet_mm", "pet")):
        table[f"land_{column}"] = zonal_mean(weights, climate[field])
    for column in ("aridity_index", "aridity_index_low", "aridity_index_high"):
        table[f"land_{column}"] = zonal_mean(weights, climate[column])
    names = [name.replace("-", "").replace(" ", "") for name, _, _ in ARIDITY_CLASSES]
    shares = 100 * zonal_class_area(weights, climate["aridity_class"], list(range(len(names)))) / area
    for i, name in enumerate(names):
        table[f"land_share_{name}"] = shares[:, i]
    table["land_share_dryland"] = shares[:, 1:4].sum(axis=1)
    for end in ("low", "high"):
        index = climate[f"aridity_index_{end}"]
        dry = ((index >= ARIDITY_CLASSES[1][1]) & (index < ARIDITY_CLASSES[3][2])).astype("int8")
        table[f"land_share_dryland_{end}"] = 100 * zonal_class_area(weights, dry, [1])[:, 0] / area[:, 0]
    # Wetter or drier readings can move land in or out at both limits, so the range is sorted.
    ends = ["land_share_dryland", "land_share_dryland_low", "land_share_dryland_high"]
    table["land_share_dryland_low"], table["land_share_dryland_high"] = table[ends].min(axis=1), table[ends].max(axis=1)
    cover_shares = 100 * zonal_class_area(weights, cover, list(UNCCD_CLASSES)) / area
    for i, name in enumerate((*(n.split()[0].split("-")[0].lower() for n in UNCCD_CLASSES.values()), "nodata")):
        table[f"land_share_{name}"] = cover_shares[:, i]
    for column in ("potential_gap", "potential_gap_low", "potential_gap_high"):
        table[f"land_{column}"] = zonal_mean(weights, gap[column])
    (work.out / "regions").mkdir()
    table.to_parquet(work.out / "regions" / "land.parquet")
    units = _units(regions, weights, climate, cover, gap)
    _warn_of_unknown(work, units)
    units.to_parquet(work.out / "land_units.parquet")
    _countries(work, units).to_parquet(work.out / "land_countries.parquet")


def _warn_of_unknown(work: Work, units: pd.DataFrame) -> None:
    """Land without an aridity class counts in no share, so the classes of such a region add up to less than all."""
    unknown = units[units["aridity_class"] < 0]
    if unknown.empty:
        return
    km2, where = unknown["area_km2"].sum(), ", ".join(sorted(unknown["region_id"].unique())[:8])
    share = 100 * km2 / units["area_km2"].sum()
    work.warn(
        f"Aridity is unknown on {large_number(km2)} km² ({share:.2f} %), in {where}: frozen all year, so the air's demand "
        "for water is nil, or without climate data. That land is in no aridity class and in no plan."
    )


def _countries(work: Work, units: pd.DataFrame) -> pd.DataFrame:
    """Area by cover class of whole countries: a user's polygons may be a part of one only."""
    import pandas as pd

    from homeground.catalogue import atlas
    from homeground.catalogue.grid import coverage, zonal_class_area
    from homeground.land.cover import UNCCD_CLASSES, to_unccd

    if work.study.input("regions") is None:
        return units.groupby(["iso3", "cover_class"], as_index=False)[["area_km2"]].sum()
    whole = atlas.regions(work.study.countries).dissolve("iso3").reset_index()
    whole = whole[["iso3", "geometry"]].assign(region_id=whole["iso3"])
    cover = to_unccd(atlas.layer("cover", atlas.box_of(work.study.countries)), "igbp")
    codes = list(UNCCD_CLASSES)
    areas = zonal_class_area(coverage(whole, cover), cover, codes)
    table = pd.DataFrame(areas, columns=[*codes, -128]).assign(iso3=whole["iso3"])
    return table.melt("iso3", var_name="cover_class", value_name="area_km2").astype({"cover_class": "int64"})


def _units(
    regions: pd.DataFrame, weights: object, climate: xr.Dataset, cover: xr.DataArray, gap: xr.Dataset
) -> pd.DataFrame:
    """Planning units: region x aridity class x cover class, with area, rain and potential gap."""
    import numpy as np
    import pandas as pd
    import scipy.sparse as sp

    cells = sp.coo_array(weights)
    rows, columns, km2 = cells.row, cells.col, cells.data
    field = {
        "aridity_class": climate["aridity_class"].values.ravel()[columns],
        "cover_class": cover.values.ravel()[columns],
        "rain_mm": climate["rain"].values.ravel()[columns].astype("float64"),
        "potential_gap": gap["potential_gap"].values.ravel()[columns].astype("float64"),
    }
    frame = pd.DataFrame({"row": rows, "area_km2": km2, **field})
    for column in ("rain_mm", "potential_gap"):
        known = np.isfinite(frame[column])
        frame[f"{column}_area"] = frame["area_km2"].where(known, 0.0)
        frame[f"{column}_sum"] = (frame[column] * frame["area_km2"]).where(known, 0.0)
    sums = frame.groupby(["row", "aridity_class", "cover_class"], as_index=False)[
        ["area_km2", *(f"{c}_{k}" for c in ("rain_mm", "potential_gap") for k in ("area", "sum"))]
    ].sum()
    out = regions[["region_id", "iso3"]].iloc[sums["row"]].reset_index(drop=True)
    out = pd.concat([out, sums[["aridity_class", "cover_class", "area_km2"]]], axis=1)
    for column in ("rain_mm", "potential_gap"):
        out[column] = sums[f"{column}_sum"] / sums[f"{column}_area"].where(sums[f"{column}_area"] > 0)
    return out


def _finding(results: Path) -> str:
    import pandas as pd

    units = pd.read_parquet(results / "land_units.parquet")
    total = units["area_km2"].sum()
    dry = units.loc[units["aridity_class"].between(1, 3), "area_km2"].sum()
    hyper = units.loc[units["aridity_class"] == 0, "area_km2"].sum()
    where = counted(units["iso3"].nunique(), "country", "countries")
    beyond = f"; another {100 * hyper / total:.0f} % is hyper-arid" if hyper / total > 0.005 else ""
    return (
        f"Drylands cover {100 * dry / total:.0f} % of the land looked at in {where} ({large_number(dry)} of "
        f"{large_number(total)} km²){beyond}."
    )


STAGE = Stage(
    "land",
    (
        Step(
            "climate",
            _climate,
            (
                "land.zarr/climate",
                "maps/aridity_class.tif",
                "maps/aridity_class.qml",
                "maps/aridity_class.tif.aux.xml",
                "maps/aridity_index.tif",
                "maps/aridity_index.qml",
            ),
            settings=("countries", "regions", "data.rain", "data.temperature"),
            inputs=_inputs("rain", "temperature", regions=True),
        ),
        Step(
            "cover",
            _cover,
            ("land.zarr/cover", "maps/land_cover.tif", "maps/land_cover.qml", "maps/land_cover.tif.aux.xml"),
            settings=("countries", "regions", "data.cover", "data.cover_legend"),
            inputs=_inputs("cover", regions=True),
        ),
        Step(
            "productivity",
            _productivity,
            ("land.zarr/productivity", "maps/potential_gap.tif", "maps/potential_gap.qml"),
            settings=("countries", "regions", "data.vegetation_max"),
            needs=("land.climate", "land.cover"),
            inputs=_inputs("vegetation_max", regions=True),
        ),
        Step("series", _series, ("series.parquet",), settings=("countries",), inputs=_series_inputs),
        Step(
            "regions",
            _regions,
            ("regions/land.parquet", "land_units.parquet", "land_countries.parquet"),
            needs=("land.climate", "land.cover", "land.productivity"),
            inputs=_inputs("cover", regions=True),
        ),
    ),
    _finding,
)
