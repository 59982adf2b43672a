# SPDX-License-Identifier: Apache-2.0
"""Countries of all kinds run from their code alone: small and dry, islands, over the 180th meridian, without figures."""

import os
import subprocess
import sys

import pandas as pd
import pytest
from tools.run_world import run_one

from homeground.catalogue import atlas
from homeground.catalogue.regions import ellipsoid_area
from homeground.running.steps import CHECK_TABLES
from homeground.running.tables import LAND_UNITS, REGIONS

# One of each kind on every continent; small ones, so that they run in seconds.
FINISH = [
    "HTI", "JAM", "CRI",  # the Americas
    "LSO", "RWA", "COM", "TUN", "ESH",  # Africa; a Non-Self-Governing Territory that M49 lists
    "LBN", "BTN", "TLS", "PSE", "BHR",  # Asia; a desert island where no measure fits
    "MDA", "LUX", "MLT",  # Europe; of Malta little is land in cells of 5 km
    "FJI", "TON",  # the Pacific, and on both sides of the 180th meridian
    "GLP",  # an area of M49 without national figures: nobody is placed there
]  # fmt: skip
REFUSED = ["NRU", "VAT"]  # smaller than a cell


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    before = os.environ.get(CHECK_TABLES)
    os.environ[CHECK_TABLES] = "1"  # each table is held against its declaration
    try:
        return {iso3: run_one(iso3, folder) | {"folder": folder / "results"} for iso3 in FINISH + REFUSED}
    finally:
        os.environ.pop(CHECK_TABLES) if before is None else os.environ.__setitem__(CHECK_TABLES, before)


@pytest.mark.parametrize("iso3", FINISH)
def test_a_country_of_any_kind_finishes_and_its_land_adds_up(done, iso3):
    assert done[iso3]["end"] == "finished", done[iso3]["reason"]
    (results,) = (done[iso3]["folder"] / iso3).glob("*")
    units = pd.read_parquet(results / LAND_UNITS)
    drawn = float(ellipsoid_area(atlas.regions([iso3])).sum())
    assert units["area_km2"].sum() == pytest.approx(drawn, rel=1e-3)
    table = pd.read_parquet(results / REGIONS)
    assert len(table) == len(atlas.regions([iso3]))
    assert table["land_rain_mm"].notna().all()  # a place over the sea's edge has rain too
    persons = atlas.population([iso3]).query("year == 2025")["persons"].sum()
    if iso3 == "GLP":
        assert table["people_population"].isna().all()
        assert "no_population" in done[iso3]["warnings"]
    else:  # counts are rounded to 5 and small ones hidden
        assert table["people_population"].sum() == pytest.approx(persons, rel=0.01)


@pytest.mark.parametrize("iso3", REFUSED)
def test_a_country_smaller_than_a_cell_is_refused_with_what_to_do(done, iso3):
    assert done[iso3]["end"] == "refused"  # exit 3
    assert f"too small for cells of 5 km: {iso3} (" in done[iso3]["reason"]
    assert "Give your own regions and layers" in done[iso3]["reason"]


def test_a_desert_without_a_measure_has_no_plan_and_says_so(done):
    assert not done["BHR"]["plan"]
    assert "no measure fits any unit" in done["BHR"]["reason"]


def test_the_command_line_refuses_with_3(tmp_path):
    run = [sys.executable, "-m", "homeground.cli.app"]
    new = subprocess.run(
        [*run, "new", "--country", "NRU", "n"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert new.returncode == 0, new.stderr
    ran = subprocess.run([*run, "run", "n"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 3
    assert "too small for cells of 5 km" in ran.stderr
