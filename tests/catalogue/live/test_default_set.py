# SPDX-License-Identifier: Apache-2.0
"""One fetch of the default set, from loopback, then `validate` and `run`: each layer is what its reader takes, and every
output says what is too coarse to be reported of."""

from __future__ import annotations

import json

import numpy as np
import openpyxl
import pandas as pd
import pytest
import rasterio
from tests.catalogue.live import providers as made
from tests.catalogue.live import shapes

from homeground.catalogue.examples.own_land import districts, write_own_land
from homeground.catalogue.layers.series import need_series
from homeground.chain import checks
from homeground.chain import run as chain
from homeground.cli import tables
from homeground.cli.app import main
from homeground.running.tables import DEGRADATION_FACTS
from homeground.study.opening import open_study

WEST, NORTH, WIDTH, HEIGHT = 7.5, 15.5, 2.0, 1.5
TOML = """title = "Own land, fetched"
question = "Is the land degrading?"
countries = ["NER"]
regions = "custom"

[data]  # what follows is brought
regions = { path = "districts.geojson", id = "DIST_CODE", name = "DIST_NAME", iso3 = "COUNTRY" }

[brief]
languages = ["en"]
"""


def ndvi(number: int, year: int) -> float:
    """The second district falls to a half, the others stay, with a little noise that is the same every time."""
    noise = 0.004 * ((year * 7 + number * 3) % 5 - 2)
    return (0.5 - 0.012 * (year - 2000) if number == 2 else 0.4) + noise


@pytest.fixture(scope="module")
def fetched(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "mine"
    write_own_land(folder)
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "districts.geojson":
            path.unlink()
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    with made.running() as providers, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOMEGROUND_FETCH_MIRROR", providers.url)
        shapes.serve_gpcp(providers)
        shapes.serve_star(providers, "NER", [f"{row['name']} (made)" for row in districts()], range(2000, 2024), ndvi)
        stac = shapes.Stac(providers)
        shapes.serve_cover(
            stac, (2000, 2015, 2020), 7.0, 16.0, 900, 1080,
            lambda year, r, c: np.where((r < 400) & (year > 2000), 10, np.where(c < 500, 130, 120)),
        )  # fmt: skip
        shapes.serve_soil(providers, 31)
        rows, columns = round(HEIGHT * 120), round(WIDTH * 120)
        people = np.full((rows, columns), -99999.0)
        people[10:-10, 10:-10] = 3.0
        shapes.serve_people(providers, "NER", (2015, 2023), people, WEST, NORTH)
        shapes.serve_world_bank(providers, "NER")
        shapes.serve_unhcr(providers, "NER")
        patch.setattr("sys.argv", ["homeground", "data", "fetch", str(folder)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None)
    return open_study(folder)


def test_each_layer_is_what_its_reader_takes(fetched):
    checks.validate_all(fetched, values=True)
    rain = need_series(fetched, "rain_series")
    assert (rain.units, rain.steps[0], rain.steps[-1]) == ("mm/month", "1994-01", "2023-12")
    with rasterio.open(fetched.layer_files("rain_series")[0]) as file:
        values, t = file.read(file.descriptions.index("2001-02") + 1), file.transform
        row, column = file.index(8.0, 14.5)
    assert values[row, column] == pytest.approx(
        (2 + 13.75 / 100 + 8.75 / 10000) * 28, abs=0.01
    )  # mm/day x days of February
    assert t.a == 2.5
    cover = need_series(fetched, "cover_series")
    assert cover.years == (2000, 2015, 2020)
    with rasterio.open(fetched.layer_files("climate_zone")[0]) as file:
        assert set(np.unique(file.read(1))) == {12}  # tropical dry: the map of the IPCC has it so here
    people = pd.read_csv(fetched.folder / "data/population_worldpop.csv")
    assert people["population"].sum() == pytest.approx(3.0 * 160 * 220, rel=1e-4)  # none lost, none made
    assert set(people["year"]) == {2023}


def test_study_toml_names_them_and_says_what_is_coarse(fetched):
    text = fetched.file.read_text("utf-8")
    assert "[data]  # what follows is brought" in text
    assert fetched.not_reportable == ("ndvi", "soil_carbon", "rain_series")
    assert fetched.data.cover_series.legend == "esa-cci"
    assert fetched.data.regions.id == "DIST_CODE"
    listing = pd.read_csv(fetched.folder / "data/SOURCES.csv").set_index("file")
    assert listing.loc["vegetation_star.tif", "reportable_sdg_15_3_1"] == "not reportable"
    assert listing.loc["cover_cci.tif", "reportable_sdg_15_3_1"] == "yes"
    assert listing["licence"].notna().all()
    assert "table of countries" not in text


@pytest.fixture(scope="module")
def results(fetched, tmp_path_factory):
    return chain.run(fetched, root=tmp_path_factory.mktemp("results"))


@pytest.mark.slow
def test_a_run_reads_what_was_fetched_and_every_output_says_not_reportable(fetched, results):
    facts = json.loads((results / DEGRADATION_FACTS).read_text("utf-8"))
    assert set(facts["not_reportable"]) == {"ndvi", "rain_series", "soil_carbon"}
    assert facts["missing"] == []  # all that a full assessment needs was brought
    assert 0 < facts["degraded_share"] < 50
    said = json.loads((results / "run.json").read_text("utf-8"))
    assert "finding.land.not_reportable" in json.dumps(said["stages"]["land"])
    for name in ("index.html", "brief-en.html"):
        assert "Not reportable" in (results / name).read_text("utf-8"), name
    book = openpyxl.load_workbook(results / "tables.xlsx", read_only=True)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("Not reportable" in cell for cell in cells)
    transfer = json.loads((results / "prais/land-condition-NER.json").read_text("utf-8"))
    assert "Not reportable" in transfer["metadata"]["title"]


@pytest.mark.slow
def test_show_says_it_too(fetched, results, capsys):
    tables.show(fetched, "land", why=False, by="country", root=results.parents[1], as_json=False)
    assert "Not reportable for SDG 15.3.1" in " ".join(capsys.readouterr().out.split())
    tables.show(fetched, "land", why=False, by="country", root=results.parents[1], as_json=True)
    assert json.loads(capsys.readouterr().out)["not_reportable"] == ["ndvi", "soil_carbon", "rain_series"]


@pytest.mark.slow
def test_the_district_that_was_made_to_fall_is_found(results):
    areas = pd.read_parquet(results / "degradation.parquet")
    now = areas[(areas["period"] == "period") & (areas["productivity"] != -128)]
    falling = now[now["productivity"].isin((1, 2))].groupby("region_id")["area_km2"].sum()
    share = falling / now.groupby("region_id")["area_km2"].sum().reindex(falling.index)
    assert share.idxmax() == "OL-02"
    assert share["OL-02"] > 0.75  # a cell on a border is of one of both districts
