# SPDX-License-Identifier: Apache-2.0
"""What one ``study.toml`` may say as a whole. TOML declares, CSV files beside it carry tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from re import split
from typing import Any, Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from homeground.language.figures import span
from homeground.language.messages import phrase
from homeground.study.plan_section import Plan
from homeground.study.sections import (
    Brief,
    Data,
    Finance,
    Iso3,
    Land,
    LayerFile,
    PolygonFile,
    Section,
    Year,
    in_order,
)
from homeground.study.shown import Rows, as_html, as_text
from homeground.study.work_section import WorkSection

# Form of a study file. Raised only when a file that was valid needs a change, which is then told by name.
SCHEMA_VERSION = 1
WINDOW_YEARS = 16  # of productivity, up to a reporting year (UNCCD PRAIS 4 reporting manual 2026, SO1, step 5)
LEGENDS = ("igbp", "esa-cci", "unccd")  # of land cover, by name
LONGEST_NAME = 100  # bytes of a folder's name; with the files in it paths stay below what systems allow
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
NO_P = ("gpg2", "trends.earth-2.3")  # profiles whose test of the trend has no p of its own
# What stands for a map of one epoch where a study gives the series alone: mean months, the newest map.
SERIES_OF = {"rain": "rain_series", "temperature": "temperature_series", "cover": "cover_series"}


class Study(Section):
    """One question about land, people, measures and money in some countries.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> study = open_study("great-green-wall")
    >>> study.id, len(study.countries)
    ('great-green-wall', 11)
    """

    schema_version: int = Field(
        1, description="form of this file; homeground tells what to change when it needs another"
    )
    title: str = Field(description="name of the study, as it stands on the page")
    question: str = Field("", description="what this study asks, one sentence; stands on page one")
    cannot_say: list[str] = Field(default_factory=list, description="what its results cannot say; stands on page one")
    countries: list[Iso3] = Field(min_length=1, description="three-letter codes (ISO 3166-1); Kosovo is XKX")
    regions: Literal["admin1", "custom"] = Field(
        "admin1", description="first-order units of the embedded atlas, or the polygons of data.regions"
    )
    baseline: tuple[Year, Year] = Field((2000, 2015), description="years that a change of land is measured from")
    period: tuple[Year, Year] = Field((2016, 2023), description="years that a change of land is measured in")
    data: Data = Field(default_factory=Data)
    land: Land = Field(default_factory=Land)
    plan: Plan = Field(default_factory=Plan)
    finance: Finance = Field(default_factory=Finance)
    work: WorkSection = Field(default_factory=WorkSection)
    brief: Brief = Field(default_factory=Brief)
    scenario: list[dict[str, Any]] = Field(default_factory=list, description="overrides; each has a name")

    _file: Path = PrivateAttr(default=Path("study.toml"))
    _scenario_name: str = PrivateAttr(default="base")
    _asked_language: str = PrivateAttr(default="")

    @property
    def file(self) -> Path:
        """The study file."""
        return self._file

    @property
    def folder(self) -> Path:
        """Where the study file lies; relative paths of its inputs start here."""
        return self._file.parent

    @property
    def id(self) -> str:
        """Name of the study's folder; results are filed under it."""
        return self.folder.name

    @property
    def scenario_name(self) -> str:
        """The scenario merged into this study; ``base`` if none."""
        return self._scenario_name

    @property
    def scenario_names(self) -> list[str]:
        """Names of the scenarios the file declares."""
        return [str(s["name"]) for s in self.scenario]

    @property
    def reports(self) -> tuple[int, ...]:
        """Last years of the reporting years beside the baseline and the period, as ``[land].reporting`` names them."""
        known = (self.baseline[1], self.period[1])
        return tuple(last for _, last in self.land.reporting if last not in known)

    @property
    def windows(self) -> dict[int, tuple[int, int]]:
        """Years that productivity is read from, by the last year of the baseline, the period and each further report."""
        last = (self.period[1], *self.reports)
        spans = {self.baseline[1]: self.baseline} | {year: (year - WINDOW_YEARS + 1, year) for year in last}
        return spans | {end: (first, end) for first, end in self.land.reporting}

    @property
    def language(self) -> str:
        """The language of page, findings and workbook: the first of ``[brief].languages``."""
        return self.brief.languages[0] if self.brief.languages else "en"

    @property
    def asked_language(self) -> str:
        """The language put first by `in_language`; empty if the study file alone says which."""
        return self._asked_language

    @field_validator("schema_version")
    @classmethod
    def _version_known(cls, value: int) -> int:
        if value > SCHEMA_VERSION:
            raise ValueError(
                f"this file is of form {value}, this homeground knows {SCHEMA_VERSION}. Update homeground, or take the file "
                "that it was made from."
            )
        if value < 1:
            raise ValueError(f"found {value}; 1 was expected. Leave it out.")
        return value

    @field_validator("baseline", "period")
    @classmethod
    def _years_in_order(cls, value: tuple[int, int]) -> tuple[int, int]:
        return in_order(value)

    @field_validator("countries")
    @classmethod
    def _countries_once(cls, value: list[str]) -> list[str]:
        doubled = sorted({c for c in value if value.count(c) > 1})
        if doubled:
            raise ValueError(f"named twice: {', '.join(doubled)}. Name each country once.")
        return value

    @field_validator("scenario")
    @classmethod
    def _scenarios_named(cls, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [s.get("name") for s in value]
        if any(not isinstance(n, str) or not n for n in names):
            raise ValueError('each [[scenario]] needs a name, such as name = "double-budget"')
        if len(set(names)) < len(names) or "base" in names:
            raise ValueError(f'scenario names must be unique and not "base", found {names}')
        for name in names:  # results are filed under it
            if fault := unfit_name(str(name)):
                raise ValueError(f'scenario name "{name}" {fault}; write one such as "double-budget"')
        return value

    @model_validator(mode="after")
    def _rules_fit(self) -> Study:
        floors = self.plan.rules.country_floor * len(self.countries)
        if floors > 1 + 1e-9:
            raise ValueError(
                f"plan.rules.country_floor: {len(self.countries)} countries times {self.plan.rules.country_floor} "
                f"is {floors:.2f} of the budget, more than all of it. "
                f"Set it to {1 / len(self.countries):.3f} or less."
            )
        if (self.regions == "custom") != (self.data.regions is not None):
            raise ValueError(
                'regions = "custom" and [data].regions (a polygon file) belong together; give both or neither'
            )
        return self

    @model_validator(mode="after")
    def _land_inputs_fit(self) -> Study:
        if lacking := list(_lacking(self)):
            raise ValueError(" ".join(lacking))
        return self

    def _rows(self) -> Rows:
        code, own = self.language, sorted(self.data.model_fields_set)
        years = "; ".join(span(*pair) for pair in (self.baseline, self.period))
        plan = "" if self.plan.budget is None else self.plan.budget.amount
        return [
            (phrase("terminal.shown.question", code), self.question),
            (phrase("terminal.shown.countries", code), ", ".join(self.countries)),
            (phrase("terminal.shown.years", code), years),
            (phrase("terminal.shown.inputs", code), ", ".join(own) or phrase("terminal.shown.embedded", code)),
            (phrase("terminal.shown.budget", code), plan),
            (phrase("terminal.shown.scenarios", code), ", ".join(self.scenario_names)),
            (phrase("terminal.shown.file", code), str(self.file)),
        ]

    def __repr__(self) -> str:
        """As a small table."""
        return as_text(f"{self.title} ({self.scenario_name})", self._rows())

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return as_html(f"{self.title} ({self.scenario_name})", self._rows())

    def input(self, name: str) -> Path | None:
        """Path of one input of ``[data]``; None where the embedded atlas is used."""
        value = getattr(self.data, name)
        value = value.path if isinstance(value, PolygonFile) else value
        return None if value is None else (self.folder / value).resolve()

    def layer(self, name: str) -> LayerFile | None:
        """What ``[data]`` says of one map or series; None where it is not given."""
        found: LayerFile | None = getattr(self.data, name)
        return found

    def series_instead(self, name: str) -> str | None:
        """The series of the study that stands for a map of one epoch: given where the map itself is not."""
        series = SERIES_OF.get(name)
        return series if series and self.input(name) is None and self.layer(series) is not None else None

    @property
    def not_reportable(self) -> tuple[str, ...]:
        """Keys of ``[data]`` whose layers the study calls too coarse for SDG 15.3.1."""
        given = ((name, getattr(self.data, name)) for name in type(self.data).model_fields)
        return tuple(name for name, value in given if isinstance(value, LayerFile) and not value.reportable)

    def layer_files(self, name: str) -> list[Path]:
        """Files of one map or series in the order of their names; empty where it is not given."""
        layer = self.layer(name)
        return [] if layer is None else matching(self.folder, layer.path)


def unfit_name(name: str) -> str:
    """Why a name cannot be that of a folder on every system; empty where it can.

    Parameters
    ----------
    name : str
        Of a scenario, or of the folder of a study: results are filed under it.

    Returns
    -------
    str

    Examples
    --------
    >>> unfit_name("double-budget"), unfit_name("../base"), unfit_name("nul")
    ('', "holds '/', which no folder may be called", 'is a name that Windows keeps for itself')
    """
    if strange := sorted({c for c in name if c in '/\\:*?"<>|' or not c.isprintable()}):
        return f"holds {', '.join(repr(c) for c in strange)}, which no folder may be called"
    if name != name.strip(" .") or len(name.encode()) > LONGEST_NAME:
        return f"begins or ends with a dot or space, or is longer than {LONGEST_NAME} bytes"
    return "is a name that Windows keeps for itself" if split(r"\.", name.upper())[0] in RESERVED else ""


def _lacking(study: Study) -> Iterator[str]:
    """What the inputs of the land need beside them."""
    data, land = study.data, study.land
    if study.period[1] <= study.baseline[1]:
        yield f"period ends in {study.period[1]}, the baseline in {study.baseline[1]}: let the period end after it."
    if early := [last for _, last in land.reporting if last < study.baseline[1]]:
        yield f"land.reporting ends in {early[0]}, the baseline in {study.baseline[1]}: let none end before it."
    if study.reports and data.productivity_period is not None:
        yield (
            f"land.reporting names {', '.join(map(str, study.reports))}, and data.productivity_* hold the classes of baseline "
            "and period alone. Leave the other reporting years out, or give data.ndvi instead."
        )
    if data.cover_series is not None and data.cover_series.legend is None:
        yield 'data.cover_series: say its legend, such as { path = "...", legend = "esa-cci" }.'
    needs = {"rain-residual": "rain_series", "rain-use": "rain_series", "water-use": "et_series"}
    beside = needs.get(land.trend_of)
    if beside is not None and getattr(data, beside) is None:
        yield f'land.trend_of = "{land.trend_of}" needs data.{beside}.'
    if land.false_discovery and land.autocorrelation != "none":
        yield "land.false_discovery and land.autocorrelation are not worked out together; give one of them."
    if (land.false_discovery or land.autocorrelation != "none") and land.profile in NO_P:
        yield (
            f'land.profile = "{land.profile}" judges the trend by no p, which land.false_discovery and '
            "land.autocorrelation change. Leave them out, or take another profile."
        )
    if land.profile == "trends.earth-2.3" and land.trend_of in ("rain-use", "water-use"):
        yield (
            f'land.profile = "{land.profile}" has a least slope in units of the index, land.trend_of = "{land.trend_of}" '
            "no such units. Take another profile."
        )
    if (data.tmin_series is None) != (data.tmax_series is None):
        yield "data.tmin_series and data.tmax_series belong together; give both or neither."
    if (data.productivity_baseline is None) != (data.productivity_period is None):
        yield "data.productivity_baseline and data.productivity_period belong together; give both or neither."
    if data.matrix_zones is not None and data.matrix is None:
        yield "data.matrix_zones needs data.matrix with the column zone."


def matching(folder: Path, path: str) -> list[Path]:
    """Files (or Zarr folders) that a path or pattern names, 2 before 10.

    Parameters
    ----------
    folder : Path
        Where relative paths start.
    path : str
        A path, or a pattern with ``*``, ``?`` or ``[``. A file that is really called so is taken before the pattern.

    Returns
    -------
    list of Path
        Absolute paths, numbers in names in the order of their value; empty where nothing is called so.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for band in (10, 2):
    ...         Path(folder, f"ndvi{band}.tif").touch()
    ...     [file.name for file in matching(Path(folder), "ndvi*.tif")]
    ['ndvi2.tif', 'ndvi10.tif']
    """
    whole = folder / path
    if whole.exists() or not any(mark in path for mark in "*?["):
        return [whole.resolve()] if whole.exists() else []
    # Only the study's own pattern is one: marks in the name of its folder are letters.
    start, pattern = (
        (Path(whole.anchor), str(whole.relative_to(whole.anchor))) if Path(path).is_absolute() else (folder, path)
    )
    found = (file.resolve() for file in start.glob(pattern))
    return sorted(found, key=lambda file: ([int(p) if p.isdecimal() else p for p in split(r"(\d+)", str(file))], file))
