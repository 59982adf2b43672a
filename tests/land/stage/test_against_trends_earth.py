# SPDX-License-Identifier: Apache-2.0
"""A job of Trends.Earth beside the planted land: each square kilometre of difference has its cause, and bad jobs are refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.land.stage.trends_earth_jobs import (
    MASK,
    NAMES,
    NODATA,
    area_list,
    given,
    report,
    theirs_as_ours,
)

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.trends_earth.bands import Band, _rule, _told, find_bands
from homeground.land.against.files import against_inputs


def test_each_difference_has_its_cause_and_its_square_kilometres(job, where):
    """One cell of each cause; what is said of it is the area of its row, worked out from the ellipsoid alone."""
    grid, flat = where["grid"], where["blocks"]["flat"].start
    bands = theirs_as_ours(job.results)
    falling, rising = (where["blocks"][name].start for name in ("falling", "rising"))
    # In the planted land the falling block declines, the rising one improves, the flat one is stable in every rule.
    planted = {"falling": (falling, -1), "rising": (rising, 1), "flat": (flat, 0)}
    assert {name: bands["indicator"][5, column] for name, (column, _) in planted.items()} == {
        name: verdict for name, (_, verdict) in planted.items()
    }
    cells = {  # cause: row, column, what the job says of it
        "productivity": (4, falling, {"productivity": 4, "indicator": 0}),
        "land_cover": (4, flat, {"land_cover": -1, "indicator": -1}),
        "soil_organic_carbon": (5, flat, {"soil_organic_carbon": -10, "indicator": -1}),
        "several": (6, flat, {"land_cover": -1, "soil_organic_carbon": -37, "indicator": -1}),
        "combination": (7, flat, {"indicator": 1}),
        "theirs_no_data": (7, flat + 1, {"productivity": 0, "indicator": NODATA}),
        "ours_no_data": (0, flat, {"productivity": 4, "soil_organic_carbon": 0, "indicator": 0}),
        "water": (2, flat, {"productivity": 4, "soil_organic_carbon": 0, "indicator": 0}),
        "outline": (3, rising, dict.fromkeys(bands, MASK)),
    }
    for row, column, said in cells.values():
        for rule, value in said.items():
            bands[rule][row, column] = value
    # A change below ten per cent is none, and a verdict of nothing beside nothing no difference.
    bands["soil_organic_carbon"][5, flat + 1] = -9
    given(job, bands, grid)
    tables, _ = job.held()
    km2 = tables["_causes"].set_index("cause")["area_km2"]
    # km2 of a cell of 0.05 degrees by its row: 2 pi b2 (q(north) - q(south)) / 7200, Snyder (1987) eq. 3-12
    for cause, (row, _, _) in cells.items():
        assert km2[cause] == pytest.approx(ellipsoid_km2(14.0 - 0.05 * row), rel=1e-9), cause
    assert km2["not_told"] == 0
    apart = tables["_cells"].query("rule == 'indicator'").replace({"theirs": {"outside": "no_data"}})
    assert km2.sum() == pytest.approx(apart.loc[apart["ours"] != apart["theirs"], "area_km2"].sum(), rel=1e-12)
    both = tables["_cells"].set_index(["rule", "ours", "theirs"])["area_km2"]
    assert both["land_cover", "stable", "degraded"] == pytest.approx(
        ellipsoid_km2(13.8) + ellipsoid_km2(13.7), rel=1e-9
    )
    assert both["status", "improved", "outside"] == pytest.approx(ellipsoid_km2(13.85), rel=1e-9)
    assert set(tables["_cells"]["period"]) == {"period"}  # no band is of the baseline


def ellipsoid_km2(north, step=0.05):
    """Area of a cell, by integrating the ellipsoid's rows numerically."""
    a, b = 6378.137, 6356.752314245
    e2 = 1 - (b / a) ** 2
    edges = np.radians(np.linspace(north - step, north, 20_001))
    middle = (edges[1:] + edges[:-1]) / 2
    meridian = a * (1 - e2) / (1 - e2 * np.sin(middle) ** 2) ** 1.5
    parallel = a * np.cos(middle) / np.sqrt(1 - e2 * np.sin(middle) ** 2)
    return float((meridian * parallel * np.diff(edges)).sum() * np.radians(step))


