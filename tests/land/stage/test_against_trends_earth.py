# SPDX-License-Identifier: Apache-2.0
"""A job of Trends.Earth beside the planted land: each square kilometre of difference has its cause, and bad jobs are refused."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.trends_earth.bands import Band, _rule, _told, find_bands
from homeground.catalogue.trends_earth.report import read_report, report_in
from homeground.chain.checks import validate
from homeground.errors import DataError, StudyError
from homeground.land.against import step
from homeground.land.against.files import against_inputs, against_outputs
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables.register import read_output, register

FOUR = ("Improved", "Stable", "Degraded", "No data")
NODATA, MASK = -32768, -32767
NAMES = {
    "indicator": "SDG 15.3.1 Indicator",
    "productivity": "Land Productivity Dynamics (from Trends.Earth)",
    "land_cover": "Land cover (degradation)",
    "soil_organic_carbon": "Soil organic carbon (degradation)",
    "status": "SDG 15.3.1 Indicator (status)",
}
TABLES = ("", "_cells", "_causes", "_settings")


@pytest.fixture(scope="module")
def judged(new_land, tmp_path_factory):
    """The planted land, judged once."""
    made = new_land(tmp_path_factory.mktemp("against") / "made")
    return made, made.run()


@pytest.fixture
def job(judged, tmp_path):
    """The planted land with an empty folder for a job."""
    made, results = judged
    folder = made.folder / "job"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Job(made, results, tmp_path / "out", folder)


def area_list(areas, unit="sq km", names=FOUR):
    return {"name": "-", "unit": unit, "areas": [{"name": n, "area": a} for n, a in zip(names, areas, strict=True)]}


def report(periods=((2000, 2015), (2016, 2023)), covers=((2000, 2015), (2015, 2023)), shape=None, km2=(0.0,) * 4):
    """A report by the published schema, as small as it can be."""
    told = {}
    for n, (span, cover) in enumerate(zip(periods, covers, strict=True)):
        first, last = span
        of_productivity = {"initial_year": first, "final_year": last, "values": [], "name": "Stable", "unit": "sq km"}
        assessment = {
            "sdg": {"summary": area_list(km2)},
            "productivity": {
                "summaries": {"all_cover_types": area_list(km2), "non_water": area_list(km2)},
                "crosstabs_by_productivity_class": [of_productivity],
            },
            "land_cover": {
                "summary": area_list(km2),
                "transition_matrix": None,
                "crosstabs_by_land_cover_class": [of_productivity | {"initial_year": cover[0], "final_year": cover[1]}],
            },
            "soil_organic_carbon": {"summaries": {"all_cover_types": area_list(km2), "non_water": area_list(km2)}},
        }
        later = {"sdg": area_list(km2)} if n else None
        told["baseline" if n == 0 else f"report_{n}"] = {"period_assessment": assessment, "status_assessment": later}
    area = {"name": "Made", "crs_wkt": None}
    if shape is not None:
        geometry = json.loads(shapely.to_geojson(shape))
        area["geojson"] = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": geometry}]}
    version = {"version": "2.1.17", "release_date": "2025-01-01T00:00:00+00:00", "revision": None}
    metadata = {"title": "Made", "trends_earth_version": version, "area_of_interest": area}
    return {"metadata": metadata, "land_condition": told}


class Job:
    """A job that is written beside the planted land and held against it."""

    def __init__(self, made, results, out, folder):
        self.made, self.results, self.out, self.folder = made, results, out, folder

    @property
    def outline(self):
        return shapely.union_all(self.made.shapes)

    def write(self, content, name="made_summary.json"):
        (self.folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")

    def raster(self, bands, grid, name="made.tif", described=None):
        values = np.stack(bands).astype("int16")
        with rasterio.open(
            self.folder / name, "w", driver="GTiff", width=values.shape[2], height=values.shape[1], count=len(values),
            dtype="int16", nodata=NODATA, crs="EPSG:4326",
            transform=from_origin(grid.west, grid.north, grid.step, grid.step),
        ) as file:  # fmt: skip
            file.write(values)
            if described:
                file.descriptions = described

    def key(self, bands, name="made.tif"):
        """The key of bands that lies beside a raster."""
        told = [{"name": n, "no_data_value": NODATA, "metadata": m} for n, m in bands]
        self.write({"path": name, "bands": told}, "made_band_key.json")

    def study(self, **more):
        return self.made.study(trends_earth='"job"', **more)

    def held(self, **more):
        """The tables of the step by their endings, and its warnings by id."""
        self.out.mkdir(exist_ok=True)
        study = self.study(**more)
        work = Work(study, self.results.out, self.out)
        step.against(work)
        assert set(against_outputs(study)) == {path.name for path in self.out.iterdir()}
        tables = {}
        for ending in TABLES:
            name = f"land_against_trends_earth{ending}.parquet"
            tables[ending] = read_output(self.out / name)
            assert check(tables[ending], register()[name].table) == [], name
        return tables, {said.message: said.words for said in work.said}

    def refused(self, **more):
        """What validate says of the job; the step says it too."""
        study = self.study(**more)
        with pytest.raises(DataError) as told:
            validate(study)
        self.out.mkdir(exist_ok=True)
        with pytest.raises(DataError) as again:
            step.against(Work(study, self.results.out, self.out))
        said = " ".join(str(told.value).split())
        assert " ".join(str(again.value).split()).removesuffix(".") in said
        return said


def theirs_as_ours(results):
    """Bands of a job that judges every cell of the period as the planted land was judged."""
    own = {"productivity": "productivity", "land_cover": "cover_change", "indicator": "degradation"}
    bands = {rule: results.field(f"{name}_period").astype("int16") for rule, name in own.items()}
    bands["soil_organic_carbon"] = results.field("carbon_change_period").astype("int16")
    changed = np.isin(bands["soil_organic_carbon"], (-1, 1))
    bands["soil_organic_carbon"][changed] *= 10  # per cent
    bands["status"] = results.field("status").astype("int16")
    return {rule: np.where(values == -128, NODATA, values) for rule, values in bands.items()}


METADATA = {"period": "report_1"}
STATUS_METADATA = {"baseline_year_final": 2015, "reporting_year_final": 2023}


def given(job, bands, grid, **raster):
    job.write(report(shape=job.outline))
    job.raster(list(bands.values()), grid, **raster)
    job.key([(NAMES[rule], STATUS_METADATA if rule == "status" else METADATA) for rule in bands])


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


def test_no_folder_is_told_when_the_study_is_opened(judged):
    made, _ = judged
    with pytest.raises(StudyError, match=r'data\.trends_earth: no folder "none" beside the study file'):
        made.study(trends_earth='"none"')


def test_a_study_without_series_has_nothing_to_hold_a_job_against(job):
    job.write(report(shape=job.outline))
    study = job.study(**dict.fromkeys(job.made.layers, ""))
    assert against_outputs(study) == ()
    with pytest.raises(DataError, match="the study gives no series"):
        validate(study)


def spoilt(keys, value=None):
    """A report of which one key is another or, without a value, lacking."""

    def make(job):
        content = here = report(shape=job.outline)
        for key in keys[:-1]:
            here = here[key]
        if value is None:
            del here[keys[-1]]
        else:
            here[keys[-1]] = value
        return content

    return make


BASE = ("land_condition", "baseline", "period_assessment")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: '{"metadata": ', "made_summary.json is not whole JSON"),
        (lambda _: {"drought": {}, "metadata": {}}, "holds no report of land condition"),
        (lambda _: {"metadata": {}, "land_condition": {}}, "lacks metadata.trends_earth_version.version, metadata.area"),
        (lambda _: {"metadata": 3, "land_condition": []}, "land_condition.baseline; it is of another version or shape"),
        (spoilt((*BASE, "sdg")), "lacks land_condition.baseline.period_assessment.sdg.summary; it is of another"),
        (spoilt((*BASE, "sdg", "summary"), {"areas": [], "unit": "sq km"}), 'sdg.summary.areas "Degraded"'),
        (spoilt((*BASE, "sdg", "summary", "unit"), "acres"), 'its unit is "acres"; one of sq km, ha, m was expected'),
        (spoilt((*BASE, "sdg", "summary"), area_list((-1.0, 0.0, 0.0, 0.0))), 'the area of "Improved" is -1.0; a number'),
        (spoilt((*BASE, "sdg", "summary"), area_list((1.0, 0.0, 0.0, float("nan")))), 'area of "No data" is nan'),
        (spoilt((*BASE, "sdg", "summary"), area_list((1.0,), names=("Better",))), 'holds the class "Better"'),
        (spoilt((*BASE, "productivity", "summaries", "non_water"), 4), "productivity.summaries.all_cover_types"),
        (lambda job: report(((2000, 2010),), ((2000, 2010),), job.outline), "is of baseline (2010); the study ends its"),
        (lambda _: report(shape=shapely.box(20, 40, 21, 41)), "is of Made (west, south, east, north: 20.00, 40.00"),
        (lambda _: report(), "has no outline (metadata.area_of_interest.geojson), and the study has 2 countries"),
        (
            spoilt(("metadata", "area_of_interest", "geojson"), {"type": "Polygon"}),
            "metadata.area_of_interest cannot be read",
        ),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_read_is_refused_by_name(job, make, said):
    job.write(make(job))
    assert said in job.refused()


def places_of(content, path=()):
    """Every key of a JSON, as a path."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places_of(value, (*path, key))


