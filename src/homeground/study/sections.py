# SPDX-License-Identifier: Apache-2.0
"""The sections of a study file: inputs, land, plan, finance, brief. Each key says what it means."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from homeground.language.languages import LANGUAGES

Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 3166-1 alpha-3 code; Kosovo is XKX")]
Share = Annotated[float, Field(ge=0, le=1)]
Year = Annotated[int, Field(ge=1900, le=2150)]
Month = Annotated[int, Field(ge=1, le=12)]
Crop = Literal[
    "barley", "cotton", "groundnuts", "maize", "millet", "rice", "sorghum", "spring wheat", "winter wheat"
]  # fmt: skip
LEAST_WINDOW = 11  # years: eight of the past and the last three


def in_order(years: tuple[int, int]) -> tuple[int, int]:
    """A span of years as it is, if its first is not after its last.

    Parameters
    ----------
    years : (int, int)
        First and last year, both counted.

    Returns
    -------
    (int, int)
        The same.

    Raises
    ------
    ValueError
        The span ends before it starts.

    Examples
    --------
    >>> in_order((2016, 2023))
    (2016, 2023)
    >>> in_order((2023, 2016))
    Traceback (most recent call last):
    ...
    ValueError: ends before it starts: [2023, 2016]. Write [2016, 2023].
    """
    if years[0] > years[1]:
        raise ValueError(f"ends before it starts: {list(years)}. Write [{years[1]}, {years[0]}].")
    return years


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)


def slashes(written: str) -> str:
    r"""A path as every system reads it: a study written on Windows opens elsewhere too.

    Parameters
    ----------
    written : str
        With ``/`` or ``\``. No file may therefore have ``\`` in its name.

    Returns
    -------
    str

    Examples
    --------
    >>> slashes(r"data\ndvi\*.tif"), slashes("data/ndvi.tif")
    ('data/ndvi/*.tif', 'data/ndvi.tif')
    """
    return written.replace("\\", "/")


Written = Annotated[str, AfterValidator(slashes)]  # a path beside the study file


class LayerFile(Section):
    """A map or series in time of your own: where it lies, and what the file itself does not say."""

    path: Written = Field(
        description='GeoTIFF, NetCDF or Zarr beside the study file, or a pattern such as "ndvi/*.tif"'
    )
    variable: str | None = Field(None, description="which variable of a NetCDF or Zarr; left out: the only one")
    first: Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$")] | None = Field(
        None,
        description='year or month of the first band, such as "2001" or "1981-01", where the files do not date each band; '
        "refused where it contradicts their dates",
    )
    units: str | None = Field(None, description="units of the values, where the file does not say")
    scale: float = Field(1.0, description="what the stored values are multiplied by, such as 0.0001")
    nodata: float | None = Field(None, description="stored value that means missing, where the file does not say")
    band: Annotated[int, Field(ge=1)] | None = Field(
        None, description="which band of each file, from 1, where a file holds bands of other things"
    )
    sources: list[Written] = Field(
        default_factory=list, description='files that a virtual raster (.vrt) may read, such as "tiles/*.tif"'
    )
    legend: Written | None = Field(
        None, description="land cover: igbp, esa-cci, unccd, or a CSV with code and unccd_class of your own"
    )
    reportable: bool = Field(
        True,
        description="false: too coarse for SDG 15.3.1, as quick layers of `homeground data fetch` are; every output says so",
    )


def _path_alone(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


class PolygonFile(Section):
    """Polygons of your own: where they lie, and in which layer."""

    path: Written = Field(description="GeoPackage, GeoJSON, shapefile or GeoParquet beside the study file")
    layer: str | None = Field(None, description="which layer of the file, if it has several")


class RegionFile(PolygonFile):
    """Regions of your own, and what their columns are called."""

    id: str = Field("region_id", description="column that tells regions apart, such as ADM2_PCODE")
    name: str = Field("name", description="column of their names, such as ADM2_FR")
    iso3: str = Field("iso3", description="column of their country's code; may be absent in a study of one country")


UserPolygons = Annotated[PolygonFile, BeforeValidator(_path_alone)]
UserRegions = Annotated[RegionFile, BeforeValidator(_path_alone)]
UserLayer = Annotated[LayerFile, BeforeValidator(_path_alone)]


class Data(Section):
    """Inputs. Left out: the embedded atlas. A path (beside the study file) or a catalogue id wins."""

    regions: UserRegions | None = Field(
        None, description="polygons with a unique id: a path, or { path, layer, id, name, iso3 }"
    )
    rain: Written | None = Field(None, description="twelve monthly normals of rain, mm/month (GeoTIFF with 12 bands)")
    temperature: Written | None = Field(None, description="twelve monthly normals of temperature, degC")
    cover: Written | None = Field(None, description="land cover map, one band")
    cover_legend: Literal["igbp", "esa-cci", "unccd"] = Field("igbp", description="legend of the cover map")
    vegetation_max: Written | None = Field(None, description="highest yearly NDVI of the pixel, one band")
    goals: Written | None = Field(None, description="CSV: indicator, value, unit, year, source: what was promised")
    population: Written | None = Field(
        None, description="CSV: region_id, population, year, source: replaces the modelled surface"
    )
    population_grid: UserLayer | None = Field(
        None,
        description="people in each cell, a band a year, on any grid: people on degraded land and in drought are counted of it",
    )
    options: Written | None = Field(None, description="CSV: replaces rows of the measures table")
    # What SDG 15.3.1 and drought need, on any grid: a path, or { path = ..., first = ..., scale = ... }.
    ndvi: UserLayer | None = Field(None, description="vegetation index in time, a band a year or several a year")
    cover_series: UserLayer | None = Field(None, description="land cover of several years; say its legend")
    soil_carbon: UserLayer | None = Field(
        None, description="soil organic carbon 0-30 cm, t C/ha: one map of the first year, or your own of several years"
    )
    climate_zone: UserLayer | None = Field(None, description="IPCC climate zones, codes 0 to 12")
    soil_type: UserLayer | None = Field(None, description="kind of soil, whole numbers: with cover the stratum")
    productivity_baseline: UserLayer | None = Field(None, description="five classes of another tool, baseline")
    productivity_period: UserLayer | None = Field(None, description="five classes of another tool, period")
    rain_series: UserLayer | None = Field(None, description="monthly rain, mm/month, mm/day or kg m-2 s-1")
    pet_series: UserLayer | None = Field(None, description="monthly potential evapotranspiration, units as rain_series")
    temperature_series: UserLayer | None = Field(None, description="monthly mean temperature, degC or K")
    tmin_series: UserLayer | None = Field(None, description="monthly mean of the daily lowest temperature, degC or K")
    tmax_series: UserLayer | None = Field(None, description="monthly mean of the daily highest temperature, degC or K")
    et_series: UserLayer | None = Field(None, description="monthly actual evapotranspiration, mm/month")
    imperviousness: UserLayer | None = Field(None, description="sealed share of the cell in two or more years, %")
    matrix: Written | None = Field(
        None, description="CSV: initial, final, change (-1, 0, 1), 49 rows; with zone, such 49 for each of one to five"
    )
    matrix_zones: UserPolygons | None = Field(None, description="polygons with the column zone, for a matrix by zone")
    error_polygons: UserPolygons | None = Field(
        None, description="GeoJSON of false positives and negatives, as Trends.Earth's"
    )
    abandonment_confirmed: UserPolygons | None = Field(
        None, description="polygons where greening of abandoned cropland is confirmed to be recovery"
    )
    degraded_register: UserPolygons | None = Field(
        None, description="polygons of the country's own register of degraded land: restoration may go there"
    )
    reference_plots: Written | None = Field(
        None, description="CSV: longitude, latitude, year, seen: what the land is on plots that somebody looked at"
    )
    trends_earth: Written | None = Field(
        None,
        description="folder of a Trends.Earth job: its report of land condition (JSON), and its rasters where they are at "
        "hand; the land is held against it",
    )
    city_people: Written | None = Field(
        None, description="CSV: region_id, year, population: people of two years, for SDG 11.3.1"
    )
    value_chain: Written | None = Field(
        None,
        description="CSV: chain, stage, parameter, low, mid, high: chains of your own, each in place of one that ships",
    )
    rights: Written | None = Field(
        None,
        description="CSV: region_id, what, value, source: secure rights, corridors, protected land, conflict; or polygons with what",
    )
    registry: Written | None = Field(
        None,
        description="a folder of spreadsheets, a workbook or a registry file of projects, money and results (homeground "
        "accelerator template): what was promised, paid and achieved stands beside the plan",
    )
    screening: Written | None = Field(
        None,
        description="CSV: question, answer: the screening for harm to people and nature, which proposes a category",
    )
    access: Written | None = Field(
        None,
        description="CSV: region_id, low, mid, high, source: chance from 0 to 1 that land can be reached; or polygons of barred land",
    )


class Land(Section):
    """How the land is judged. Left out: the rules of the reporting manual of 2026."""

    profile: Literal["prais4-2026", "gpg2", "gpg1", "trends.earth-2.3"] = Field(
        "prais4-2026", description="whose rules of land productivity"
    )
    trend_of: Literal["index", "rain-residual", "rain-use", "water-use"] = Field(
        "index", description="what the trend is of: the index, RESTREND, rain-use or water-use efficiency"
    )
    growing_season: Crop | tuple[Month, Month] | None = Field(
        None,
        description="months whose mean is the yearly vegetation index: first and last, such as [6, 10], or a rain-fed crop "
        "whose calendar says them at each place; left out: all months of the year",
    )
    autocorrelation: Literal["none", "hamed-rao", "pre-whiten"] = Field(
        "none", description="what is done about years that resemble their neighbours"
    )
    false_discovery: bool = Field(
        False, description="limit the false findings of the map instead of each cell's chance"
    )
    carbon_factors: Literal["trends_earth", "ipcc2006", "ipcc2019"] = Field(
        "trends_earth", description="factors of soil carbon, never mixed"
    )
    cropland_factor: Annotated[float, Field(gt=0)] | None = Field(
        None, description="your country's own factor of cropland instead of that of the climate zone"
    )
    carbon_threshold: Annotated[float, Field(gt=0)] = Field(10.0, description="change of soil carbon that counts, %")
    abandonment_years: Annotated[int, Field(ge=1)] = Field(
        4, description="years out of use that make cropland abandoned (expert default, unverified)"
    )
    hotspot_km2: Annotated[float, Field(gt=0)] = Field(
        100.0, description="smallest hotspot or brightspot, km2 (expert default, unverified)"
    )
    reporting: list[tuple[Year, Year]] = Field(
        default_factory=list,
        description="years that productivity is read from in each reporting year, such as [[2001, 2015], [2004, 2019], "
        "[2008, 2023]], each a column of the forms; they may overlap. One that ends with the baseline or with the period is "
        "theirs; left out: the baseline, and the 16 years to the period's end",
    )
    grid: Annotated[float, Field(gt=0, le=2)] | None = Field(
        None, description="step of the grid in degrees; left out: the grid of the vegetation index"
    )
    sensitivity: bool = Field(True, description="work out the share of degraded land under other choices of method")
    noise_draws: Annotated[int, Field(ge=0, le=9999)] = Field(
        199, description="draws of series without any change that the shares are printed beside; 0: none"
    )
    drought_window: Annotated[int, Field(ge=1, le=48)] = Field(12, description="months summed for the drought index")
    drought_month: Annotated[int, Field(ge=1, le=12)] = Field(
        12, description="month whose index stands for the year; 12 with a window of 12 is what SO3-1 asks for"
    )
    drought_calibration: tuple[Year, Year] | None = Field(
        None, description="years that say what is usual, such as [1981, 2010]; left out: all"
    )
    drought_min_years: Annotated[int, Field(ge=10)] = Field(
        30, description="years that the calibration needs; fewer than 30 make the tails a guess"
    )
    drought_zeros: Literal["classic", "center_of_mass", "mean_zero"] = Field(
        "classic", description="where months without rain lie on the scale of the index"
    )

    @field_validator("reporting")
    @classmethod
    def _windows_in_order(cls, value: list[tuple[int, int]]) -> list[tuple[int, int]]:
        for first, last in map(in_order, value):
            if last - first + 1 < LEAST_WINDOW:
                raise ValueError(f"[{first}, {last}] has fewer than {LEAST_WINDOW} years, which trend and state need.")
        ends = [last for _, last in value]
        if ends != sorted(set(ends)):
            raise ValueError(
                f"ends in {', '.join(map(str, ends))}; a later year was expected of each than of the one before."
            )
        return value

    @field_validator("drought_calibration")
    @classmethod
    def _yearsin_order(cls, value: tuple[int, int] | None) -> tuple[int, int] | None:
        return None if value is None else in_order(value)


class Finance(Section):
    """Discounting and the money beside the plan."""

    discount_rate: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.06, description="a year, as a fraction; worth is shown at 3, 6, 10 and 12 % as well"
    )
    horizon: Annotated[int, Field(ge=1, le=100)] = Field(
        20, description="years from the first spending on over which costs and benefits count"
    )


class Brief(Section):
    """What the brief asks and in which languages it answers."""

    languages: list[str] = Field(
        default_factory=lambda: ["en", "fr", "zh"], description="languages of the briefs that a run writes"
    )

    @field_validator("languages")
    @classmethod
    def _languages_known(cls, value: list[str]) -> list[str]:
        known = sorted(LANGUAGES)
        unknown = [language for language in value if language not in known]
        if unknown:
            raise ValueError(f"no brief in {', '.join(unknown)}; there is: {', '.join(known)}.")
        return value