@pytest.mark.parametrize("finer", [1, 2, 3])
def test_a_job_that_judges_as_we_do_has_no_difference_on_any_grid(job, where, finer):
    grid = where["grid"]
    bands = {
        rule: np.kron(values, np.ones((finer, finer), int)) for rule, values in theirs_as_ours(job.results).items()
    }
    given(job, bands, Grid(grid.west, grid.north, grid.step / finer, grid.rows * finer, grid.columns * finer))
    tables, _ = job.held()
    assert tables["_causes"]["area_km2"].sum() == 0
    cells = tables["_cells"]
    assert (cells["ours"] == cells["theirs"]).all()
    total = job.results.table("degradation").query("period == 'period'")["area_km2"].sum()
    assert set(cells["rule"]) == set(NAMES)
    assert cells.groupby("rule")["area_km2"].sum().to_list() == pytest.approx([total] * 5, rel=1e-9)


def test_a_raster_that_ends_within_the_study_leaves_the_rest_outside(job, where):
    grid = where["grid"]
    bands = {rule: values[:, :2] for rule, values in theirs_as_ours(job.results).items()}
    given(job, bands, Grid(grid.west, grid.north, grid.step, grid.rows, 2))
    tables, _ = job.held()
    why = tables["_causes"].set_index("cause")["area_km2"]
    judged = job.results.table("degradation").query("period == 'period' and degradation != -128")["area_km2"].sum()
    falling = sum(2 * ellipsoid_km2(14.0 - 0.05 * row) for row in range(8))
    assert why["outline"] == pytest.approx(judged - falling, rel=1e-9)
    assert why.drop("outline").sum() == 0


def test_bands_are_found_by_their_own_descriptions(job, where):
    bands = theirs_as_ours(job.results)
    bands["indicator"][4, where["blocks"]["flat"].start] = -1
    job.write(report(shape=job.outline))
    plain = [
        "SDG_15_3_1_Indicator_2016_2023", "Land_Productivity_Dynamics_from_JRC_2016_2023",
        "Land_cover_degradation_2015_2023", "Soil_organic_carbon_degradation_2015_2023",
        "SDG_15_3_1_Indicator_status_2016_2023",
    ]  # fmt: skip
    order = ("indicator", "productivity", "land_cover", "soil_organic_carbon", "status")
    job.raster([bands[rule] for rule in order], where["grid"], described=plain)
    tables, _ = job.held()
    found = tables["_causes"].set_index("cause")["area_km2"]
    assert found[found > 0].to_dict() == {"combination": pytest.approx(ellipsoid_km2(13.8), rel=1e-9)}


def test_where_bands_of_sub_indicators_are_missing_no_cause_is_made_up(job, where):
    bands = {"indicator": theirs_as_ours(job.results)["indicator"]}
    bands["indicator"][4, where["blocks"]["flat"].start] = -1
    given(job, bands, where["grid"])
    found = job.held()[0]["_causes"].set_index("cause")["area_km2"]
    assert found[found > 0].to_dict() == {"not_told": pytest.approx(ellipsoid_km2(13.8), rel=1e-9)}


def test_areas_stand_beside_ours_in_their_own_units_and_classes(job):
    content = report(shape=job.outline, km2=(1.0, 2.0, 3.0, 4.0))
    later = content["land_condition"]["report_1"]
    later["period_assessment"]["land_cover"]["summary"] = area_list((100.0, 200.0, 300.0, 0.0), unit="ha")
    seven = ("Persistent degradation", "Recent degradation", "Baseline degradation", "Stability")
    seven += ("Baseline improvement", "Recent improvement", "Persistent improvement", "No data")
    later["status_assessment"]["sdg"] = area_list((1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0), names=seven)
    job.write(content)
    tables, said = job.held()
    found = tables[""].set_index(["period", "rule", "state"]).sort_index()
    states = ["degraded", "stable", "improved", "no_data"]
    assert found["theirs_km2"]["period", "land_cover"][states].to_list() == [3.0, 2.0, 1.0, 0.0]
    assert found["theirs_km2"]["period", "status"][states].to_list() == [7.0, 8.0, 112.0, 128.0]
    assert found["theirs_km2"]["baseline", "productivity"][states].to_list() == [3.0, 2.0, 1.0, 4.0]
    assert ("baseline", "status") not in set(found.index.droplevel("state"))
    areas = job.results.table("degradation").query("period == 'period'")
    land = areas[areas["water"] == 0]
    assert found["ours_km2"]["period", "indicator", "degraded"] == pytest.approx(
        land.loc[land["degradation"] == -1, "area_km2"].sum()
    )
    assert found["ours_km2"]["period", "land_cover"].sum() == pytest.approx(areas["area_km2"].sum())
    assert found["difference_km2"]["period", "land_cover", "stable"] == pytest.approx(
        areas.loc[areas["cover_change"] == 0, "area_km2"].sum() - 2.0
    )
    assert tables["_cells"].empty
    assert tables["_causes"].empty
    assert set(said) == {"warning.trends_earth.area"}  # a job of 10 km2


