# SPDX-License-Identifier: Apache-2.0
"""Jobs of Trends.Earth that cannot be read or do not fit the study are refused, each by what is wrong with it."""

from __future__ import annotations

import json

import pytest
import shapely
from tests.land.stage.trends_earth_jobs import (
    METADATA,
    NAMES,
    area_list,
    given,
    report,
    theirs_as_ours,
)

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.trends_earth.report import read_report, report_in
from homeground.chain.checks import validate
from homeground.errors import DataError, StudyError
from homeground.land.against import step
from homeground.land.against.files import against_outputs
from homeground.running.steps import Work


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
