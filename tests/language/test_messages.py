# SPDX-License-Identifier: Apache-2.0
"""Messages: no language lacks one or a placeholder, numbers stand as the language writes them, intervals beside them."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.errors import CatalogueError, DataError, StudyError
from homeground.language.catalogues import LOCALE, check_catalogues
from homeground.language.figures import MINUS, listed, numbers_in, write_numbers
from homeground.language.languages import LANGUAGES, NBSP, language
from homeground.language.messages import Saying, phrase, say, tell
from homeground.language.quantities import UNITS, quantity
from homeground.numbers.fact import Amount, Fact


def fact(value=58.0, unit="%", **more):
    span = {} if "low" in more else {"no_interval": "why.count"}
    return Fact("f", value, unit, "a survey", "observed", "2020", **(span | more))


@pytest.fixture
def catalogues(tmp_path):
    folder = tmp_path / "locale"
    shutil.copytree(LOCALE, folder)
    return folder


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_catalogues_are_whole():
    check_catalogues()


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("fr/brief.po", "dans {land_dry_regions} sur {study_regions.n}", "dans {land_dry_regions}",
         r"fr/brief\.po: body\.land_regions differs in the placeholders \{study_regions\.n\}"),
        ("zh/brief.po", "即《公约》所称的{term:desertification}", "即{term:desertificaton}", r"zh/brief\.po: finding\.land .*no term of the glossary"),
        ("fr/brief.po", 'msgstr "Terres"', 'msgstr ""', r"fr/brief\.po: part\.land is missing"),
        ("fr/brief.po", 'msgid "Land"', 'msgid "Soil"', r"fr/brief\.po: part\.land translates an English text that has changed"),
        ("zh/brief.po", 'msgctxt "part.land"', 'msgctxt "part.soil"', r"part\.soil is not in brief\.pot(.|\n)*part\.land is mis"),
        ("zh/brief.po", 'msgstr "土地"', 'msgstr "土地15%"', r"zh/brief\.po: part\.land holds a digit of its own"),
        ("brief.pot", 'msgid "Land"', 'msgid "Land 3"', r"brief\.pot: part\.land holds a digit"),
        ("fr/figures.po", 'msgstr[1] "{n} personnes"\n', "", r"fr/figures\.po: unit\.persons (is missing|has 1 plural forms)"),
    ],
)  # fmt: skip
def test_a_faulty_catalogue_is_refused_with_file_and_id(catalogues, file, old, new, says):
    change(catalogues, file, old, new)
    with pytest.raises(CatalogueError, match=says):
        check_catalogues(catalogues)


def test_a_catalogue_that_is_not_there_or_broken_is_refused(catalogues):
    french = catalogues / "fr" / "brief.po"
    french.write_bytes(french.read_bytes() + b"# \xff")
    with pytest.raises(CatalogueError, match=r"fr/brief\.po cannot be read"):
        check_catalogues(catalogues)
    french.unlink()
    with pytest.raises(CatalogueError, match=r"fr/brief\.po cannot be read"):
        check_catalogues(catalogues)


def test_an_unknown_language_lists_the_known_ones():
    with pytest.raises(StudyError, match=r'"de".*en \(English\), fr \(français\), zh \(简体中文\)'):
        language("de")
    with pytest.raises(StudyError, match="zh"):
        say("part.land", {}, "pt")


def test_a_fact_that_is_not_known_cannot_be_stated():
    with pytest.raises(DataError, match=r"body\.land_regions.*land_dry_regions"):
        say("body.land_regions", {}, "en")
    with pytest.raises(CatalogueError, match="no message"):
        say("body.nothing", {}, "en")
    with pytest.raises(DataError, match='no words for the unit "furlong"'):
        quantity(fact(unit="furlong"), "en")


@pytest.mark.parametrize(
    ("value", "unit", "en", "fr", "zh"),
    [
        (58, "%", "58_per cent", "58_%", "58%"),
        (1, "persons", "1_person", "1_personne", "1人"),
        (0, "persons", "0_people", "0_personne", "0人"),
        (2, "persons", "2_people", "2_personnes", "2人"),
        (-2000, "persons", "−2,000_people", "−2\u202f000_personnes", "−2,000人"),
        (1e6, "persons", "1_million people", "1_million de personnes", "100万人"),
        (1.5e6, "ha", "1.5_million hectares", "1,5_million d’hectares", "150万公顷"),
        (100e6, "ha", "100_million hectares", "100_millions d’hectares", "1亿公顷"),
        (2.5e8, "t CO2e", "250_million tonnes of CO₂ equivalent", "250_millions de tonnes d’équivalent CO₂",
         "2.5亿吨二氧化碳当量"),
        (4.3e9, "USD", "4.3_billion US dollars", "4,3_milliards de dollars des États-Unis", "43亿美元"),
        (12500, "ha", "12,500_hectares", "12\u202f500_hectares", "12,500公顷"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_language_writes_them(value, unit, en, fr, zh):
    for code, expected in (("en", en), ("fr", fr), ("zh", zh)):
        assert quantity(fact(value, unit), code) == (expected.replace("_", NBSP), "")


def test_the_interval_stands_beside_its_number_in_its_own_style():
    share = {"land_dry_regions": fact(9, "regions", low=6, high=12), "study_regions": fact(37, "regions")}
    text = say("body.land_regions", share, "fr")
    styles = [(run.style, run.text.replace(NBSP, " ")) for run in text.runs if run.style]
    assert styles == [("number", "9 régions"), ("interval", "(6 à 12)"), ("number", "37")]
    assert text.facts == tuple(share.values())


def test_modelled_thousands_are_written_with_three_digits():
    people = fact(256_581, "persons", low=198_062, high=336_838)
    assert quantity(people, "en")[0] == f"256,581{NBSP}people"
    modelled = Fact("f", 256_581, "persons", "a model", "modelled", "2020", low=198_062, high=336_838)
    assert [q.replace(NBSP, " ") for q in quantity(modelled, "en")] == ["257,000 people", "(198,000 to 337,000)"]
    assert quantity(modelled, "zh") == ("257,000人", "（198,000至337,000）")


def test_an_interval_narrower_than_the_last_digit_is_not_printed():
    assert quantity(fact(5_048_969, "persons", low=5_048_649, high=5_048_969), "en")[1] == ""
    assert quantity(fact(5_048_969, "persons", low=4_900_000, high=5_048_969), "en")[1] == f"(4.90{NBSP}to{NBSP}5.05)"


@given(st.floats(-1e13, 1e13), st.sampled_from(sorted(LANGUAGES)), st.integers(0, 3))
def test_a_written_number_reads_back(value, code, decimals):
    (written,), word = write_numbers([value], decimals, code)
    factor = next((s[0] for s in language(code).scales if word and word in s[1:]), 1.0)
    plain = re.sub("[\u202f\u00a0]", "", written).replace(MINUS, "-")
    plain = plain.replace(",", ".") if code == "fr" else plain.replace(",", "")
    tolerance = max(0.5 * 10.0**-decimals, abs(value) * 0.0051 if word else 0.0) * 1.0001
    assert float(plain) * factor == pytest.approx(value, abs=tolerance)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_unit_has_words_plain_and_large(code):
    for unit in UNITS:
        for value in (1, 3) if unit == "%" else (1, 3, 4e6):
            number, _ = quantity(fact(value, unit), code)
            assert numbers_in(number)


def test_french_spaces_do_not_break():
    text = say("ui.made", {}, "fr", date="d", version="v", study="s", scenario="b").plain
    assert f"«{NBSP}s{NBSP}»" in text


def test_lists():
    assert listed(["土地", "人口"], "zh") == "土地和人口"


def test_arabic_spanish_and_russian_have_the_words_of_maps_and_no_more():
    assert phrase("map.no_data", "ar") == "لا توجد بيانات"
    assert phrase("map.regions", "ru", n=21) == "регионов: 21"
    with pytest.raises(CatalogueError, match=r"no message \"part\.land\""):
        phrase("part.land", "es")


def test_a_plural_follows_its_number_in_each_language():
    said = {code: [phrase("unit.countries", code, n=n).replace(NBSP, " ") for n in (0, 1, 2)] for code in ("en", "fr")}
    assert said == {"en": ["0 countries", "1 country", "2 countries"], "fr": ["0 pays", "1 pays", "2 pays"]}
    with pytest.raises(DataError, match="its word n must be a number"):
        phrase("unit.countries", "en", n="many")


def test_a_saying_is_stored_without_a_language_and_told_in_each():
    said = Saying("unit.countries", {"n": 5})
    stored = json.loads(json.dumps([said.plain()]))
    assert [tell([Saying.read(one) for one in stored], code).replace(NBSP, " ") for code in ("en", "fr", "zh")] == [
        "5 countries", "5 pays", "5个国家"
    ]  # fmt: skip
    rich = Saying("x", {"a": Amount(3.5, "ha", low=1.0, high=4.0), "b": ["p", Saying("y")], "c": "word"})
    assert Saying.read(json.loads(json.dumps(rich.plain()))) == rich