def test_settings_that_differ_are_told_and_those_that_agree_are_not(job, where):
    content = report(((2001, 2015), (2008, 2023)), shape=job.outline)
    pairs = [(first, last) for first in range(1, 8) for last in range(1, 8)]
    signs = {"+": "improvement", "0": "stable", "-": "degradation"}
    # Rows of the Convention's default (PRAIS 4 reporting manual, SO1, table 9), tree-covered to water.
    rows = ("0-----0", "+0+---0", "+-0---0", "---0--0", "++++0+0", "++++-00", "0000000")
    meaning = {(i, j): signs[rows[i - 1][j - 1]] for i, j in pairs} | {(2, 3): "degradation"}
    transitions = [{"initial": {"code": i}, "final": {"code": j}, "meaning": meaning[i, j]} for i, j in pairs]
    later = content["land_condition"]["report_1"]["period_assessment"]["land_cover"]
    later["transition_matrix"] = {"definitions": {"transitions": transitions}}
    job.write(content)
    found = job.held()[0]["_settings"].set_index(["period", "setting", "about"])
    assert sorted(found.index) == [
        ("", "made_by", ""), ("baseline", "productivity_years", ""), ("period", "transition", "2-3")
    ]  # fmt: skip
    assert found.loc[("period", "transition", "2-3")].to_list() == ["degraded", "improved"]
    assert found.loc[("baseline", "productivity_years", "")].to_list() == ["2001-2015", "2000-2015"]
    assert found.loc[("", "made_by", ""), "theirs"] == "2.1.17"


def test_periods_and_regions_that_are_not_shared_are_left_out_and_told(job):
    periods = ((2000, 2015), (2004, 2019), (2008, 2023))
    job.write(report(periods, ((2000, 2015), (2015, 2019), (2015, 2022)), shape=job.made.shapes[0]))
    tables, said = job.held()
    assert said["warning.trends_earth.periods"] == {"periods": ["report_1 (2019)"]}
    assert said["warning.trends_earth.regions"] == {"n": 1, "area": "Made"}
    areas = job.results.table("degradation").query("period == 'period' and region_id == 'A'")["area_km2"].sum()
    cover = tables[""].query("period == 'period' and rule == 'land_cover'")
    assert cover["ours_km2"].sum() == pytest.approx(areas)
    assert set(tables[""]["year"]) == {2015, 2023}


def test_where_productivity_is_not_dated_the_last_map_of_cover_dates_the_period(job):
    content = report(covers=((2000, 2015), (2015, 2022)), shape=job.outline)
    for one in content["land_condition"].values():
        one["period_assessment"]["productivity"]["crosstabs_by_productivity_class"] = []
    job.write(content)
    tables, _ = job.held()
    assert set(tables[""]["period"]) == {"baseline", "period"}
    told = tables["_settings"].set_index(["period", "setting"])
    assert told.loc[("period", "land_cover_years"), "theirs"] == "2015-2022"


def test_bands_of_real_jobs_are_found_by_their_names_and_years(shared_data):
    """Results of Trends.Earth's own sub-indicators of three periods; their rasters are not at hand."""
    folder = shared_data / "land" / "trends_earth"
    for n, last in ((1, 2015), (2, 2019), (3, 2023)):
        content = json.loads((folder / f"RasterResults_sdg-15-3-1-sub-indicators_{n}.json").read_text("utf-8"))
        files = dict(_told(content))
        found, absent = find_bands(folder, {"job.json": content})
        assert found == []
        assert absent == sorted(files)
        assert all("_sdg_sub_indicators_" in file and file.endswith("_1.tif") for file in files)
        (bands,) = (bands for file, bands in files.items() if "Int16" in file)
        rules = {_rule(name): Band("", folder, 0, told).of("report_1", {last}) for name, told in bands if _rule(name)}
        assert rules == {"land_cover": True, "soil_organic_carbon": True}


def test_the_files_of_the_folder_are_inputs_and_a_job_s_own_copy_of_the_report_is_read(job):
    own = report(shape=job.outline)
    rasters = {"Int16": {"uri": {"uri": "/far/made.tif"}, "bands": [{"name": NAMES["indicator"], "metadata": {}}]}}
    job.write({"results": {"rasters": rasters, "data": {"report": own}}}, "job.json")
    study = job.study()
    assert [name for name in against_inputs(study) if "trends_earth" in name] == ["trends_earth: job.json"]
    _, said = job.held()
    assert said["warning.trends_earth.absent"] == {"files": ["made.tif"]}
    job.write(own)
    job.held()  # the report by itself and the job's copy are one