def test_whatever_stands_at_a_key_of_a_report_it_is_read_or_refused_in_words():
    whole = json.dumps(report(shape=shapely.box(0, 0, 1, 1), km2=(1.0, 2.0, 3.0, 4.0)))
    refused = []
    for path in [*places_of(json.loads(whole))]:
        for odd in (None, [], {}, [1], "x", -1, True, {"type": "Point"}):
            content = here = json.loads(whole)
            for key in path[:-1]:
                here = here[key]
            here[path[-1]] = odd
            try:
                found = report_in(content)
                assert found is None or len(read_report(found, "a.json").periods) == 2
            except DataError as error:
                refused.append(str(error))
    assert len(refused) > 200
    assert all(said.startswith("data.trends_earth: a.json") for said in refused)


def test_an_empty_folder_and_one_with_several_jobs_are_refused(job):
    assert "the folder job holds no report of land condition" in job.refused()
    for name in ("b_summary.json", "a_summary.json"):
        job.write(report(shape=job.outline), name)
    assert "several reports of land condition: a_summary.json, b_summary.json" in job.refused()


def test_rasters_that_do_not_fit_are_refused(job, where):
    grid = where["grid"]
    bands = {"indicator": theirs_as_ours(job.results)["indicator"]}
    given(job, bands, Grid(100.0, 14.0, grid.step, grid.rows, grid.columns))
    assert "made.tif lies between 100.00" in job.refused()
    given(job, bands | {"land_cover": bands["indicator"]}, grid)
    job.key([(NAMES["indicator"], METADATA)])
    assert "made.tif holds 2 band(s), the JSON beside it names 1" in job.refused()
    given(job, bands | {"land_cover": bands["indicator"]}, grid)
    job.key([(NAMES["indicator"], METADATA)] * 2)
    assert "indicator of report_1 stands in several bands: made.tif band 1, made.tif band 2" in job.refused()
    (job.folder / "made.tif").write_bytes(b"II*\0 no raster")
    assert "cannot read made.tif" in job.refused()


