# SPDX-License-Identifier: Apache-2.0
"""The whole page of a small study in French and Chinese: no English of the catalogues, and no Latin word of unknown origin."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from homeground.brief.sections import finding
from homeground.brief.steps import page
from homeground.catalogue import atlas
from homeground.chain import order
from homeground.chain import run as chain
from homeground.language.catalogues import PLACEHOLDER, catalogue
from homeground.running.record import write_run
from homeground.running.steps import Work
from homeground.study.opening import open_study

STUDY = """title = "甲"
question = "乙"
countries = ["GMB"]
cannot_say = ["丙"]
[plan]
budget = { amount = "1e6 USD", price_year = "as published", per = "year", years = [2024, 2025] }
rules = { women = 0.4 }
"""
SERIES = """[data]
ndvi = { path = "ndvi.tif", first = "2001", scale = 0.0001 }
cover_series = { path = "lc_*.tif", legend = "esa-cci" }
soil_carbon = { path = "soc.tif", units = "t/ha" }
climate_zone = "zone.tif"
rain_series = { path = "rain.tif", first = "1991-01", units = "mm/month" }
error_polygons = "errors.geojson"
"""
FILES = ("ndvi.tif", "lc_2000.tif", "lc_2015.tif", "lc_2022.tif", "soc.tif", "zone.tif", "rain.tif", "errors.geojson")
FOUND = [{"message": "unit.countries", "words": {"n": 1}}]  # as stages store what they found
# Names that no language translates: of the software, of sources and methods, of the scenario and of keys of a study file.
NAMES = (
    "homeground GeoNames Natural Earth World Population Prospects IDMC NDVI EPSG Hamed prais base data ndvi land "
    "SPEI Harris MODIS WorldPop Thornthwaite BESS NASA Copernicus Climate Change Service geoBoundaries"
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Path:
    """Results of the study by the embedded atlas alone, all but the brief."""
    folder = tmp_path_factory.mktemp("small") / "small"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    parts = [stage.name for stage in order.stages() if stage.name != "brief"]
    return chain.run(folder, parts, root=tmp_path_factory.mktemp("results"))


@pytest.fixture
def whole(ran, assessed_results, tmp_path) -> Path:
    """The same results with an assessment and droughts, as a study with series of its own has them."""
    folder = tmp_path / "whole"
    shutil.copytree(ran, folder)
    for file in assessed_results.iterdir():
        shutil.copy(file, folder / file.name)
    fields = {
        "degradation": {"status": [[1, 2, 4], [5, 7, -128]]},
        "drought": {"worst_spi_12_2020": [[4, 2, 1], [0, -1, -128]]},
    }
    coords = {"latitude": [13.75, 13.25], "longitude": [-16.75, -16.25, -15.75]}
    for store, held in fields.items():
        data = {name: (("latitude", "longitude"), np.array(values, "int8")) for name, values in held.items()}
        xr.Dataset(data, coords).to_zarr(folder / "land.zarr" / store, zarr_format=3, consolidated=False)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for stage in run["stages"].values():
        stage["finding"] = FOUND
    write_run(folder, run)
    return folder


@pytest.fixture
def written(whole, tmp_path):
    """Writes the page in a language and gives the texts that a reader meets in it."""

    def write(code: str) -> list[str]:
        folder = tmp_path / code
        folder.mkdir()
        for name in FILES:
            (folder / name).touch()
        (folder / "study.toml").write_text(
            STUDY + SERIES + f'[brief]\nlanguages = ["{code}", "en"]\n', encoding="utf-8"
        )
        page(Work(open_study(folder), whole, folder))
        return Reader((folder / "index.html").read_text(encoding="utf-8")).texts

    return write


class Reader(HTMLParser):
    """Text nodes, and the attributes that are read aloud or shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hidden = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style")
        self.texts += [str(value) for name, value in attrs if name in ("aria-label", "title", "alt", "data-says")]

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if data.strip() and not self.hidden:
            self.texts.append(" ".join(data.split()))


def english_of(code: str) -> list[re.Pattern[str]]:
    """Messages whose translation is another text, as patterns; those of which hardly a word is left are no sign."""
    said = {" ".join(form.split()) for message in catalogue(code).values() for form in message.forms}
    patterns = []
    for key, message in catalogue("en").items():
        for form in message.forms:
            rest = PLACEHOLDER.sub("", form)
            if form not in said and form not in catalogue(code)[key].forms and len(re.findall("[A-Za-z]", rest)) >= 3:
                parts = (re.escape(part) for part in PLACEHOLDER.split(form)[::2])
                pattern = ".+".join(parts) if rest != form else re.escape(form)
                if rest == form or len(re.findall("[A-Za-z]{2,}", rest)) >= 3:
                    patterns.append(re.compile(pattern, re.S))
    return patterns


def test_english_would_be_seen():
    patterns = english_of("fr")
    for text in ("Values by region", "Published effects, not pooled", "3 goals and more, quoted as published"):
        found = any(pattern.fullmatch(text) for pattern in patterns)
        assert found == (text != "3 goals and more, quoted as published")
    assert any(p.fullmatch("No study of its own: Gambia and Senegal.") for p in patterns)
    assert not any(p.fullmatch("Valeurs par région") for p in patterns)


@pytest.mark.slow
@pytest.mark.parametrize("code", ["fr", "zh"])
def test_no_text_of_the_page_is_an_english_message(written, code):
    patterns = english_of(code)
    texts = written(code)
    assert len(texts) > 500
    left = {text for text in texts if any(pattern.fullmatch(text) for pattern in patterns)}
    assert left - {"USD"} == set()  # a column of currencies names them by the code of ISO 4217


@pytest.mark.slow
def test_latin_words_of_a_chinese_page_are_names_sources_and_files(written, whole):
    text = without_files(" ".join(written("zh")))
    for quoted in sorted(map(without_files, _sources(whole)), key=len, reverse=True):
        text = text.replace(quoted, "")
    left = sorted(set(re.findall("[A-Za-z]{4,}", text)) - set(NAMES.split()))
    assert left == [], left


def without_files(text: str) -> str:
    """A text without names of files, keys of the study file and commands, spaces as one."""
    text = re.sub(
        r"homeground (data|finance|show|run|new) [\w-]+|\[[a-z]+\](\.[a-z_]+( = \w+)?)?|\b[a-z]+\.[a-z_]+", " ", text
    )
    return " ".join(re.sub(r"[\w*]+\.(parquet|csv|tif|geojson)|[a-z]+_[a-z_]+", "", text).split())


def _sources(results: Path) -> list[str]:
    """What tables quote: sources, licences, studies, regions and places as their authors write them."""
    quoted = []
    for path in [*results.glob("*.parquet"), *results.glob("regions/*.parquet")]:
        table = pd.read_parquet(path)
        names = ("source", "study", "who", "licence", "currency", "iso3", "origin", "destination", "location_name")
        names += ("process_driving_change", "basis_for_judgement", "other_profile", "lookup", "layer")
        for name in names:
            quoted += [str(text) for text in table[name].dropna().unique()] if name in table else []
    layers = atlas.layers()
    return [*quoted, *layers["citation"], *layers["licence"], *layers["layer"]]


def test_a_finding_is_told_in_the_language_or_stands_as_it_was_stored():
    assert finding(FOUND * 2, "fr").replace("\u00a0", " ") == "1 pays 1 pays"
    assert finding(FOUND, "zh") == "1个国家"
    assert finding("Drylands cover 58 %.", "fr") == "Drylands cover 58 %."
