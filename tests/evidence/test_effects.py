# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import importlib.util
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from homeground.errors import DataError
from homeground.evidence import check_effects, country_reading, moderators_of, synthesise
from homeground.evidence.effects import COLUMNS, METRICS, SUBREGION
from homeground.evidence.synthesis import REASONS

SHIPPED = Path(str(files("homeground"))) / "catalogue" / "figures" / "effects.csv"
TOOLS = Path(__file__).resolve().parents[2] / "tools"
ROW = dict.fromkeys(COLUMNS, "") | {
    "study": "A study",
    "iso3s": "MLI",
    "region": "Western Africa",
    "driver": "drought",
    "driver_direction": "more",
    "outcome": "international",
    "metric": "percentage_points",
    "contrast": "yes/no",
    "stance": "environment",
    "evidence_level": "3",
    "use_for_pooling": "yes",
}


def raw(*changes):
    made = [ROW | {"effect_id": f"e{i}", "cluster": f"c{i}"} | change for i, change in enumerate(changes)]
    return pd.DataFrame(made)


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def library():
    return check_effects(read(SHIPPED))


# ---- the checks


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"metric": ""}, "metric is missing in row: 2 e1"),
        ({"metric": "people"}, "metric is not one of .*: e1"),
        ({"estimate": "about 5"}, "estimate is not a number: e1"),
        ({"standard_error": "-0.1"}, "standard_error is not above zero: e1"),
        ({"standard_error": "0"}, "standard_error is not above zero: e1"),
        ({"ci_low": "2", "ci_high": "3"}, "interval does not hold the estimate: e1"),
        ({"driver_direction": "rising"}, "driver_direction is not one of more, less: e1"),
        ({"driver_direction": ""}, "driver_direction is not one of more, less: e1"),
        ({"sign": "up"}, "sign is not one of"),
        ({"estimate": ""}, '"sign_only" goes with rows without an estimate'),
        ({"estimate": "", "metric": "sign_only"}, "neither an estimate nor a sign: e1"),
        ({"evidence_level": "5"}, "evidence_level is not 1, 2, 3 or 4: e1"),
        ({"use_for_pooling": "maybe"}, "neither yes nor no: e1"),
        ({"effect_id": "e0"}, "effect_id comes twice: e0"),
        ({"driver": "Drought / land degradation"}, "share one effect: e1"),
    ],
)
def test_faults_are_named_by_row(change, match):
    with pytest.raises(DataError, match=match):
        check_effects(raw({"estimate": "1"}, {"estimate": "1"} | change))


def test_all_faults_come_at_once():
    with pytest.raises(DataError, match="2 problems"):
        check_effects(raw({"estimate": "1", "standard_error": "x"}, {"estimate": "1", "metric": ""}))


def test_missing_columns_are_named():
    with pytest.raises(DataError, match="lacks the columns metric, standard_error"):
        check_effects(raw({"estimate": "1"}).drop(columns=["metric", "standard_error"]))


def test_checking_twice_changes_nothing():
    once = check_effects(raw({"estimate": "1", "standard_error": ""}, {"estimate": "-2", "standard_error": "0.5"}))
    pd.testing.assert_frame_equal(check_effects(once), once)


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"estimate": "2"}, "+"),
        ({"estimate": "-2"}, "-"),
        ({"estimate": "2", "standard_error": "0.9"}, "+"),  # 2 / 0.9 = 2.2
        ({"estimate": "2", "standard_error": "1.1"}, "0"),  # 2 / 1.1 = 1.8
        ({"estimate": "-2", "ci_low": "-5", "ci_high": "1"}, "0"),
        ({"estimate": "0.8", "metric": "odds_ratio"}, "-"),
        ({"estimate": "1.8", "metric": "odds_ratio", "ci_low": "0.9", "ci_high": "3"}, "0"),
        ({"estimate": "58", "metric": "share_of_results", "sign": "depends"}, "depends"),
        ({"estimate": "", "metric": "sign_only", "sign": "0"}, "0"),
    ],
)
def test_the_sign_comes_from_the_number_or_the_text(change, sign):
    assert check_effects(raw(change))["sign"].item() == sign


# ---- the reading of one country


def test_own_studies_come_before_the_region_and_the_region_before_nothing():
    table = check_effects(
        raw(
            {"estimate": "1", "iso3s": "MLI"},
            {"estimate": "5", "iso3s": "NER"},
            {"estimate": "9", "iso3s": "KAZ", "region": "Central Asia"},
        )
    )
    got = {iso3: country_reading(table, iso3).iloc[0] for iso3 in ("MLI", "SEN", "KAZ", "ALB")}
    assert got["MLI"]["coverage"] == "country"
    assert (got["MLI"]["low"], got["MLI"]["high"]) == (1, 1)
    assert (got["MLI"]["range_note"], got["MLI"]["range_n"]) == ("estimates", 1)
    assert got["SEN"]["coverage"] == "region"
    assert (got["SEN"]["low"], got["SEN"]["high"], got["SEN"]["studies"]) == (1, 5, 2)
    assert got["KAZ"]["coverage"] == "country"
    assert got["ALB"]["coverage"] == "none"
    assert (got["ALB"]["studies"], got["ALB"]["evidence"], got["ALB"]["range_note"]) == (0, "", "")
    assert got["ALB"]["range_n"] == 0
    assert np.isnan(got["ALB"]["low"])


