# SPDX-License-Identifier: Apache-2.0
"""Fixtures that many tests share. Tests that need the shared data skip, with the reason, where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# On a shared machine the same examples every time; by hand, new ones each time, so that faults are still found.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("hand", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "hand")

# Every table that a step writes in a test is held against its declaration (running/tables).
os.environ["HOMEGROUND_CHECK_TABLES"] = "1"

SHARED = Path(os.environ.get("HOMEGROUND_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real test data that lies beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the shared test data are not beside the checkout (set HOMEGROUND_SHARED_DATA)")
    return SHARED


# A made assessment: two regions of one country with 9,000 km2 of land and 1,500 of inland water, all by hand.
# region, period, productivity, initial, final, cover change, carbon change, verdict, water, km2
AREAS = (
    ("GM-A", "baseline", 4, 2, 2, 0, 0, 0, 0, 3000.0),
    ("GM-A", "baseline", 5, 2, 3, 1, 0, 1, 0, 1000.0),
    ("GM-A", "baseline", 1, 1, 3, -1, 0, -1, 0, 1000.0),
    ("GM-A", "baseline", -128, 7, 7, 0, -128, -128, 1, 1000.0),
    ("GM-B", "baseline", 3, 3, 3, 0, 0, 0, 0, 3000.0),
    ("GM-B", "baseline", -128, 3, 3, 0, -128, -128, 0, 1000.0),
    ("GM-B", "baseline", -128, 7, 7, 0, -128, -128, 1, 500.0),
    ("GM-A", "period", 4, 2, 2, 0, 0, 0, 0, 2000.0),
    ("GM-A", "period", 1, 2, 5, -1, -1, -1, 0, 1000.0),
    ("GM-A", "period", 5, 3, 3, 0, 0, 0, 0, 1000.0),
    ("GM-A", "period", 2, 3, 3, 0, -1, -1, 0, 1000.0),
    ("GM-A", "period", -128, 7, 7, 0, -128, -128, 1, 1000.0),
    ("GM-B", "period", 5, 3, 3, 0, 1, 1, 0, 3000.0),
    ("GM-B", "period", -128, 3, 3, 0, -128, -128, 0, 1000.0),
    ("GM-B", "period", -128, 7, 7, 0, -128, -128, 1, 500.0),
)
# region, land type, status, response, verdict of the baseline and of the period, km2
STATUS = (
    ("GM-A", 2, 4, 1, 0, 0, 2000.0),
    ("GM-A", 2, 2, 3, 0, -1, 1000.0),
    ("GM-A", 2, 5, 1, 1, 0, 1000.0),
    ("GM-A", 1, 1, 3, -1, -1, 1000.0),
    ("GM-A", 7, -128, -128, -128, -128, 1000.0),
    ("GM-B", 3, 6, 1, 0, 1, 3000.0),
    ("GM-B", 3, -128, -128, -128, -128, 1000.0),
    ("GM-B", 7, -128, -128, -128, -128, 500.0),
)
# region, indicator, class in the baseline and in the period, water, km2: the same cells as AREAS and STATUS
CHANGES = (
    *((row[0], "degradation", row[4], row[5], int(row[1] == 7), row[6]) for row in STATUS),
    *(("GM-A", "productivity", 0, 0, 0, 2000.0), ("GM-A", "productivity", 0, -1, 0, 1000.0)),
    *(("GM-A", "productivity", 1, 1, 0, 1000.0), ("GM-A", "productivity", -1, -1, 0, 1000.0)),
    *(("GM-B", "productivity", 0, 1, 0, 3000.0), ("GM-B", "productivity", -128, -128, 0, 1000.0)),
    *(("GM-A", "productivity", -128, -128, 1, 1000.0), ("GM-B", "productivity", -128, -128, 1, 500.0)),
    *(("GM-A", "cover_change", 0, 0, 0, 2000.0), ("GM-A", "cover_change", 0, -1, 0, 1000.0)),
    *(("GM-A", "cover_change", 1, 0, 0, 1000.0), ("GM-A", "cover_change", -1, 0, 0, 1000.0)),
    *(("GM-B", "cover_change", 0, 0, 0, 4000.0), ("GM-A", "cover_change", 0, 0, 1, 1000.0)),
    *(("GM-B", "cover_change", 0, 0, 1, 500.0), ("GM-A", "carbon_change", 0, 0, 0, 3000.0)),
    *(("GM-A", "carbon_change", 0, -1, 0, 1000.0), ("GM-A", "carbon_change", -1, -1, 0, 1000.0)),
    *(("GM-B", "carbon_change", 0, 1, 0, 3000.0), ("GM-B", "carbon_change", -128, -128, 0, 1000.0)),
    *(("GM-A", "carbon_change", -128, -128, 1, 1000.0), ("GM-B", "carbon_change", -128, -128, 1, 500.0)),
)
# land type, name, land, no data, losses, neutral, gains, balance, balanced
BALANCE = (
    (1, "Tree-covered", 1000.0, 0.0, 1000.0, 0.0, 0.0, -1000.0, False),
    (2, "Grassland", 4000.0, 0.0, 1000.0, 2000.0, 1000.0, 0.0, True),
    (3, "Cropland", 4000.0, 1000.0, 0.0, 0.0, 3000.0, 3000.0, True),
    (4, "Wetland", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, None),
)
CHOICES = (
    *(("base", "", 2000 / 80), ("profile", "gpg2", 15.0), ("profile", "gpg1", 20.0)),
    *(("trend test", "hamed-rao", 30.0), ("soil carbon threshold (%)", "5", 2000 / 80)),
)
# class of productivity by the study's rules, by another's, km2
RULES = ((-1, -1, 1500.0), (-1, 0, 500.0), (0, 0, 2000.0), (1, 1, 4000.0), (-128, -128, 1000.0))
# year, cover, km2, t: 50 t/ha under trees, 40 under grass, 30 on cropland and built-up land
STOCKS = (
    *((2000, 1, 1000.0, 5e6), (2000, 2, 4000.0, 16e6), (2000, 3, 3000.0, 9e6)),
    *((2015, 2, 3000.0, 12e6), (2015, 3, 5000.0, 15e6)),
    *((2023, 2, 2000.0, 8e6), (2023, 3, 5000.0, 15e6), (2023, 5, 1000.0, 3e6)),
)
DROUGHTS = (
    *(("GM-A", 2020, 0, 6000.0), ("GM-B", 2020, 0, 4500.0), ("GM-A", 2021, 2, 6000.0), ("GM-B", 2021, 1, 4500.0)),
    *(("GM-A", 2022, 4, 3000.0), ("GM-A", 2022, 0, 3000.0), ("GM-B", 2022, -128, 4500.0)),
    *(("GM-A", 2023, 0, 6000.0), ("GM-B", 2023, -1, 4500.0)),
)
WORST = (("GM-A", 4, 3000.0), ("GM-A", 2, 3000.0), ("GM-B", 1, 4500.0))


@pytest.fixture
def assessed_results(tmp_path) -> Path:
    """Results of a study that gave its own series, as far as the assessment and the droughts go."""
    import json

    import pandas as pd

    from homeground.land import tornado

    def table(rows, columns, name, **more):
        names = columns.split()
        values = [row if len(names) == len(row) else row[: len(names)] for row in rows]
        pd.DataFrame(values, columns=names).assign(**more).to_parquet(folder / f"{name}.parquet")

    folder = tmp_path / "assessed"
    folder.mkdir()
    codes = "region_id period productivity initial final cover_change carbon_change degradation water area_km2"
    table(AREAS, codes, "degradation", iso3="GMB", abandoned=0)
    table(STATUS, "region_id land_type status response baseline period area_km2", "land_status", iso3="GMB")
    changed = "region_id indicator baseline now water area_km2"
    table(CHANGES, changed, "land_changes", iso3="GMB", year=2023)
    names = "land_type name land_km2 no_data_km2 losses_km2 neutral_km2 gains_km2 balance_km2 balanced"
    both = pd.concat(pd.DataFrame(BALANCE, columns=names.split()).assign(iso3=c) for c in ("", "GMB"))
    both.astype({"balanced": "boolean"}).to_parquet(folder / "ldn_balance.parquet")
    table(STOCKS, "year cover area_km2 stock_t", "carbon_stocks", region_id="GM-A", iso3="GMB")
    other = {"period": "period", "profile": "prais4-2026", "other_profile": "gpg1"}
    other |= {"lookup": "pm2026", "other_lookup": "gpg1"}
    table(RULES, "class other_class area_km2", "profile_difference", **other)
    choices = pd.DataFrame(CHOICES, columns=["setting", "value", "result"])
    choices.assign(change=choices["result"] - 2000 / 80).to_parquet(folder / "sensitivity.parquet")
    tornado(choices.assign(change=0.0)).to_parquet(folder / "tornado.parquet")
    corrected = ("period", 0, 1, -1, 120.0, "u1", "Kiang rangelands", "bush", "field visits")
    told = "uuid location_name process_driving_change basis_for_judgement"
    where = {"region_id": "GM-A", "iso3": "GMB"}
    table([corrected], f"period polygon before after area_km2 {told}", "land_corrections", **where)
    patches = (
        ("hotspot", 1, "place", 800.0, 800.0, 16.0, 20, 13.3, -16.3),
        ("hotspot", 2, "place", 120.0, 120.0, 2.4, 3, 13.5, -15.0),
    )
    of_patches = "kind patch told_as area_km2 patch_km2 region_share cells latitude longitude"
    table(patches, of_patches, "hotspots", **where)
    laid = ("ndvi", 1, "EPSG:4326", 0.02, "degrees", 0.02, "as it lies", 1.0, 23, "2001", "2023", "1")
    table([laid], "layer files crs step step_unit grid_step method bounds_covered steps first last units", "alignment")
    share = {"degraded_share": 2000 / 80, "degraded_low": 15.0, "degraded_high": 30.0, "choices": 5}
    share["countries"] = {"GMB": {"degraded": 2000 / 80, "low": 15.0, "high": 30.0}}
    share["productivity"] = {str(n): str(n) for n in range(1, 6)}
    by = {"region_id": ["GM-A", "GM-B"], "degraded": [40.0, 0.0], "low": [20.0, 0.0], "high": [60.0, 10.0]}
    cover = {"2000": 2000, "2015": 2015, "2023": 2022}
    facts = {"cover": cover, "cover_filled": [], "carbon": {}, "missing": [], "regions": by, **share}
    facts["water_known"] = True
    facts["abandonment"] = {"baseline": "", "period": ""}
    (folder / "degradation.json").write_text(json.dumps(facts))
    years = {"baseline": {"years": [2001, 2015]}, "period": {"years": [2008, 2023]}, "alignment": []}
    (folder / "vegetation.json").write_text(json.dumps(years))
    table(DROUGHTS, "region_id year drought_class area_km2", "drought", iso3="GMB", index="SPI-12")
    span = {"period_start": 2020, "period_end": 2023, "iso3": "GMB", "index": "SPI-12"}
    table(WORST, "region_id drought_class area_km2", "drought_periods", **span)
    told = {
        "index": "SPI-12",
        "indices": ["SPI-12"],
        "window": 12,
        "years": [2020, 2023],
        "month": 12,
        "worst_window": [2020, 2023],
        "calibration": "1991-2020",
        "rain_units": "mm/month",
        "bounds": "",
    }
    (folder / "drought.json").write_text(json.dumps(told | {"not_applicable_share": 0.0, "demand": ""}))
    return folder
