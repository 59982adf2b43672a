# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from homeground.brief.drawing.classes import NO_DATA
from homeground.brief.page.content import MapLayer, RasterMap, Section
from homeground.brief.page.render import render_page
from homeground.errors import DataError, StudyError
from homeground.language.languages import LANGUAGES


class Reader(HTMLParser):
    """Collects tags with attributes, and the text of each table row."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def text_of(html):
    return " ".join(" ".join(Reader(html).texts).split())


def test_values_and_intervals_appear(page):
    html = render_page(page)
    row = re.search(r"<tr><td[^>]*>West</td>.*?</tr>", html)[0]
    cells = re.findall(r">([^<]*)</td>", row)
    assert cells == ["West", "Aland", "12.5", "10.0 to 15.0", "arid", "\u22122,000"]
    assert "West: 12.5 % (10.0 to 15.0)" in html
    assert re.search(r">300</td>\s*<td[^>]*>280 to 330</td>", html)


def test_missing_region_is_grey_named_and_said_in_the_table(page):
    html = render_page(page)
    assert f'fill="{NO_DATA}"><title>East: no data</title>' in html
    assert "No data (1): East." in text_of(html)
    assert re.search(r">East</td><td[^>]*>Beland</td><td class=\"missing\" data-sort=\"\">no data</td>", html)


def test_a_region_that_the_table_does_not_name_stays_on_the_page(page):
    html = render_page(dataclasses.replace(page, table=page.table.iloc[:2]))
    assert "No data (1): East." in text_of(html)


def test_names_are_escaped_everywhere(page):
    html = render_page(page)
    assert "<script>alert" not in html
    assert "N&#39;Djamena &lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert html.count("<script") == 1


def test_nothing_is_asked_of_the_internet(page):
    html = render_page(page)
    reader = Reader(html)
    links = [
        (tag, name, value)
        for tag, attrs in reader.tags
        for name, value in attrs.items()
        if name in {"src", "href", "srcset", "action", "data", "poster", "formaction", "xlink:href"}
    ]
    outside = [link for link in links if not link[2].startswith(("#", "data:"))]
    assert outside == [("a", "href", "https://example.org/?a=1&b=2")]
    assert not {"link", "iframe", "object", "embed", "base"} & {tag for tag, _ in reader.tags}
    assert not re.search(r"@import|url\((?!#)", html)
    assert "default-src 'none'" in html


def test_an_address_that_is_not_a_web_address_is_never_a_link(page):
    assert "javascript:" not in render_page(page)


def test_page_says_sources_limits_and_what_it_is_not_for(page):
    text = text_of(render_page(page))
    for said in (
        "Do not use it for border control, visa or asylum decisions, or any decision on a person.",
        "How to read this page", "It says nothing about persons.", "A note on boundaries.", "The survey, 2004.",
        "Period: 2001-2004. Source: survey of the fixture. Kind: observed. Licence: CC0-1.0.",
        "expert default, unverified", "Land is degraded in 1 of 3 regions.", "class probability under 60 %",
    ):  # fmt: skip
        assert said in text


def test_legend_states_regions_and_areas(page):
    text = text_of(render_page(page)).replace("\u00a0", " ")
    assert "arid 2 regions, 500 km²" in text
    assert "no data 1 region, 400 km²" in text


def test_every_reference_inside_the_page_has_its_target_and_ids_are_single(page):
    reader = Reader(render_page(page))
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    wanted = {a["href"][1:] for _, a in reader.tags if a.get("href", "").startswith("#")}
    wanted |= {a["data-shows"] for _, a in reader.tags if "data-shows" in a}
    assert wanted <= set(ids)


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_the_page_says_its_language(page, code):
    assert f'<html lang="{code}" dir="ltr">' in render_page(dataclasses.replace(page, language=code))


def test_a_language_that_has_the_words_of_maps_alone_makes_no_page(page):
    with pytest.raises(StudyError, match=r'"ar".*français'):
        render_page(dataclasses.replace(page, language="ar"))


def test_words_numbers_and_dates_follow_the_language(page):
    html = render_page(dataclasses.replace(page, language="fr"))
    assert "Ce que ces résultats ne peuvent pas dire" in html
    assert "5 janvier 2026. Établi avec homeground" in html
    assert "Nature\u00a0: observé. Licence\u00a0: CC0-1.0." in html
    assert ">12,5</td>" in html
    assert ">10,0 à 15,0</td>" in html
    assert "pas de données" in html
    assert "1 région, 400\u00a0km²" in html


def test_raster_legend_states_areas_and_what_is_blank(page):
    raster = RasterMap(
        "Cover", np.array([[1, -128]], dtype=np.int8), (0, -5, 20, 5), {1: "grass"}, {1: "#123456"},
        {1: 1234.0, -128: 77.0}, "fixture", "2019", "observed", "CC0",
    )  # fmt: skip
    page = dataclasses.replace(page, sections=(Section("g", "Grid", "Found.", rasters=(raster,)),))
    text = text_of(render_page(page)).replace("\u00a0", " ")
    assert "grass 1,230 km²" in text  # three digits
    assert "no data 77 km²" in text


def test_all_problems_of_a_page_are_told_at_once(page):
    layer = dataclasses.replace(page.sections[0].maps[0], column="absent", data_kind="guessed")
    table = pd.concat([page.table, page.table.iloc[[0]].assign(region_id="zz")])
    bad = dataclasses.replace(page, table=table, sections=(Section("s", "S", "F", maps=(layer,)),) * 2)
    with pytest.raises(DataError) as caught:
        render_page(bad)
    for told in ("column absent", '"guessed"', "no geometry (first: zz)", "section id s stands twice"):
        assert told in str(caught.value)


def test_the_same_page_is_the_same_bytes(page):
    assert render_page(page) == render_page(page)


def test_many_regions_and_layers_stay_small(page, shared_data):
    import geopandas as gpd

    found = gpd.read_file(shared_data / "atlas" / "admin1_ne10m.geojson").iloc[:240]
    regions = gpd.GeoDataFrame(
        {"region_id": found["adm1_code"], "iso3": found["adm0_a3"], "name": found["name"], "geometry": found.geometry},
        crs=4326,
    )
    rng = np.random.default_rng(1)
    table = pd.DataFrame({f"v{i}": rng.normal(size=len(found)) for i in range(8)}).assign(
        region_id=found["adm1_code"].to_numpy()
    )
    facts = {"source": "random", "period": "none", "data_kind": "modelled", "licence": "CC0"}
    layers = tuple(MapLayer(f"v{i}", f"Layer {i}", "1", "diverging", **facts) for i in range(8))
    html = render_page(
        dataclasses.replace(page, regions=regions, table=table, sections=(Section("s", "S", "F", maps=layers),))
    )
    assert len(html.encode()) < 2.5e6
    assert html.count("<title>") == 1 + 8 * len(found)