def test_a_wider_region_speaks_for_its_parts_only():
    table = check_effects(raw({"estimate": "1", "iso3s": "", "region": "Sub-Saharan Africa"}))
    assert country_reading(table, "TCD")["coverage"].item() == "region"
    assert country_reading(table, "SDN")["coverage"].item() == "none"  # Northern Africa in M49
    assert country_reading(check_effects(raw({"estimate": "1", "iso3s": "", "region": "World"})), "TCD")[
        "coverage"
    ].item() == ("none")


def test_signs_are_those_of_more_of_the_driver():
    table = check_effects(
        raw(
            {"driver": "rain", "driver_direction": "less", "estimate": "3"},
            {"driver": "rain", "driver_direction": "more", "estimate": "-2"},
        )
    )
    line = country_reading(table, "MLI").iloc[0]
    assert (line["positive"], line["negative"]) == (0, 2)
    # ... but numbers in two directions are not one range.
    assert np.isnan(line["low"])
    assert (line["range_note"], line["range_n"]) == ("measures", 2)


def test_no_range_over_two_metrics():
    table = check_effects(raw({"estimate": "-2"}, {"estimate": "-25", "metric": "percent_change"}))
    line = country_reading(table, "MLI").iloc[0]
    assert np.isnan(line["low"])
    assert (line["metric"], line["studies"]) == ("", 2)


def test_the_same_effect_in_another_unit_is_no_second_measure():
    again = {"estimate": "-25", "metric": "percent_change", "use_for_pooling": "no", "why_not_pooled": "again"}
    line = country_reading(check_effects(raw({"estimate": "-2"}, again)), "MLI").iloc[0]
    assert (line["low"], line["high"], line["metric"]) == (-2, -2, "percentage_points")


def test_the_general_result_of_a_study_stands_beside_its_result_for_the_country(library):
    # Bertoli et al.: a published null over 13 countries, with + for Niger in an earlier version.
    line = country_reading(library, "NER").set_index(["driver", "outcome"]).loc[("drought", "any")]
    assert (line["coverage"], line["studies"], line["positive"], line["zero"]) == ("country", 2, 2, 1)


def test_a_study_that_contradicts_itself_counts_once_and_under_both_signs():
    table = check_effects(raw({"estimate": "1"}, {"estimate": "-1"}).assign(cluster="one survey"))
    line = country_reading(table, "MLI").iloc[0]
    assert (line["studies"], line["positive"], line["negative"]) == (1, 1, 1)


def test_joint_studies_are_counted_apart():
    table = check_effects(raw({"estimate": "1", "iso3s": "MLI;NER"}, {"estimate": "1"}))
    line = country_reading(table, "MLI").iloc[0]
    assert (line["studies"], line["studies_joint"]) == (2, 1)


def test_the_country_code_is_matched_whole():
    table = check_effects(raw({"estimate": "1", "iso3s": "NERX;MLI"}))
    assert country_reading(table, "NER")["coverage"].item() == "region"


def test_meta_analyses_and_projections_speak_for_no_country():
    table = check_effects(
        raw({"estimate": "1", "design": "meta"}, {"estimate": "1", "kind": "modelled"}, {"estimate": "4"})
    )
    assert country_reading(table, "MLI")["studies"].item() == 1


def test_context_is_shown_as_given():
    table = check_effects(raw({"estimate": "1"}))
    context = pd.DataFrame({"iso3": ["MLI", "NER"], "agriculture_share": [0.38, 0.41], "income": ["low", "low"]})
    line = country_reading(table, "MLI", context).iloc[0]
    assert (line["context_agriculture_share"], line["context_income"]) == (0.38, "low")
    with pytest.raises(DataError, match="0 rows for SEN"):
        country_reading(table, "SEN", context)
    with pytest.raises(DataError, match="no column iso3"):
        country_reading(table, "MLI", context.rename(columns={"iso3": "country"}))


def test_an_unknown_country_is_refused():
    with pytest.raises(DataError, match="QQQ is not among"):
        country_reading(check_effects(raw({"estimate": "1"})), "QQQ")
    reading = country_reading(check_effects(raw({"estimate": "1"})), "FRA", subregions={"FRA": "Western Africa"})
    assert reading["coverage"].item() == "region"


# ---- the shipped library


