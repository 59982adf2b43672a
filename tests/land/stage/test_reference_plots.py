# SPDX-License-Identifier: Apache-2.0
"""Plots in a study: drawn blind from its map, given back, and held against it; what is wrong with them is told by row."""

from __future__ import annotations

import csv

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from homeground.catalogue.plot_files import write_plots
from homeground.chain.checks import validate
from homeground.errors import DataError
from homeground.land.reference import draw as drawing
from homeground.land.reference import step
from homeground.land.reference.draw import draw_plots
from homeground.land.reference.estimate import stratified_areas
from homeground.land.reference.files import reference_inputs, reference_outputs
from homeground.land.reference.plots import states_at
from homeground.land.reference.step import by_country, mapped_areas
from homeground.land.stage.finding import _by_plots
from homeground.numbers.table_check import check
from homeground.running.steps import Work
from homeground.running.tables.register import read_output, register
from homeground.study.opening import open_study

ASKED = {"precision": 0.2, "accuracy": 0.8, "least": 4}
HEAD = "longitude,latitude,year,seen\n"


@pytest.fixture(scope="module")
def judged(new_land, tmp_path_factory):
    """The planted land in two countries, judged once."""
    made = new_land(tmp_path_factory.mktemp("plots") / "made")
    return made, made.run()


def given(made, text, name="plots.csv"):
    """The study with a table of plots."""
    (made.folder / name).write_text(text, encoding="utf-8")
    return made.study(reference_plots=f'"{name}"')


def held(judged, text):
    """What a run of the step leaves with a table of plots, its warnings by id."""
    made, results = judged
    work = Work(given(made, text), results.out, results.out)
    step.reference(work)
    tables = [read_output(results.out / name) for name in ("land_reference.parquet", "land_reference_matrix.parquet")]
    for name, table in zip(("land_reference", "land_reference_matrix"), tables, strict=True):
        assert check(table, register()[f"{name}.parquet"].table) == []
    return *tables, {said.message: said.words for said in work.said}


def rows_of(table, seen):
    return HEAD + "".join(
        f"{x},{y},2020,{one}\n" for x, y, one in zip(table["longitude"], table["latitude"], seen, strict=True)
    )


def test_plots_are_drawn_within_each_class_and_lie_in_their_country(judged):
    made, results = judged
    drawn = draw_plots(made.study(), results.out, **ASKED)
    states = states_at(results.out / "land.zarr/degradation", drawn.plots)
    found = pd.DataFrame({"iso3": drawn.plots["iso3"], "state": states}).value_counts().to_dict()
    wanted = drawn.sizes[drawn.sizes["plots"] > 0]
    assert found == {(a, b): n for a, b, n in zip(wanted["iso3"], wanted["state"], wanted["plots"], strict=True)}
    assert set(wanted["iso3"]) == {"GMB", "SEN"}
    shapes = dict(zip(("GMB", "SEN"), made.shapes, strict=True))
    places = shapely.points(drawn.plots["longitude"], drawn.plots["latitude"])
    assert all(shapes[iso3].intersects(place) for iso3, place in zip(drawn.plots["iso3"], places, strict=True))
    assert drawn.plots.geometry.contains(gpd.GeoSeries(places, crs=4326)).all()  # centre of its cell
    assert not drawn.plots[["longitude", "latitude"]].duplicated().any()
    mapped = mapped_areas(results.table("land_status"))
    assert drawn.sizes["mapped_km2"].sum() == pytest.approx(mapped.to_numpy().sum())


def test_the_same_study_gives_the_same_plots_and_a_finer_draw_keeps_them(judged):
    made, results = judged
    study = made.study()
    one, again = (draw_plots(study, results.out, **ASKED).plots for _ in range(2))
    assert one.equals(again)
    finer = draw_plots(study, results.out, **ASKED | {"least": 9}).plots
    assert len(finer) > len(one)
    assert set(zip(one["longitude"], one["latitude"], strict=True)) < set(
        zip(finer["longitude"], finer["latitude"], strict=True)
    )


