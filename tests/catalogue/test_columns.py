# SPDX-License-Identifier: Apache-2.0
"""Published columns: those that need a series may be absent and are told once; means of land are weighted by land."""

from __future__ import annotations

import csv
import importlib
import inspect
import json

import pandas as pd
import pytest

import homeground
from homeground.catalogue.columns import PARTS, absences, assessed_land, columns, country_totals, present
from homeground.errors import DataError

OPTIONAL = [c for c in columns("land") if c.needs]


def regions(**more: list[float]) -> pd.DataFrame:
    # Two regions of 100 and 300 km2 in one country; the embedded map sees water on a fifth of the second.
    return pd.DataFrame(
        {
            "region_id": ["a", "b"],
            "iso3": ["GMB", "GMB"],
            "area_km2": [100.0, 300.0],
            "land_share_water": [0.0, 20.0],
            **more,
        }
    )


def degraded(low: bool = True) -> pd.DataFrame:
    ends = {"land_degraded_low": [10.0, 0.0], "land_degraded_high": [60.0, 20.0]} if low else {}
    return regions(land_degraded=[50.0, 10.0], **ends)


def chosen(*names: str):
    return tuple(c for c in columns("land") if c.column in names)


def test_a_column_that_needs_a_series_is_told_once_with_its_kin_and_never_asked_for():
    always = [c.column for c in columns("land") if not c.needs]
    assert {c.column for c in present(columns("land"), always)} == set(always)
    told = absences(columns("land"), [*always, "land_drought", "land_drought_worst"])
    titles = [c.title for c in OPTIONAL if "drought" not in c.column]
    assert sum(sentence.count(title) for sentence in told for title in titles) >= len(titles)
    assert [s for s in told if "rain_series" in s] == []
    assert len(told) == 3  # all layers; the index alone; all layers and draws without signal
    assert all("[data].ndvi" in sentence for sentence in told)


def test_a_column_that_every_run_writes_may_not_be_lost():
    with pytest.raises(DataError, match=r"land_rain_mm.*Run the study again"):
        present(columns("land"), ["region_id"])


def test_degraded_land_of_a_country_is_weighted_by_land():
    # Land 100 and 300 x 0.8 = 240 km2: (50 x 100 + 10 x 240) / 340 = 21.76.
    found = country_totals(degraded(), chosen("land_degraded"))
    assert found["land_degraded"].iloc[0] == pytest.approx(7400 / 340)
    assert found["land_degraded_low"].iloc[0] == pytest.approx(1000 / 340)


def test_quantiles_of_regions_make_none_of_a_country():
    """What a country's series give without change is drawn for the country: it stood beside the means of its regions."""
    table = degraded().assign(**{f"land_degraded_noise{end}": [10.0, 50.0] for end in ("", "_low", "_high")})
    found = country_totals(table, [*chosen("land_degraded"), *chosen("land_degraded_noise")])
    assert not [name for name in found if "noise" in name]


def test_the_study_s_own_land_wins_and_so_does_the_range_of_one_country(tmp_path):
    rows = [("a", "period", 0, 90.0), ("a", "period", 1, 10.0), ("b", "period", 0, 210.0), ("b", "baseline", 0, 210.0)]
    table = pd.DataFrame(rows, columns=["region_id", "period", "water", "area_km2"]).assign(iso3="GMB")
    table.to_parquet(tmp_path / "degradation.parquet")
    facts = {"degraded_share": 22.0, "degraded_low": 4.0, "degraded_high": 31.0}
    (tmp_path / "degradation.json").write_text(json.dumps(facts))
    found = country_totals(degraded(), chosen("land_degraded"), assessed=assessed_land(tmp_path))
    # (50 x 90 + 10 x 210) / 300 = 22; regions need not err together, so the study's own range is narrower.
    values = found[["land_degraded", "land_degraded_low", "land_degraded_high"]].iloc[0].tolist()
    assert values == pytest.approx([22.0, 4.0, 31.0])


def test_a_study_that_turned_the_range_off_has_a_number_without_ends():
    found = country_totals(degraded(low=False), chosen("land_degraded"))
    assert list(found.columns) == ["iso3", "area_km2", "land_degraded"]


def test_nothing_assessed_is_none(tmp_path):
    assert assessed_land(tmp_path) is None


def test_every_part_describes_its_columns_with_the_same_fields():
    for path in PARTS.glob("*/columns.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            names = csv.DictReader(file).fieldnames or []
        assert names[-1] in ("interval", "needs"), path
        assert all(c.column.startswith(f"{path.parent.name}_") for c in columns(path.parent.name))


def called(name: str) -> object:
    """What a user gets who writes ``homeground.`` and the name."""
    found: object = homeground
    for i, part in enumerate(parts := name.split(".")):
        if not hasattr(found, part):
            importlib.import_module(".".join(["homeground", *parts[: i + 1]]))
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("part", ["land", "people", "evidence", "measures", "finance", "risk"])
def test_every_column_names_the_function_that_a_user_calls(part):
    face = set(importlib.import_module(f"homeground.{part}").__all__)
    for column in columns(part):
        function = called(column.function)
        assert inspect.isfunction(function), column.function
        owner, _, name = column.function.rpartition(".")
        assert owner == part or name not in face, f"{column.column}: call it {part}.{name}"
