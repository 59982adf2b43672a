# SPDX-License-Identifier: Apache-2.0
"""Matrices, corrections, abandonment, layers of other tools, and studies that give a part only."""

from __future__ import annotations

import numpy as np
import pytest

from homeground.errors import DataError

MISSING = -128


def matrix(path, zones, **changes):
    """Rows of 49 pairs for each zone; ``changes`` as zone: {(first, last): sign}; the others are 0."""
    lines = ["initial,final,change,zone"]
    for zone in zones:
        pairs = changes.get(f"zone{zone}", {})
        lines += [f"{a},{b},{pairs.get((a, b), 0)},{zone}" for a in range(1, 8) for b in range(1, 8)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_matrix_of_the_country(land, where):
    land.folder.mkdir()
    matrix(land.folder / "m.csv", [0])
    found = land.run(matrix='"m.csv"')
    assert (found.field("cover_change_baseline")[:, where["blocks"]["cut"]] == 0).all()
    verdict = found.field("degradation_baseline")
    assert (verdict[where["early"]] == -1).all()  # by carbon alone
    assert (verdict[where["late"]] == 0).all()


@pytest.mark.parametrize("covered", [True, False])
def test_a_matrix_for_each_zone(land, where, covered):
    land.folder.mkdir()
    matrix(land.folder / "m.csv", [1, 2], zone1={(1, 3): 1}, zone2={(1, 3): -1})
    shapes = [where["columns"](0, 14, 0, 4), where["columns"](0, 14, 4, 8 if covered else 6)]
    land.polygons("z.geojson", shapes, zone=[1, 2])
    found = land.run(matrix='"m.csv"', matrix_zones='"z.geojson"')
    change = found.field("cover_change_baseline")
    assert (change[where["early"]] == 1).all()
    assert (change[4:6, where["blocks"]["cut"]] == -1).all()
    assert (change[6:, where["blocks"]["cut"]] == (-1 if covered else MISSING)).all()
    assert any("lie in no zone" in text for text in found.warnings) is not covered


def test_faults_of_a_matrix_are_told_together(land):
    land.folder.mkdir()
    rows = [f"{a},{b},0" for a in range(1, 8) for b in range(1, 8)]
    rows[0], rows[1], rows[2] = "one,1,0", "1,9,0", rows[3]
    (land.folder / "m.csv").write_text("\n".join(["initial,final,change", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        land.run(matrix='"m.csv"')
    for part in (
        "data.matrix: m.csv has 3 problems",
        "initial: row 2 (one): a number was expected.",
        "final: one of 1, 2, 3, 4, 5, 6, 7 was expected; row 3 (9)",
        "initial, final: each may stand once; row 4 (1, 4), row 5 (1, 4)",
    ):
        assert part in str(caught.value)


def test_a_matrix_that_is_not_whole_says_what_it_lacks(land):
    land.folder.mkdir()
    rows = [f"{a};{b};0" for a in range(1, 8) for b in range(1, 8)][3:]
    (land.folder / "m.csv").write_text("\n".join(["Initial;final;change", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"data.matrix: m.csv: lacks 1 to 1, 1 to 2, 1 to 3. Give all 49 pairs"):
        land.run(matrix='"m.csv"')


def test_a_class_by_its_name_is_refused_with_its_number(land):
    land.folder.mkdir()
    (land.folder / "m.csv").write_text("initial,final,change\nCropland,1,0\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"row 2 \(Cropland\): a number was expected. Did you mean 3 \(cropland\)"):
        land.run(matrix='"m.csv"')


def test_corrections_change_the_map_and_are_counted(land, where):
    land.folder.mkdir()
    inside, far = where["columns"](0, 2, 0, 4), where["columns"](40, 42)
    land.polygons(
        "e.geojson", [inside, far], uuid=["u1", "u2"], location_name=["north", "far"],
        periods_affected=[["baseline", "report_2"]] * 2, recode_deg_to=[0, 0], recode_stable_to=[None, None],
        recode_imp_to=[None, None], process_driving_change=["harvest", ""], basis_for_judgement=["visit", "visit"],
    )  # fmt: skip
    found = land.run(error_polygons='"e.geojson"')
    for period in ("baseline", "period"):
        verdict = found.field(f"degradation_{period}")
        assert (verdict[:4, :2] == 0).all()
        assert (verdict[4:, :2] == -1).all()
        assert (found.field(f"productivity_{period}")[:, :2] == 1).all()  # the sub-indicator stays
    assert (found.field("status")[:4, :2] == 4).all()
    table = found.table("land_corrections")
    changed = table[table["before"] != table["after"]].set_index("period")
    km2 = where["grid"].row_areas[:4].sum() * 2
    assert changed["area_km2"].to_dict() == pytest.approx({"baseline": km2, "period": km2})
    assert (
        changed[["before", "after", "uuid", "basis_for_judgement"]].to_numpy().tolist() == [[-1, 0, "u1", "visit"]] * 2
    )
    assert any("far" in text for text in found.warnings)


def abandon(land, where):
    """Crops to 2011 in the rising block, then trees."""
    land.cover[:12, :, where["blocks"]["rising"]] = 3
    land.cover[12:, :, where["blocks"]["rising"]] = 1
    return land


def test_greening_of_fields_that_people_left_is_no_improvement(land, where):
    rising = where["blocks"]["rising"]
    found = abandon(land, where).run()
    for period in ("baseline", "period"):
        assert (found.field(f"abandoned_{period}")[:, rising] == 1).all()
        assert (found.field(f"degradation_{period}")[:, rising] == 0).all()
        assert (found.field(f"productivity_{period}")[:, rising] == 5).all()
    assert (found.field("cover_change_baseline")[:, rising] == 1).all()
    # 1/0.58 of the stock within twenty years, four of them by 2015.
    percent = found.field("carbon_percent_baseline")[:, rising]
    np.testing.assert_allclose(percent, 100 * 4 * (1 / 0.58 - 1) / 20, rtol=1e-5)


def test_unless_someone_confirms_it_or_the_rest_was_too_short(land, where):
    rising = where["blocks"]["rising"]
    abandon(land, where).folder.mkdir()
    land.polygons("c.geojson", [where["columns"](2, 4, 0, 4)], note=["planted"])
    found = land.run(abandonment_confirmed='"c.geojson"', out="confirmed")
    assert (found.field("degradation_baseline")[:4, rising] == 1).all()
    assert (found.field("degradation_baseline")[4:, rising] == 0).all()
    longer = land.run("sensitivity = false\nabandonment_years = 5", out="longer")  # four years by 2015, twelve by 2023
    assert (longer.field("degradation_baseline")[:, rising] == 1).all()
    assert (longer.field("degradation_period")[:, rising] == 0).all()


def test_fields_that_no_longer_rise_and_fall_are_abandoned(land, where):
    """Maps of cover of three years only: the months of the index tell whether a field is still used."""
    rising, falling = where["blocks"]["rising"], where["blocks"]["falling"]
    season = 0.2 * np.cos(2 * np.pi * np.arange(12) / 12)[None, :, None, None]
    strength = np.ones(land.ndvi.shape)[:, None]
    strength[11:, ..., rising] = 0.1  # out of use from 2011 on
    months = land.ndvi[:, None] + season * strength
    land.ndvi = months.reshape(-1, *months.shape[2:])
    land.cover[..., rising] = land.cover[..., falling] = 3
    land.folder.mkdir()
    for year in (2000, 2015, 2023):
        land.write(f"map_{year}.tif", land.cover[year - 2000])
    found = land.run(
        cover_series='{ path = "map_*.tif", legend = "unccd" }',
        ndvi='{ path = "ndvi.tif", first = "2000-01", scale = 0.0001 }',
    )
    assert set(found.facts("degradation")["abandonment"].values()) == {"ndvi"}
    for period in ("baseline", "period"):
        gone = found.field(f"abandoned_{period}")
        assert (gone[:, rising] == 1).all()
        assert (gone[:, falling] == 0).all()
        assert (gone[:, where["blocks"]["poor"]] == 0).all()  # never cropland
        assert (found.field(f"degradation_{period}")[:, rising] == 0).all()
        assert (found.field(f"productivity_{period}")[:, falling] == 1).all()  # months average to the planted years


def test_classes_of_another_tool_stand_in_for_the_index(land, where):
    land.folder.mkdir()
    codes = np.full(where["grid"].shape, 4, "uint8")
    codes[:, 0:6] = np.array([1, 2, 3, 5, 0, 15])
    for name in ("baseline", "period"):
        land.write(f"p_{name}.tif", codes)
    given = {f"productivity_{name}": f'"p_{name}.tif"' for name in ("baseline", "period")}
    land.cover[:, 2:4, 4:6] = 2  # no water
    found = land.run(land="", ndvi=None, **given)
    expected = np.where(np.isin(codes, (0, 15)), MISSING, codes.astype(int))[:4, :12]
    np.testing.assert_array_equal(found.field("productivity_baseline")[:4, :12], expected)
    assert found.field("degradation_period")[0, :6].tolist() == [-1, -1, 0, 1, MISSING, MISSING]
    assert found.field("status")[0, :6].tolist() == [1, 1, 4, 7, MISSING, MISSING]
    assert "profile" not in set(found.table("sensitivity")["setting"])
    assert (found.table("degradation").groupby("period")["area_km2"].sum().diff().dropna().abs() < 1e-6).all()
    land.write("p_period.tif", codes + 6)
    with pytest.raises(DataError, match="classes 1 to 5 were expected"):
        land.run(ndvi=None, out="wrong", **given)


def test_the_index_alone_gives_productivity_and_says_what_is_missing(tmp_path, new_land, where):
    land = new_land(tmp_path / "made")
    land.layers = {"ndvi": where["layers"]["ndvi"]}
    found = land.run(land="")
    assert (found.field("productivity_baseline")[:, where["blocks"]["falling"]] == 1).all()
    assert (found.field("degradation_baseline") == MISSING).all()
    told = next(text for text in found.warnings if "all three sub-indicators" in text)
    assert "not given: cover_series and soil_carbon." in told
    table = found.table("degradation")
    assert set(table["cover_change"]) == set(table["degradation"]) == {MISSING}
    assert table.groupby("period")["area_km2"].sum().nunique() == 1
    assert found.table("land_status").empty
    assert found.table("sensitivity").empty
    assert sorted(p.stem for p in (found.out / "maps").glob("*.tif")) == [
        "productivity_baseline",
        "productivity_period",
    ]


def test_without_the_sensitivity_only_the_chosen_test_is_worked_out(land):
    found = land.run("sensitivity = false")
    names = {path.name for path in (found.out / "land.zarr" / "vegetation").iterdir()}
    assert not any("hamed" in name or "whiten" in name for name in names)
    facts = found.facts("degradation")
    assert "degraded_low" not in facts  # no range is said where no other choice was tried
    assert facts["degraded_share"] > 0


def test_each_choice_moves_the_share_by_the_land_it_touches(land, where):
    cut, grid = where["blocks"]["cut"], where["grid"]
    land.cover[..., cut] = 1
    land.cover[21:, :, cut] = 3  # three years of loss by 2023: 3 * 1.05 of 50 t/ha are 6.3 %
    land.folder.mkdir()
    matrix(land.folder / "m.csv", [0])
    found = land.run(land="", matrix='"m.csv"')
    table = found.table("sensitivity").set_index(["setting", "value"])
    km2 = grid.row_areas.sum()
    status = found.table("land_status")
    whole = status.loc[status["status"] != -128, "area_km2"].sum()  # land with a verdict: no inland water, no gaps
    assert 10 * km2 < whole < 12 * km2 + grid.row_areas[:6].sum() / 2 - 2 * grid.row_areas[2:4].sum()
    step = 100 * 2 * km2 / whole
    assert table.loc[("soil carbon threshold (%)", "5"), "change"] == pytest.approx(step, rel=1e-6)
    assert table.loc[("soil carbon threshold (%)", "15"), "change"] == pytest.approx(0, abs=1e-9)
    assert table.loc[("transition matrix", "UNCCD default"), "change"] == pytest.approx(step, rel=1e-6)
    facts = found.facts("degradation")
    assert facts["degraded_high"] >= facts["degraded_share"] + step * (1 - 1e-6)
    assert facts["degraded_low"] <= facts["degraded_share"]


def test_a_coarser_grid_of_the_study_keeps_the_area(land, where):
    found = land.run("sensitivity = false\ngrid = 0.1")
    assert found.field("productivity_baseline").shape == (4, 7)
    assert (found.field("productivity_baseline")[:, 0] == 1).all()
    assert (found.field("productivity_baseline")[:, 1] == 5).all()
    methods = found.table("alignment").set_index("layer")["method"]
    assert methods["ndvi"] == "average"
    assert methods["cover_series"] == "mode"  # two by two cells
    grid = where["grid"]
    expected = 12 * grid.row_areas.sum() + grid.row_areas[:6].sum() / 2
    for _, rows in found.table("degradation").groupby("period"):
        assert rows["area_km2"].sum() == pytest.approx(expected, rel=1e-6)


def test_own_stocks_of_several_years(land):
    stocks = np.stack([np.full(land.carbon.shape, v, "float32") for v in (60.0, 54.0, 54.0, 60.0)])
    land.folder.mkdir()
    years = ["2000", "2015", "2016", "2023"]
    for year, values in zip(years, stocks, strict=True):
        land.write(f"own_{year}.tif", values)
    found = land.run(soil_carbon='{ path = "own_*.tif", units = "t/ha" }')
    np.testing.assert_allclose(found.field("carbon_percent_baseline")[0], -10.0, rtol=1e-6)
    assert (found.field("carbon_change_baseline")[0] == -1).all()
    np.testing.assert_allclose(found.field("carbon_percent_period")[0], 100 / 9, rtol=1e-6)
    assert not any("carbon" in text for text in found.warnings)
    (land.folder / "own_2023.tif").unlink()
    found = land.run(soil_carbon='{ path = "own_*.tif", units = "t/ha" }', out="short")
    assert any("Soil carbon of 2023 is not in the series; the map of 2016 stands for it" in w for w in found.warnings)


def test_cover_that_ends_early_is_told(land, where):
    land.cover = land.cover[:21]
    found = land.run()
    assert "Land cover of 2023 is not in the series; the map of 2020 stands for it." in found.warnings


def test_between_maps_of_cover_the_one_before_stands(land, where):
    """Of forest that fell in 2010 and in 2012, both are first seen on the map of 2012: four years of loss by 2015."""
    land.folder.mkdir()
    for year in (2000, 2012, 2023):
        land.write(f"map_{year}.tif", land.cover[year - 2000])
    found = land.run(cover_series='{ path = "map_*.tif", legend = "unccd" }')
    for place in ("early", "late"):
        np.testing.assert_allclose(
            found.field("carbon_percent_baseline")[where[place]], -100 * 4 * 1.05 / 50, rtol=1e-5
        )
    assert "Land cover of 2015 is not in the series; the map of 2012 stands for it." in found.warnings
    assert any(text.startswith("Land cover of 20 years between has no map") for text in found.warnings)


def legend(land, text):
    land.folder.mkdir(exist_ok=True)
    (land.folder / "own.csv").write_text(text, encoding="utf-8")
    return '{ path = "cover.tif", first = "2000", legend = "own.csv" }'


def test_a_legend_of_ones_own(land, where):
    land.cover = land.cover * 10
    said = legend(land, "code,unccd_class,note\n10,1,forest\n20,2,\n30,3,\n70,7,\n")
    found = land.run(cover_series=said)
    assert (found.field("cover_2000")[:, where["blocks"]["cut"]] == 1).all()
    assert (found.field("cover_change_baseline")[:, where["blocks"]["cut"]] == -1).all()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("code,class\n1,1\n", 'lacks the column "unccd_class"'),
        ("code;unccd_class\n1;1\n1;2\n", r"each may stand once; row 2 \(1\), row 3 \(1\)"),
        ("code,unccd_class\n1,tree\n2,grass\n", r"row 2 \(tree\), row 3 \(grass\): a number was expected"),
        ("code,unccd_class\n1,9\n", r"one of -128, 1, .* was expected; row 2 \(9\)"),
        ("code,unccd_class\n1,1\n2,2\n", r"codes that legend 'own.csv' does not have: .*7 \("),
    ],
)
def test_legends_that_do_not_fit(land, text, match):
    with pytest.raises(DataError, match=match):
        land.run(cover_series=legend(land, text))


def test_an_index_without_values_is_refused(land):
    land.ndvi[:] = np.nan
    with pytest.raises(DataError, match=r"ndvi.*no value.*nodata"):
        land.run()


def test_an_index_that_begins_too_late_says_so(land):
    land.ndvi = land.ndvi[10:]
    with pytest.raises(DataError, match=r"past years of the baseline, 2000 to 2012, the series has 2010-2012"):
        land.run(ndvi='{ path = "ndvi.tif", first = "2010", scale = 0.0001 }')


def test_a_matrix_of_one_zone_holds_inside_its_polygon_only(land, where):
    land.folder.mkdir()
    matrix(land.folder / "m.csv", [1], zone1={(1, 3): 1})
    land.polygons("z.geojson", [where["columns"](0, 14, 0, 4)], zone=[1])
    change = land.run(matrix='"m.csv"', matrix_zones='"z.geojson"').field("cover_change_baseline")
    assert (change[where["early"]] == 1).all()
    assert (change[4:, where["blocks"]["cut"]] == MISSING).all()


@pytest.mark.parametrize("zone", [257, 0, None])
def test_zones_that_fit_no_byte_are_refused(land, where, zone):
    land.folder.mkdir()
    matrix(land.folder / "m.csv", [1])
    land.polygons("z.geojson", [where["columns"](0, 14)], zone=[zone])
    with pytest.raises(DataError, match="numbers from 1 to 127 were expected"):
        land.run(matrix='"m.csv"', matrix_zones='"z.geojson"')


def test_the_pace_compares_land_that_was_judged_both_times(land, where):
    """Falling land whose index ends in 2015 for the upper half: less is known later, nothing has improved."""
    land.ndvi[16:, :4, where["blocks"]["falling"]] = np.nan
    land.ndvi[..., where["blocks"]["dipped"]] = 0.5
    land.cover[..., where["blocks"]["cut"]] = 1  # no other land changes its verdict
    found = land.run(land="")
    before = found.field("degradation_baseline")[:, where["blocks"]["falling"]]
    after = found.field("status")[:, where["blocks"]["falling"]]
    assert (before == -1).all()
    assert (after[:4] == MISSING).all()
    assert (after[4:] == 1).all()
    pace = found.facts("degradation")["business_as_usual"]
    assert pace["annual_km2"] == pytest.approx(0.0, abs=1e-9)
    assert pace["projected_km2"] == pytest.approx(2 * where["grid"].row_areas[4:].sum(), rel=1e-6)


def test_an_index_scaled_twice_is_said(land):
    found = land.run(ndvi='{ path = "ndvi.tif", first = "2000", scale = 0.000001 }')
    assert any("vegetation index of the best land is 0.00" in text for text in found.warnings)
    assert not any("vegetation index of the best land" in text for text in land.run(out="right").warnings)


def test_zones_between_whole_numbers_are_refused(land, where):
    land.folder.mkdir()
    matrix(land.folder / "m.csv", [1, 2])
    land.polygons("z.geojson", [where["columns"](0, 14)], zone=[1.5])
    with pytest.raises(DataError, match=r"zone 1\.5; numbers from 1 to 127"):
        land.run(matrix='"m.csv"', matrix_zones='"z.geojson"')
    matrix(land.folder / "m.csv", [0, 1])
    with pytest.raises(DataError, match="zone 0; 1 to 127 were expected"):
        land.run(matrix='"m.csv"', matrix_zones='"z.geojson"', out="nought")