def test_every_cell_of_a_class_is_as_likely(judged, monkeypatch):
    """Over many seeds each of the cells of a class is drawn about as often as another (their areas are alike)."""
    made, results = judged
    counts, times, study = {}, 150, made.study()
    for seed in range(times):
        monkeypatch.setattr(drawing, "SEED", seed)
        plots = draw_plots(study, results.out, **ASKED).plots
        stable = plots[
            (plots["iso3"] == "GMB") & (states_at(results.out / "land.zarr/degradation", plots) == "degraded")
        ]
        for place in zip(stable["longitude"], stable["latitude"], strict=True):
            counts[place] = counts.get(place, 0) + 1
    cells, drawn = 16, len(stable)  # two columns of eight rows fall
    assert len(counts) == cells
    expected = times * drawn / cells
    spread = np.sqrt(expected * (1 - drawn / cells))
    assert max(abs(n - expected) for n in counts.values()) < 4 * spread


def test_files_for_visitors_do_not_say_what_the_map_thinks(judged, tmp_path):
    made, results = judged
    drawn = draw_plots(made.study(), results.out, **ASKED)
    written = write_plots(drawn.plots, tmp_path / "visit", year=2023)
    assert [path.name for path in written] == ["plots.gpkg", "plots.kml", "plots.csv"]
    for path in written[1:]:
        assert not any(
            word in path.read_text("utf-8-sig").lower() for word in ("degraded", "stable", "improved", "status")
        )
    points, cells = (gpd.read_file(written[0], layer=layer) for layer in ("plots", "cells"))
    kml = gpd.read_file(written[1])
    assert set(points.columns) == {"plot", "iso3", "longitude", "latitude", "year", "seen", "geometry"}
    assert (points["seen"].fillna("") == "").all()
    assert (points.geom_type == "Point").all()
    assert (cells.geom_type == "Polygon").all()
    assert kml["Name"].tolist() == points["plot"].tolist() == drawn.plots["plot"].tolist()
    assert kml.geometry.x.tolist() == pytest.approx(drawn.plots["longitude"].tolist())
    # Names and order go by place alone: from north to south, west to east.
    order = np.lexsort((points["longitude"], -points["latitude"]))
    assert order.tolist() == list(range(len(points)))
    with pytest.raises(DataError, match=r"holds plots.gpkg.*not written over"):
        write_plots(drawn.plots, tmp_path / "visit", year=2023)


def test_a_folder_that_cannot_be_written_to_is_told_in_one_line(judged, tmp_path):
    made, results = judged
    (tmp_path / "file").write_text("")
    drawn = draw_plots(made.study(), results.out, **ASKED)
    with pytest.raises(DataError, match="cannot be written to") as told:
        write_plots(drawn.plots, tmp_path / "file" / "plots", year=2023)
    assert "\n" not in str(told.value)


