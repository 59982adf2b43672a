# SPDX-License-Identifier: Apache-2.0
"""Own land is written whole, holds what its truth says, is a valid study, and a run of the land finds what was planted."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.features import rasterize
from typer.testing import CliRunner

from homeground.brief.facts.assessed.assessment import read_assessment
from homeground.brief.facts.assessed.places import ranked, region_shares, spots
from homeground.brief.transfer.write import write_transfer
from homeground.catalogue.examples.own_land import write_own_land
from homeground.catalogue.regions import study_regions
from homeground.chain.checks import validate_all
from homeground.chain.run import run
from homeground.cli.app import app
from homeground.land.reference.plots import states_at
from homeground.language.layout import WIDTH, width
from homeground.running.findings import findings
from homeground.study.opening import open_study

MODERATE = 2  # class of drought
GRASSLAND, CROPLAND = 2, 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("made") / "own-land"
    write_own_land(made)
    return made


@pytest.fixture(scope="module")
def truth(folder) -> dict[str, list[str]]:
    """Districts by what is planted in them."""
    found: dict[str, list[str]] = {}
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["planted"], []).append(row["district"])
    return found


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def values(folder: Path, name: str) -> np.ndarray:
    """Every band of a map in its own units, NaN where it has no data."""
    scale = {"ndvi.tif": 0.0001, "rain.tif": 0.1}.get(name, 1.0)
    with rasterio.open(folder / name) as file:
        stored = file.read(masked=True)
    return stored.astype("float64").filled(np.nan) * scale


def cells(folder: Path, name: str, district: str) -> np.ndarray:
    """The cells of a map whose middle lies in a district, dims (band, cell)."""
    features = json.loads((folder / "districts.geojson").read_text("utf-8"))["features"]
    (shape,) = (one["geometry"] for one in features if one["properties"]["DIST_CODE"] == district)
    with rasterio.open(folder / name) as file:
        inside = rasterize([shape], file.shape, transform=file.transform).astype(bool)
    return values(folder, name)[:, inside]


def test_the_set_is_small_and_every_file_says_that_it_is_made(folder):
    files = content(folder)
    assert 100_000 < sum(map(len, files.values())) < 2_000_000
    for name, stored in files.items():
        if name.endswith(".tif"):
            with rasterio.open(folder / name) as file:
                assert file.tags()["made"] == "made, not real", name
        else:
            assert b"made, not real" in stored.lower(), name


def test_twelve_districts_of_which_seven_are_planted_and_no_name_on_the_map_tells_which(folder, truth):
    counts = {planted: len(districts) for planted, districts in truth.items()}
    assert counts == {"loses": 2, "recovers": 1, "noise": 1, "abandoned": 1, "drought": 1, "stable": 6}
    features = json.loads((folder / "districts.geojson").read_text("utf-8"))["features"]
    told = json.dumps([one["properties"] for one in features]).lower()
    assert len(features) == 12
    assert not [word for word in ("los", "recover", "noise", "abandon", "drought", "stable") if word in told]
    assert all(one["properties"]["DIST_NAME"].endswith(" (made)") for one in features)


def test_twice_the_same_bytes_and_another_seed_another_noise(folder, tmp_path):
    write_own_land(tmp_path / "again")
    assert content(tmp_path / "again") == content(folder)
    write_own_land(tmp_path / "other", seed=3)
    assert content(tmp_path / "other")["ndvi.tif"] != content(folder)["ndvi.tif"]


def test_it_is_a_valid_study_with_every_value_read(folder):
    assert validate_all(open_study(folder), values=True) == ["base"]


def test_formats_are_those_that_the_page_of_the_set_names(folder):
    with rasterio.open(folder / "ndvi.tif") as file:
        assert (set(file.dtypes), file.nodata, file.count) == ({"int16"}, -32768, 24)
        assert file.descriptions == tuple(str(year) for year in range(2000, 2024))
        assert file.bounds == pytest.approx((7.5, 14.0, 9.5, 15.5))
    assert 0.003 < np.isnan(values(folder, "ndvi.tif")).mean() < 0.01  # clouds and a lake
    with rasterio.open(folder / "rain.tif") as file:
        assert (file.count, file.descriptions[0], file.descriptions[-1]) == (360, "1994-01", "2023-12")
    assert len(list((folder / "cover").glob("cover_*.tif"))) == 22


def test_what_is_planted_in_the_vegetation_lies_in_the_map(folder, truth):
    years = np.arange(2000, 2024)

    def course(district: str) -> np.ndarray:
        return np.nanmean(cells(folder, "ndvi.tif", district), axis=1)

    def variation(district: str) -> float:
        """Standard deviation of the years against their mean, in the middle of the cells."""
        within = cells(folder, "ndvi.tif", district)
        within = within[:, ~np.isnan(within).all(axis=0)]  # not the lake
        return float(np.median(np.nanstd(within, axis=0) / np.nanmean(within, axis=0)))

    for district in truth["loses"]:
        mean = course(district)
        assert mean[-1] < 0.5 * mean[years < 2012].mean()
        assert (np.diff(mean[years >= 2015]) < 0.03).all()
    (district,) = truth["recovers"]
    assert course(district)[-1] > 1.6 * course(district)[years < 2008].mean()
    (district,) = truth["noise"]
    assert variation(district) > 0.25
    assert abs(np.polyfit(years, course(district), 1)[0] * 24) < 0.1 * course(district).mean()
    for district in truth["stable"]:
        assert variation(district) < 0.12
        assert abs(np.polyfit(years, course(district), 1)[0] * 24) < 0.1 * course(district).mean()


def test_the_left_fields_turn_to_grassland_and_no_other_cover_changes(folder, truth):
    (left,) = truth["abandoned"]
    for districts in truth.values():
        for district in districts:
            first, last = (cells(folder, f"cover/cover_{year}.tif", district)[0] for year in (2001, 2022))
            changed = first != last
            if district == left:
                assert (first[changed] == 10).all()
                assert (last[changed] == 130).all()
                assert 0.4 < changed.mean() < 0.5
                assert not (last == 10).any()
            else:
                assert not changed.any(), district


def test_the_drought_lies_in_the_rain_of_one_district_and_of_four_years(folder, truth):
    dry = slice(12 * (2011 - 1994), 12 * (2015 - 1994))

    def share(district: str) -> float:
        """Rain of 2011 to 2014 against that of all other years, per year."""
        rain = cells(folder, "rain.tif", district).mean(axis=1)
        return (rain[dry].sum() / 4) / ((rain.sum() - rain[dry].sum()) / 26)

    (hit,) = truth["drought"]
    assert share(hit) == pytest.approx(0.5, abs=0.06)
    others = [district for districts in truth.values() for district in districts if district != hit]
    assert [share(district) for district in others] == pytest.approx([1.0] * 11, abs=0.12)


def homeground(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "homeground.cli.app", *words], capture_output=True, text=True, cwd=cwd, timeout=300
    )


def test_new_writes_it_and_a_second_time_refuses_the_folder(tmp_path, folder):
    done = homeground("new", "--example", "own-land", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Made, not real. Next: homeground run mine" in done.stdout
    assert content(tmp_path / "mine") == content(folder)
    (tmp_path / "mine" / "ndvi.tif").unlink()
    before = content(tmp_path / "mine")
    again = homeground("new", "--example", "own-land", "mine", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert "mine is not empty: README.md, climate_zone.tif" in again.stderr
    assert content(tmp_path / "mine") == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--example", "own-lnd", "mine"), 'no example "own-lnd"; there is: own-land.'),
        (("--example", "own-land"), "an example needs a folder and no study"),
        (("--example", "own-land", "great-green-wall", "mine"), "an example needs a folder and no study"),
        (("--example", "own-land", "taken"), "taken is a file; a folder was expected"),
        (("great-green-wall",), "name a country and a folder"),
        ((), "name a country and a folder"),
    ],
)
def test_what_new_cannot_take_is_told_and_nothing_is_written(tmp_path, words, said):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    done = homeground("new", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert content(tmp_path) == {"taken": b"mine"}


@pytest.mark.slow
def test_the_land_is_found_as_it_was_planted_and_the_plan_follows_it(folder, truth, tmp_path):
    out = run(open_study(folder), root=tmp_path / "results")
    land = pd.read_parquet(out / "regions" / "land.parquet").set_index("region_id")
    degraded = land["land_degraded"].sort_values(ascending=False)
    assert set(degraded.index[:2]) == set(truth["loses"])
    assert degraded.iloc[1] > 90
    # What has no trend is not told apart from chance; what was planted is.
    assert "without any change in the land, series like these give" in findings(out)["land"]  # no share without it
    low, high = land["land_degraded_noise_low"], land["land_degraded_noise_high"]
    for district in (*truth["stable"], *truth["noise"], *truth["drought"]):
        assert low[district] <= degraded[district] <= high[district], district
    assert (degraded[truth["loses"]] > high[truth["loses"]] + 20).all()
    assert (
        land.loc[truth["recovers"][0], "land_improved"]
        > land.loc[truth["recovers"][0], "land_improved_noise_high"] + 50
    )
    assert land["land_improved"].idxmax() == truth["recovers"][0]
    assert land["land_improved"].max() > 90
    assert land["land_improved"].drop(truth["recovers"]).max() < 10

    years = pd.read_parquet(out / "drought.parquet").query("2011 <= year <= 2014")
    dry = years[years["drought_class"] >= MODERATE].groupby("region_id")["area_km2"].sum()
    share = dry / years.groupby("region_id")["area_km2"].sum()
    assert share.idxmax() == truth["drought"][0]
    assert share.max() > 0.8
    assert share.drop(truth["drought"]).max() < 0.25

    # Cells on a border belong to two districts in parts, so that neighbours have a little of what is planted.
    areas = pd.read_parquet(out / "degradation.parquet")
    period = areas[areas["period"] == "period"]
    left = period[period["abandoned"] == 1]
    share = left.groupby("region_id")["area_km2"].sum() / period.groupby("region_id")["area_km2"].sum()
    (district,) = truth["abandoned"]
    assert 0.4 < share[district] < 0.5  # all of its cropland
    assert not (share.drop(district) > 0.03).any()
    assert set(left["final"]) == {GRASSLAND}
    assert (left["degradation"] <= 0).all()  # its greening is no improvement
    greened = left.loc[left["productivity"] == 5, "area_km2"].sum()  # though the vegetation rose
    assert greened > 0.95 * left["area_km2"].sum()
    changed = areas[(areas["initial"] == CROPLAND) & (areas["final"] == GRASSLAND)]
    assert changed.groupby("region_id")["area_km2"].sum().idxmax() == district
    assert changed.loc[changed["region_id"] == district, "area_km2"].sum() > 0.97 * changed["area_km2"].sum()
    assert 30 < degraded[truth["noise"][0]] < 50  # "two fifths", says the page of the example: no trend is in it
    assert degraded[truth["stable"]].between(30, 50).all()

    # Restoration goes to the districts that lose; degraded land of the others counts by its gap alone.
    plan = pd.read_parquet(out / "plan.parquet")
    restored = plan[plan["restore"]].groupby("region_id")["hectares"].sum()
    assert restored[truth["loses"]].sum() > 2 / 3 * restored.sum()  # the rest: cheap land far below its like
    assert restored[truth["loses"]].min() > 2 * restored.drop(truth["loses"]).max() or set(restored.index) == set(
        truth["loses"]
    )
    units = pd.read_parquet(out / "land_units.parquet").groupby("region_id")["area_km2"].sum()
    drawn = study_regions(open_study(folder)).set_index("region_id")["area_km2"]
    assert (units / drawn).to_dict() == pytest.approx(dict.fromkeys(drawn.index, 1.0), rel=1e-9)

    # By name: the districts that lose and the one that recovers, and no others, are told apart from chance.
    found = read_assessment(out)
    shares = region_shares(found)
    for measure, planted in (("degraded", truth["loses"]), ("improved", truth["recovers"])):
        assert set(shares.index[shares[f"{measure}_against"] == "more"]) == set(planted)
        assert set(ranked(shares, {})[measure]["region_id"][: len(planted)]) == set(planted)
        np.testing.assert_allclose(shares[measure], land[f"land_{measure}"][shares.index], rtol=1e-9)
    patches = spots(found, shares, {})
    named = patches[~patches["weak"]]
    assert set(named["region_id"]) == {*truth["loses"], *truth["recovers"]}
    assert set(named["told_as"]) == {"region"}
    # Patches are cut at borders: their parts add up, and in no region to more than its degraded land.
    parts = found.patches.groupby(["kind", "patch"])
    np.testing.assert_allclose(parts["area_km2"].sum(), parts["patch_km2"].first(), rtol=1e-9)
    hotspots = found.patches.query("kind == 'hotspot'").groupby("region_id")["area_km2"].sum()
    assert (hotspots <= shares["degraded_km2"][hotspots.index] * (1 + 1e-9)).all()
    assert hotspots[truth["loses"]].to_numpy() == pytest.approx(shares["degraded_km2"][truth["loses"]], rel=1e-9)

    # The drought district leads the drought indicator of the index; degraded land enters it.
    parts = pd.read_parquet(out / "risk_parts.parquet")
    dry = parts[parts["node"] == "drought_worst"].set_index("region_id")
    assert dry["value"].idxmax() == truth["drought"][0]
    assert dry.loc[truth["drought"][0], "year"] == 2014
    assert dry["value"].drop(truth["drought"]).max() < 30
    lost = parts[parts["node"] == "degraded"].set_index("region_id")
    assert set(lost["value"].nlargest(2).index) == set(truth["loses"])
    assert (lost.loc[[*truth["stable"], *truth["noise"]], "low"] == 0).all()  # no evidence of degraded land

    # People are counted in the cells that were judged: nearly all of a district that loses, next to none of one that recovers.
    people = pd.read_parquet(out / "land_people.parquet").query("year == 2023").set_index("region_id")
    on_degraded = people["people_degraded"] / people["people"]
    assert (on_degraded[truth["loses"]] > 0.95).all()
    assert on_degraded[truth["recovers"][0]] < 0.02
    census = pd.read_csv(folder / "population.csv", index_col="region_id")["population"]
    assert people["people"].sum() == pytest.approx(census.sum(), rel=0.02)  # cells of the edge lie partly outside
    dry = pd.read_parquet(out / "drought_people.parquet").query("year == 2012").set_index("region_id")
    severe = dry[["people_severe", "people_extreme"]].sum(axis=1) / dry["people"]
    assert severe.idxmax() == truth["drought"][0]
    assert severe.max() > 0.8

    # The brief names the districts that lose, in every language.
    names = study_regions(open_study(folder)).set_index("region_id")["name"]
    for code in ("en", "fr", "zh"):
        brief = (out / f"brief-{code}.html").read_text(encoding="utf-8")
        assert all(names[district].removesuffix(" (made)") in brief for district in truth["loses"]), code


def test_plots_are_drawn_filled_in_and_given_back(folder, tmp_path):
    """From map to files to the areas of the next run, by the commands alone; who agrees with the map gets its areas."""
    study, results, visit = tmp_path / "own-land", tmp_path / "results", tmp_path / "visit"
    shutil.copytree(folder, study)
    text = (study / "study.toml").read_text("utf-8").replace("[land]", "[land]\nnoise_draws = 0\nsensitivity = false")
    (study / "study.toml").write_text(text, encoding="utf-8")
    out = run(open_study(study), ["land"], root=results)
    before = {path.name: pd.read_parquet(path) for path in out.glob("*.parquet")}
    told = CliRunner().invoke(app, ["data", "plots", str(study), "--results", str(results), "--to", str(visit)])
    assert told.exit_code == 0, (told.output, told.exception)
    assert "should not know" in " ".join(told.output.split())
    plots = pd.read_csv(visit / "plots.csv")
    plots["seen"] = states_at(out / "land.zarr/degradation", plots)
    assert set(plots["seen"]) == {"degraded", "stable", "improved"}
    plots.to_csv(study / "plots.csv", index=False)
    given = text.replace("[data]", '[data]\nreference_plots = "plots.csv"')
    (study / "study.toml").write_text(given, encoding="utf-8")
    validate_all(open_study(study))
    run(open_study(study), ["land"], root=results)
    table = pd.read_parquet(out / "land_reference.parquet")
    assert table["estimated_km2"].tolist() == pytest.approx(table["mapped_km2"].tolist())
    assert table["plots"].sum() == len(plots)
    for name, one in before.items():  # nothing else of the results changes
        pd.testing.assert_frame_equal(one, pd.read_parquet(out / name))


def test_what_is_written_for_prais_and_read_back_as_a_job_differs_in_no_row(folder, tmp_path):
    study, results = tmp_path / "own-land", tmp_path / "results"
    shutil.copytree(folder, study)
    settings = "[land]\nnoise_draws = 0\nsensitivity = false\nreporting = [[2004, 2019]]"
    text = (study / "study.toml").read_text("utf-8").replace("[land]", settings)
    (study / "study.toml").write_text(text, encoding="utf-8")
    out = run(open_study(study), ["land"], root=results)
    study_regions(open_study(study)).to_parquet(out / "regions.parquet")
    (written,) = [path for path in write_transfer(out, open_study(study), study / "job") if "land" in path.name]
    for other in set((study / "job").iterdir()) - {written}:
        other.unlink()
    given = text.replace("[data]", '[data]\ntrends_earth = "job"')
    (study / "study.toml").write_text(given, encoding="utf-8")
    show = ["show", str(study), "land", "--against", "trends-earth", "--results", str(results)]
    early = CliRunner().invoke(app, show)
    assert early.exit_code == 1
    assert "no results against trends-earth" in str(early.exception)
    assert validate_all(open_study(study)) == ["base"]
    before = json.loads((out / "run.json").read_text("utf-8"))["steps"]
    run(open_study(study), ["land"], root=results)
    after = json.loads((out / "run.json").read_text("utf-8"))["steps"]
    assert (
        after["land.degradation"]["fingerprint"] == before["land.degradation"]["fingerprint"]
    )  # nothing is judged anew

    table = pd.read_parquet(out / "land_against_trends_earth.parquet")
    assert table.groupby("period", sort=False)["rule"].nunique().to_dict() == {
        "baseline": 4, "report_2019": 5, "period": 5,
    }  # fmt: skip
    assert (table["difference_km2"] == 0).all()
    assert table.groupby(["period", "rule"])["theirs_km2"].sum().min() > 35_000  # all of the land
    told = pd.read_parquet(out / "land_against_trends_earth_settings.parquet")
    assert told["setting"].to_list() == ["made_by"]

    for code, words in {
        "en": ("this study", "status: Degraded", "The job has no rasters"),
        "fr": ("cette étude", "statut : Dégradées", "La tâche n’a pas de fichiers matriciels"),
        "zh": ("本研究", "状态：退化", "该作业没有可供比较波段的栅格"),
    }.items():
        shown = CliRunner().invoke(app, [*show, "--language", code])
        assert shown.exit_code == 0, (shown.output, shown.exception)
        plain = "".join(shown.output.split())
        assert all("".join(word.split()) in plain for word in words), code
        assert max(width(line) for line in shown.output.splitlines()) <= WIDTH
    machine = json.loads(CliRunner().invoke(app, [*show, "--json"]).output)
    assert (len(machine["areas"]), machine["cells"], machine["causes"]) == (len(table), [], [])
    for words, said in {
        ("land", "--against", "trends.earth"): '--against is "trends.earth"; known here: trends-earth.',
        ("people", "--against", "trends-earth"): '--against goes with land, not with "people"',
    }.items():
        refused = CliRunner().invoke(app, ["show", str(study), *words, "--results", str(results)])
        assert said in str(refused.exception)
    bare = CliRunner().invoke(app, ["show", str(folder), "land", "--against", "trends-earth"])
    assert "Set [data].trends_earth to the folder" in str(bare.exception)
