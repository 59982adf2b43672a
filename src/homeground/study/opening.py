# SPDX-License-Identifier: Apache-2.0
"""What one ``study.toml`` may say. TOML declares, CSV files beside it carry tables; unknown keys are refused."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from re import split
from typing import Any, Literal

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator

from homeground.errors import Problems, StudyError
from homeground.study.faults import message, read_toml, suggest, table_problems
from homeground.study.sections import Brief, Data, Finance, Iso3, Land, LayerFile, Plan, Section, Year, in_order

SHIPPED = Path(__file__).parent / "shipped"
LEGENDS = ("igbp", "esa-cci", "unccd")  # of land cover, by name
NO_P = ("gpg2", "trends.earth-2.3")  # profiles whose test of the trend has no p of its own
DOOR = "great-green-wall"  # the shipped study that new ones start from


class Study(Section):
    """One question about land, people, measures and money in some countries.

    Examples
    --------
    >>> study = open_study("great-green-wall")
    >>> study.id, len(study.countries)
    ('great-green-wall', 11)
    """

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
    brief: Brief = Field(default_factory=Brief)
    scenario: list[dict[str, Any]] = Field(default_factory=list, description="overrides; each has a name")

    _file: Path = PrivateAttr(default=Path("study.toml"))
    _scenario_name: str = PrivateAttr(default="base")

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

    def input(self, name: str) -> Path | None:
        """Path of one input of ``[data]``; None where the embedded atlas is used."""
        value = getattr(self.data, name)
        return None if value is None else (self.folder / value).resolve()

    def layer(self, name: str) -> LayerFile | None:
        """What ``[data]`` says of one map or series; None where it is not given."""
        found: LayerFile | None = getattr(self.data, name)
        return found

    def layer_files(self, name: str) -> list[Path]:
        """Files of one map or series in the order of their names; empty where it is not given."""
        layer = self.layer(name)
        return [] if layer is None else matching(self.folder, layer.path)


def _lacking(study: Study) -> Iterator[str]:
    """What the inputs of the land need beside them."""
    data, land = study.data, study.land
    if study.period[1] <= study.baseline[1]:
        yield f"period ends in {study.period[1]}, the baseline in {study.baseline[1]}: let the period end after it."
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
    """Files (or Zarr folders) that a path or pattern names, 2 before 10; relative ones start in ``folder``."""
    whole = folder / path
    if whole.exists() or not any(mark in path for mark in "*?["):
        return [whole.resolve()] if whole.exists() else []
    start = Path(whole.anchor)
    found = (file.resolve() for file in start.glob(str(whole.relative_to(start))))
    return sorted(found, key=lambda file: ([int(p) if p.isdecimal() else p for p in split(r"(\d+)", str(file))], file))


# Columns that a table beside the study must have; people edit these in a spreadsheet.
TABLE_COLUMNS: dict[str, tuple[str, ...]] = {
    "goals": ("indicator", "value", "unit", "year", "source"),
    "population": ("region_id", "population", "year", "source"),
    "options": ("measure", "parameter", "low", "mid", "high", "unit", "source", "licence"),
    "matrix": ("initial", "final", "change"),
    "city_people": ("region_id", "year", "population"),
}


def shipped_studies() -> dict[str, Path]:
    """The studies that come with homeground: id and folder."""
    return {p.parent.name: p.parent for p in sorted(SHIPPED.glob("*/study.toml"))}


def find_study(study: str | Path) -> Path:
    """The study file for an id, a folder or a file.

    Raises
    ------
    StudyError
        There is none; the shipped ids are listed.
    """
    path = Path(study)
    if path.suffix == ".toml" and path.is_file():
        return path.resolve()
    if (path / "study.toml").is_file():
        return (path / "study.toml").resolve()
    known = shipped_studies()
    if str(study) in known:
        return known[str(study)] / "study.toml"
    if path.is_dir():
        raise StudyError(
            f"the folder {study} holds no study.toml. Write one, or copy one: homeground new {DOOR} {study}"
        )
    if path.suffix == ".toml":
        raise StudyError(f"there is no file {study}. Make a study with: homeground new {DOOR} {path.parent}")
    near = suggest(str(study), list(known)) if get_close_matches(str(study), known) else ""
    raise StudyError(
        f'no study "{study}": it is neither a folder with study.toml, nor a study file, nor a shipped study '
        f"({', '.join(known)}).{near or f' Make one with: homeground new {DOOR} {study}'}"
    )


def open_study(study: str | Path, scenario: str | None = None) -> Study:
    """Read and check one study; all problems of the file are told at once.

    Parameters
    ----------
    study : str or Path
        Id of a shipped study, a folder, or a ``study.toml``.
    scenario : str, optional
        A scenario that the file declares; its overrides are merged and checked again.

    Raises
    ------
    StudyError
        The file is missing, is not TOML, or says something it may not.
    """
    path = find_study(study)
    content = read_toml(path)
    parsed = _parse(content, path, scenario=None)
    if scenario not in (None, "base"):
        overrides = next((s for s in parsed.scenario if s["name"] == scenario), None)
        if overrides is None:
            known = ", ".join(parsed.scenario_names) or "none"
            raise StudyError(f'{path.name} has no scenario "{scenario}"; it declares: {known}.')
        parsed = _parse(_merge(content, {k: v for k, v in overrides.items() if k != "name"}), path, scenario=scenario)
    return parsed


def _parse(content: dict[str, Any], path: Path, *, scenario: str | None) -> Study:
    where = path.name if scenario is None else f"{path.name}, scenario {scenario}"
    problems = Problems(where)
    study: Study | None = None
    try:
        study = Study.model_validate(content)
    except ValidationError as error:
        problems.extend(message(e, Study) for e in error.errors())
    else:
        study._file = path
        study._scenario_name = scenario or "base"
        problems.extend(_input_problems(study))
    problems.raise_if_any(StudyError)
    if study is None:
        raise AssertionError("a study without problems was parsed")
    if scenario is None:
        for s in study.scenario:  # a wrong scenario is found before hours of running, not after
            _parse(
                _merge(content, {k: v for k, v in s.items() if k != "name"}) | {"scenario": []},
                path,
                scenario=s["name"],
            )
    return study


def _input_problems(study: Study) -> Iterator[str]:
    for name in Data.model_fields:
        value = getattr(study.data, name)
        if name == "cover_legend" or value is None:
            continue
        if isinstance(value, LayerFile):
            if not study.layer_files(name):
                yield f'data.{name}: nothing is called "{value.path}" beside the study file. Put it there or mend the path.'
            if value.legend is not None and value.legend not in LEGENDS and not (study.folder / value.legend).is_file():
                yield (
                    f'data.{name}: its legend "{value.legend}" is none of {", ".join(LEGENDS)} and no file beside the '
                    "study file. Put it there or mend the name."
                )
            continue
        path = study.folder / value
        if not path.is_file():
            yield f'data.{name}: no file "{value}" beside the study file. Put it there or mend the path.'
        elif name in TABLE_COLUMNS:
            yield from table_problems(path, TABLE_COLUMNS[name], f"data.{name}")


def read_table(study: Study, name: str) -> list[dict[str, str]]:
    """Rows of a CSV table beside the study as text; empty when the study has none."""
    path = study.input(name)
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _merge(content: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    merged = dict(content)
    for key, value in overrides.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def schema() -> dict[str, Any]:
    """The JSON schema of a study file, for editors."""
    return Study.model_json_schema()