def test_a_virtual_raster_may_read_its_own_folder_alone(job, where):
    bands = theirs_as_ours(job.results)
    given(job, bands, where["grid"])
    (job.folder / "made_band_key.json").unlink()
    source = '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Int16" band="1"><SimpleSource>'
    source += (
        '<SourceFilename relativeToVRT="1">../ndvi.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>'
    )
    (job.folder / "away.vrt").write_text(source, encoding="utf-8")
    assert "away.vrt is a virtual raster that reads" in job.refused()


@pytest.mark.parametrize(
    ("rule", "value", "said"),
    [
        ("indicator", 2, 'band 1 ("SDG 15.3.1 Indicator") holds 2; -1, 0, 1, -32768 and -32767 were expected'),
        ("productivity", 7, "holds 7; 0, 1, 2, 3, 4, 5, 15"),
        ("soil_organic_carbon", -200, "holds -200; -101 or more, per cent"),
        ("status", -1, "holds -1; 1, 2, 3, 4, 5, 6, 7"),
    ],
)
def test_a_value_that_a_band_can_not_hold_is_told_by_the_run_and_where_values_are_validated(
    job, where, rule, value, said
):
    bands = {rule: theirs_as_ours(job.results)[rule]}
    bands[rule][4, 4] = value
    given(job, bands, where["grid"])
    job.out.mkdir()
    study = job.study()
    with pytest.raises(DataError) as told:
        step.against(Work(study, job.results.out, job.out))
    assert said in str(told.value)
    with pytest.raises(DataError) as told:
        validate(study, values=True)
    assert said in str(told.value)
