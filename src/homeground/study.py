# SPDX-License-Identifier: Apache-2.0
"""What one ``study.toml`` may say. TOML declares, CSV files beside it carry tables; unknown keys are refused."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from homeground.errors import Problems, StudyError
from homeground.money import parse_amount
from homeground.study_faults import message, read_toml, suggest, table_problems

SHIPPED = Path(__file__).parent / "studies"
DOOR = "great-green-wall"  # the shipped study that new ones start from
LOCALE = Path(__file__).parent / "brief" / "locale"

Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 3166-1 alpha-3 code; Kosovo is XKX")]
Share = Annotated[float, Field(ge=0, le=1)]
Year = Annotated[int, Field(ge=1900, le=2150)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)


class Data(_Section):
    """Inputs. Left out: the embedded atlas. A path (beside the study file) or a catalogue id wins."""

    regions: str | None = Field(None, description="polygons: GeoPackage, GeoJSON or GeoParquet with a unique region_id")
    rain: str | None = Field(None, description="twelve monthly normals of rain, mm/month (GeoTIFF with 12 bands)")
    temperature: str | None = Field(None, description="twelve monthly normals of temperature, degC")
    cover: str | None = Field(None, description="land cover map, one band")
    cover_legend: Literal["igbp", "esa-cci", "unccd"] = Field("igbp", description="legend of the cover map")
    vegetation_max: str | None = Field(None, description="highest yearly NDVI of the pixel, one band")
    goals: str | None = Field(None, description="CSV: indicator, value, unit, year, source: what was promised")
    population: str | None = Field(
        None, description="CSV: region_id, population, year, source: replaces the modelled surface"
    )
    options: str | None = Field(None, description="CSV: replaces or adds rows of the measures table")


class Budget(_Section):
    """Money for measures: amount with currency, price year, and whether it is per year or the total."""

    amount: str = Field(description='number and currency, such as "4.3e9 USD"')
    price_year: Year | Literal["as published"] = Field(description="year of the prices")
    per: Literal["year", "total"] = Field("year", description="whether amount is for each year or for all years")
    years: tuple[Year, Year] = Field(description="first and last year of spending")
    source: str | None = Field(None, description="who named this budget; empty: illustrative")

    @field_validator("amount")
    @classmethod
    def _amount_has_currency(cls, value: str) -> str:
        if "," in value:
            raise ValueError(f'found "{value}"; write it without commas: "{value.replace(",", "")}".')
        if value.strip().startswith("-"):
            raise ValueError(f'found "{value}"; a budget is money to spend: write it without a minus.')
        parse_amount(value)
        return value

    @field_validator("years")
    @classmethod
    def _years_in_order(cls, value: tuple[int, int]) -> tuple[int, int]:
        return _in_order(value)


class Rules(_Section):
    """Shares a plan must keep. A rule without a source is printed as illustrative."""

    women: Share = Field(0.0, description="least share of person-days for women")
    youth: Share = Field(0.0, description="least share of person-days for youth")
    country_floor: Share = Field(0.0, description="least share of the budget for each country")
    country_floor_up_to_capacity: bool = Field(
        False, description="lower a country's floor to what its suitable land can take, and say so"
    )
    source: str | None = Field(None, description="who set these rules; empty: illustrative, not policy")


class Plan(_Section):
    """Which measures, under which budget and rules."""

    budget: Budget | None = None
    rules: Rules = Field(default_factory=Rules)
    measures: list[str] | None = Field(None, description="only these measures; left out: all of the options table")
    pace: Literal["even", "free"] = Field(
        "even", description="even: each measure of a country starts the same area every year; free: whatever gains most"
    )
    land_ceiling: Annotated[float, Field(gt=0, le=1)] = Field(
        0.25, description="share of a unit's land that all measures together may take (expert default, unverified)"
    )
    trees_on_open_land: bool = Field(
        False, description="allow tree planting on natural grassland, savanna and steppe (off by default)"
    )


class Finance(_Section):
    """Discounting and the money beside the plan."""

    discount_rate: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.06, description="a year, as a fraction; worth is shown at 3, 6, 10 and 12 % as well"
    )
    horizon: Annotated[int, Field(ge=1, le=100)] = Field(
        20, description="years from the first spending on over which costs and benefits count"
    )


class Brief(_Section):
    """What the brief asks and in which languages it answers."""

    languages: list[str] = Field(
        default_factory=lambda: ["en", "fr", "zh"], description="languages of the briefs that a run writes"
    )

    @field_validator("languages")
    @classmethod
    def _languages_known(cls, value: list[str]) -> list[str]:
        known = ["en", *sorted(p.stem for p in LOCALE.glob("*.po"))]
        unknown = [language for language in value if language not in known]
        if unknown:
            raise ValueError(f"no brief in {', '.join(unknown)}; there is: {', '.join(known)}.")
        return value


class Study(_Section):
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
    plan: Plan = Field(default_factory=Plan)
    finance: Finance = Field(default_factory=Finance)
    brief: Brief = Field(default_factory=Brief)
    scenario: list[dict[str, Any]] = Field(default_factory=list, description="overrides; each has a name")

    _folder: Path = PrivateAttr(default=Path())
    _scenario_name: str = PrivateAttr(default="base")

    @property
    def folder(self) -> Path:
        """Where the study file lies; relative paths of its inputs start here."""
        return self._folder

    @property
    def id(self) -> str:
        """Name of the study's folder; results are filed under it."""
        return self._folder.name

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
        return _in_order(value)

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

    def input(self, name: str) -> Path | None:
        """Path of one input of ``[data]``; None where the embedded atlas is used."""
        value = getattr(self.data, name)
        return None if value is None else (self.folder / value).resolve()


def _in_order(years: tuple[int, int]) -> tuple[int, int]:
    if years[0] > years[1]:
        raise ValueError(f"ends before it starts: {list(years)}. Write [{years[1]}, {years[0]}].")
    return years


# Columns that a table beside the study must have; people edit these in a spreadsheet.
TABLE_COLUMNS: dict[str, tuple[str, ...]] = {
    "goals": ("indicator", "value", "unit", "year", "source"),
    "population": ("region_id", "population", "year", "source"),
    "options": ("measure", "parameter", "low", "mid", "high", "unit", "source", "licence"),
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
        study._folder = path.parent
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