def test_every_row_is_cited_and_free_to_print(library):
    for name in ("source", "source_seen", "licence", "kind", "study", "place"):
        assert (library[name] != "").all(), name
    assert set(library["licence"]) <= {"public domain", "CC0", "CC BY 4.0", "CC BY-IGO", "single fact, cited"}
    assert not library["source"].str.contains("HYRXVV").any()
    texts = library.select_dtypes(["object", "str"]).agg(" ".join, axis=1)
    assert not texts.str.contains("memory|migrants prevented", case=False).any()


def test_rows_kept_out_of_the_mean_say_why(library):
    assert ((library["why_not_pooled"] != "") == ~library["use_for_pooling"]).all()


def test_of_each_known_pair_only_one_counts(library):
    use = library.set_index("effect_id")["use_for_pooling"]
    for kept, other in [
        ("martinez-flores-2024-pp", "martinez-flores-2024-percent"),
        ("kubik-maurel-2016", "kubik-maurel-2014"),
        ("gazeaud-2023-pp", "gazeaud-2023-percent"),
        ("uchida-2009", "uchida-2009-youngest"),
        ("lik-2022-drought", "chernina-2019-drought"),
    ]:
        assert use[kept], kept
        assert not use[other], other
        clusters = library.set_index("effect_id")["cluster"]
        assert clusters[kept] == clusters[other]


def test_land_degradation_is_never_above_associated(library):
    land = library[library["driver"] == "land degradation"]
    assert len(land) >= 4
    assert (land["evidence_level"] <= 2).all()


def test_only_the_trial_has_the_highest_level(library):
    assert set(library.loc[library["evidence_level"] == 4, "cluster"]) == {"gazeaud-comoros"}


def test_restoration_has_no_single_sign(library):
    measures = library[library["stance"] == "measure"]
    assert {"+", "0", "-"} <= set(measures["sign"])
    retired = measures[measures["driver"] == "cropland retirement payments"]
    assert {"+", "0", "-"} <= set(retired["sign"])


def test_the_shipped_library_pools_nothing_and_says_so(library):
    found = synthesise(library)
    assert len(found) > 30
    assert not found["pooled"].any()
    assert found["reason"].isin(REASONS).all()


def test_moderators_named_by_the_method_are_there(library):
    shown = moderators_of(library).set_index("moderator")["estimate"]
    assert shown["share of agriculture-dependent origins (0 to 1)"] == 0.104
    assert shown["share of low-income origins (0 to 1)"] == -0.074
    assert shown["share of origins in conflict (0 to 1)"] == -0.022


def test_kyrgyz_papers_on_one_survey_disagree_and_both_are_shown(library):
    reading = country_reading(library, "KGZ").set_index(["driver", "outcome"])
    line = reading.loc[("drought", "international")]
    assert (line["coverage"], line["studies"], line["positive"], line["negative"]) == ("country", 1, 1, 1)


def test_a_reading_never_holds_people(library):
    for iso3 in SUBREGION:
        reading = country_reading(library, iso3)
        assert set(reading["metric"]) <= {"", *METRICS}
        assert set(reading["coverage"]) <= {"country", "region", "none"}
        text = " ".join(map(str, reading.to_numpy().ravel()))
        assert not re.search(r"\d[\d,. ]*(million|people|persons|migrants|households)", text), iso3


# ---- the tool


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("build_effects", TOOLS / "build_effects.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_table_is_what_the_tool_makes(tool, shared_data):
    made, unclear, contrasts = tool.build(
        read(shared_data / "people" / "published_effects.csv"), read(TOOLS / "effects_curation.csv")
    )
    assert (len(unclear), contrasts) == (110, 6)
    shipped = read(SHIPPED)
    pd.testing.assert_frame_equal(made[shipped.columns].reset_index(drop=True), shipped, check_dtype=False)


def test_a_collected_row_without_curation_stops_the_build(tool, shared_data):
    collected = read(shared_data / "people" / "published_effects.csv")
    extra = collected.iloc[[0]].assign(study="Somebody new")
    with pytest.raises(SystemExit, match="Somebody new"):
        tool.build(pd.concat([collected, extra]), read(TOOLS / "effects_curation.csv"))


def test_real_lines_with_errors_are_pooled_by_the_same_rules(tool, shared_data):
    collected = read(shared_data / "people" / "published_effects.csv")
    _, lines, _ = tool.build(collected, read(TOOLS / "effects_curation.csv"))
    effects = check_effects(lines)
    found = synthesise(effects)
    pooled = found[found["pooled"]]
    assert len(pooled) >= 2
    assert (pooled["studies_with_error"] >= 5).all()
    assert (pooled["prediction_low"] <= pooled["ci_low"]).all()
    # Facts of the collected table: 80 of the 110 lines are not significant at 5 %; Marchiori counts once.
    assert (effects["sign"] == "0").sum() == 80
    assert effects[effects["study"].str.startswith("Marchiori")]["cluster"].nunique() == 1
    assert not effects.loc[effects["estimate"] > 3, "use_for_pooling"].any()
