# SPDX-License-Identifier: Apache-2.0
"""The glossary: complete in six languages, with sources, and held against the file it was carried over from."""

from __future__ import annotations

import csv

import pytest

from homeground.errors import CatalogueError
from homeground.language.terms import TONGUES, glossary, term


def test_every_term_is_there_in_every_language_with_its_source():
    rows = glossary()
    assert len(rows) == 349
    for name, row in rows.items():
        assert all(row[tongue].strip() for tongue in TONGUES), name
        assert row["source"].strip(), name
        assert row["status"] in {"seen", "own"}, name
        assert row["definition_en"].strip(), name


def test_nothing_was_changed_on_the_way(shared_data):
    with (shared_data / "glossary.csv").open(encoding="utf-8", newline="") as file:
        original = {row["id"].replace("country_kos", "country_xkx"): row for row in csv.DictReader(file)}
    assert set(original) == set(glossary())
    for name, row in glossary().items():
        assert [row[t] for t in TONGUES] == [original[name][t] for t in TONGUES], name
        assert row["status"] == original[name]["checked"], name


def test_country_names_agree_with_the_atlas():
    from homeground.catalogue import atlas

    named = [name.removeprefix("country_").upper() for name in glossary() if name.startswith("country_")]
    assert len(named) >= 25
    rows = atlas.countries().set_index("iso3", drop=False)
    for row in rows.loc[[iso3 for iso3 in named if iso3 in rows.index]].to_dict("records"):
        for tongue in TONGUES:
            assert term(f"country_{row['iso3'].lower()}", tongue) == row[f"name_{tongue}"], (row["iso3"], tongue)


def test_known_traps_are_avoided():
    assert term("commitment", "zh") == "承付"
    assert term("ldn", "zh").startswith("土地退化零增长")
    assert "NDT" in term("ldn", "fr")
    assert "LDN" not in term("ldn", "fr")
    assert term("drylands", "fr") == "zones sèches"
    assert "Security Council resolution 1244 (1999)" in term("note_kosovo")


def test_unknown_terms_and_languages_say_what_there_is():
    with pytest.raises(CatalogueError, match='Did you mean "land_degradation"'):
        term("land_degradaton")
    with pytest.raises(CatalogueError, match="it has en, fr, es, ar, ru, zh"):
        term("drought", "de")