def test_filled_in_and_given_back_they_give_the_areas(judged, tmp_path):
    """Whoever saw what the map says gives its own areas; the CSV comes back as it was written, with only seen filled."""
    made, results = judged
    drawn = draw_plots(made.study(), results.out, **ASKED)
    written = write_plots(drawn.plots, tmp_path / "visit", year=2023)[-1]
    states = states_at(results.out / "land.zarr/degradation", drawn.plots)
    with written.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, state in zip(rows, states, strict=True):
        row["seen"] = state.upper()  # however it is spelled
    with (made.folder / "back.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        out.writeheader()
        out.writerows(rows)
    study = made.study(reference_plots='"back.csv"')
    validate(study)
    work = Work(study, results.out, results.out)
    step.reference(work)
    assert work.said == []
    table = results.table("land_reference")
    assert table["estimated_km2"].tolist() == pytest.approx(table["mapped_km2"].tolist())
    assert (table["standard_error_km2"] < 1e-9).all()
    assert table.loc[table["iso3"] != "", "plots"].sum() == len(rows)


def test_of_several_countries_areas_and_variances_add_up(judged):
    made, results = judged
    drawn = draw_plots(made.study(), results.out, **ASKED)
    states = states_at(results.out / "land.zarr/degradation", drawn.plots)
    rng = np.random.default_rng(3)
    seen = np.where(rng.random(len(states)) < 0.6, states, "stable")
    table, matrix, _ = held(judged, rows_of(drawn.plots, seen))
    whole = table[table["iso3"] == ""].set_index("state")
    parts = table[table["iso3"] != ""].groupby("state")
    assert (whole["estimated_km2"] - parts["estimated_km2"].sum()).abs().max() < 1e-9
    variance = parts["standard_error_km2"].agg(lambda errors: float((errors**2).sum()))
    assert (whole["standard_error_km2"] ** 2 - variance).abs().max() < 1e-9
    assert whole[["users_accuracy", "producers_accuracy"]].isna().all().all()
    # One country is the estimate of its plots alone.
    mapped = mapped_areas(results.table("land_status")).loc["SEN"]
    here = (drawn.plots["iso3"] == "SEN").to_numpy()
    alone = stratified_areas(mapped, pd.DataFrame({"map_class": states[here], "seen": seen[here]})).areas
    assert table.loc[table["iso3"] == "SEN", "estimated_km2"].tolist() == pytest.approx(alone["estimated_km2"].tolist())
    assert matrix.groupby("iso3")["plots"].sum().to_dict() == drawn.plots["iso3"].value_counts().to_dict()
    assert [said.message for said in _by_plots(results.out)] == ["finding.land.sampled"]


def test_plots_without_class_or_verdict_are_told_and_left_out(judged, where):
    """In the flat block, columns 4 and 5, the first rows have no vegetation: no verdict there."""
    made, results = judged
    grid = where["grid"]
    gap = grid.longitude[4], grid.latitude[0]
    drawn = draw_plots(made.study(), results.out, **ASKED)
    states = states_at(results.out / "land.zarr/degradation", drawn.plots)
    text = rows_of(drawn.plots, ["", *states[1:]]) + f"{gap[0]},{gap[1]},2020,stable\n"
    table, _, warnings = held(judged, text)
    assert warnings == {"warning.reference.not_seen": {"n": 1}, "warning.reference.no_verdict": {"n": 1}}
    assert table.loc[table["iso3"] != "", "plots"].sum() == len(drawn.plots) - 1


def test_a_class_with_no_plots_or_one_has_no_area_or_no_interval(judged):
    made, results = judged
    drawn = draw_plots(made.study(), results.out, **ASKED)
    states = states_at(results.out / "land.zarr/degradation", drawn.plots)
    home = drawn.plots["iso3"] == "GMB"
    first = (states[home] == "degraded").idxmax()
    keep = ~(home & (states == "degraded")) | (drawn.plots.index == first)
    table, _, warnings = held(judged, rows_of(drawn.plots[keep], states[keep]))
    assert warnings == {"warning.reference.one_plot": {"country": "GMB"}}
    rows = table[table["iso3"].isin(["GMB", ""])]
    assert (rows["unknown_because"] == "one_plot").all()
    assert rows["estimated_km2"].notna().all()
    assert rows["estimated_km2_low"].isna().all()
    assert table.loc[table["iso3"] == "SEN", "unknown_because"].isna().all()
    table, matrix, warnings = held(judged, rows_of(drawn.plots[~home], states[~home]))
    assert warnings == {"warning.reference.no_plots": {"country": "GMB"}}
    assert table.loc[table["iso3"].isin(["GMB", ""]), "estimated_km2"].isna().all()
    assert matrix.loc[matrix["iso3"] == "GMB", "plots"].sum() == 0
    assert _by_plots(results.out) == []


FAULTS = {
    "an unknown class": ("-16.9,13.9,2020,degradet\n", r"seen: one of degraded, stable, improved was expected; row 2 \(degradet\)"),
    "a place outside": ("-16.9,13.9,2020,stable\n2.3,48.8,2020,stable\n", r"longitude, latitude: row 3 \(2.3, 48.8\): lies in no region"),
    "a year outside": ("-16.9,13.9,1999,stable\n", r"year: row 2 \(1999\): outside the period of the study, 2016 to 2023"),
    "a place twice": ("-16.9,13.9,2020,stable\n-16.9,13.9,2021,degraded\n", r"longitude, latitude.*row"),
    "no number": ("west,13.9,2020,stable\n", r"longitude: row 2 \(west\): a number was expected"),
    "off the Earth": ("-16.9,99,2020,stable\n", r"latitude: .*90.* was expected; row 2"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_validate_tells_what_is_wrong_by_row_and_column(land, fault):
    text, said = FAULTS[fault]
    land.study()
    with pytest.raises(DataError, match=said):
        validate(given(land, HEAD + text))


def test_all_faults_are_told_at_once(land):
    land.study()
    rows = "-16.9,13.9,1999,stable\n2.3,48.8,2020,stable\n-16.8,13.9,2020,good\n"
    with pytest.raises(DataError) as told:
        validate(given(land, HEAD + rows))
    assert all(part in str(told.value) for part in ("row 2 (1999)", "row 3 (2.3, 48.8)", "row 4 (good)"))


def test_plots_need_a_map_of_status(land):
    land.layers.pop("soil_carbon")
    land.study()
    study = given(land, HEAD + "-16.9,13.9,2020,stable\n")
    with pytest.raises(DataError, match="held against the map of status"):
        validate(study)
    assert reference_outputs(study) == ()
    assert reference_inputs(study) == {}
    with pytest.raises(DataError, match="has no map of status to draw plots from"):
        draw_plots(study, land.folder / "out", **ASKED)


def test_without_plots_there_is_no_step(land):
    study = land.study()
    assert reference_outputs(study) == ()
    work = Work(study, land.folder, land.folder)
    step.reference(work)
    assert not list(land.folder.glob("*.parquet"))
    assert work.said == []


def test_plots_cannot_be_drawn_before_a_run(land):
    with pytest.raises(DataError, match="homeground run made"):
        draw_plots(land.study(), land.folder / "nothing", **ASKED)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"precision": 0.0}, "precision: 0.005 to 0.25"),
        ({"precision": 5.0}, "precision: 0.005 to 0.25"),
        ({"accuracy": 1.0}, "accuracy: 0.5 to 1"),
        ({"accuracy": 0.2}, "accuracy: 0.5 to 1"),
        ({"least": 1}, "least: 2 to 1000"),
    ],
)
def test_what_is_asked_out_of_range_is_refused_in_one_line(judged, asked, said):
    made, results = judged
    with pytest.raises(DataError, match=said) as told:
        draw_plots(made.study(), results.out, **ASKED | asked)
    assert "\n" not in str(told.value)


def test_a_country_without_land_that_has_a_verdict_is_left_out():
    mapped = pd.DataFrame({"degraded": [5.0, 0.0], "stable": [5.0, 0.0], "improved": [0.0, 0.0]}, index=["GMB", "SEN"])
    plots = pd.DataFrame(
        {"iso3": "GMB", "state": ["degraded"] * 2 + ["stable"] * 2, "seen": ["degraded"] * 2 + ["stable"] * 2}
    )
    table, _ = by_country(mapped, plots)
    assert table["iso3"].unique().tolist() == ["GMB"]


def test_the_study_opens_again_with_plots(judged):
    made, _ = judged
    given(made, HEAD + "-16.9,13.9,2020,stable\n")
    study = open_study(made.folder)
    assert reference_outputs(study) == ("land_reference.parquet", "land_reference_matrix.parquet")
    assert "reference_plots: plots.csv" in reference_inputs(study)
