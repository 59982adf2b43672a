# SPDX-License-Identifier: Apache-2.0
"""Captions name the layer that was used: the user's own with its year, or the atlas's."""

from __future__ import annotations

import pytest

from homeground.brief.facts.sources import printed
from homeground.brief.facts.used_layers import layer_used, layers_said, own_among
from homeground.brief.sections import sources
from homeground.brief.sections.land import _own_map
from homeground.brief.sections.tables import map_layers
from homeground.study.opening import open_study


@pytest.fixture
def study(tmp_path):
    for name in ("regen.tif", "kover_2021.tif"):
        (tmp_path / name).touch()
    (tmp_path / "study.toml").write_text(
        'title = "Made"\nquestion = "Where?"\ncountries = ["GMB"]\n[data]\nrain = "regen.tif"\ncover = "kover_2021.tif"\n'
    )
    return open_study(tmp_path)


def captions(study, code):
    return {layer.column: _own_map(layer, study, code) for layer in map_layers("land", code)}


def test_an_own_layer_is_named_with_its_year_and_the_atlas_beside_it(study):
    assert layer_used(study, "cover")[:2] == ("kover_2021.tif", "2021")
    assert layer_used(study, "rain").period == "source.layer_used.no_years"
    assert own_among(study, ("temperature", "rain"))
    assert not own_among(study, ("temperature", "vegetation_max"))
    said = layers_said(study, ("rain", "temperature"))
    assert said["source"].startswith("regen.tif; ")
    assert "2000-2025" in printed(said["period"], "en")


@pytest.mark.parametrize("code", ["en", "fr", "zh"])
def test_maps_of_the_page_name_what_was_used(study, code):
    found = captions(study, code)
    for column in ("land_rain_mm", "land_aridity_index", "land_share_dryland"):
        assert "regen.tif" in found[column].source
        assert "ITU-R" not in found[column].source
    for column in ("land_share_cropland", "land_share_grassland"):
        assert (found[column].source, found[column].period) == ("kover_2021.tif", "2021")
    assert "kover_2021.tif" in found["land_potential_gap"].source
    assert "ERA5" in found["land_temperature_c"].source  # the atlas's, as it was


def test_without_own_layers_captions_are_those_of_the_atlas():
    study = open_study("central-asia")
    assert {c: _own_map(layer, study, "en") for c, layer in captions(study, "en").items()} == {
        layer.column: layer for layer in map_layers("land", "en")
    }


def test_the_list_of_sources_says_years_and_not_the_licence_in_their_place(study):
    own = {source.citation: source.period for source in sources(study, "en")}
    assert own["your file kover_2021.tif"] == "2021"
    assert own["your file regen.tif"] == "years not stated in the file"
