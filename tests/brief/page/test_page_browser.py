# SPDX-License-Identifier: Apache-2.0
"""The page in a real browser: it opens from a file, switches maps, sorts and filters, and prints everything."""

from __future__ import annotations

import io
import re
import shutil

import pytest

from homeground.brief.page.render import render_page

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)"
)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture
def browser():
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(page, tmp_path):
    file = tmp_path / "index.html"
    file.write_text(render_page(page), encoding="utf-8")
    return file.as_uri()


def opened(browser, address, **options):
    """A tab with the page open, and what it asked for or complained about."""
    tab = browser.new_page(**options)
    heard = []
    tab.on("request", lambda request: heard.append(request.url))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.on("console", lambda message: heard.append(message.text))
    tab.goto(address)
    assert heard == [address]
    return tab


def visible_maps(tab):
    return [f.get_attribute("id") for f in tab.locator("figure.mapped").all() if f.is_visible()]


def column(tab, n):
    return tab.locator(f"#region-table tbody tr:visible td:nth-child({n})").all_inner_texts()


def test_buttons_choose_the_map(browser, address):
    tab = opened(browser, address)
    assert visible_maps(tab) == ["land-map0"]
    button = tab.get_by_role("button", name="Net migration").first
    button.click()
    assert visible_maps(tab) == ["land-map2"]
    assert button.get_attribute("aria-pressed") == "true"
    assert tab.locator("#land-map2 use[fill]").first.evaluate("e => e.getBoundingClientRect().width") > 50


def test_headings_sort_numbers_with_missing_last(browser, address):
    tab = opened(browser, address)
    heading = tab.locator("#region-table thead th").nth(2)
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert column(tab, 3) == ["12.5", "37.5", "no data"]
    heading.get_by_role("button").focus()
    tab.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert column(tab, 3) == ["37.5", "12.5", "no data"]
    tab.locator("#region-table thead th").nth(4).get_by_role("button").click()  # a column after an interval
    assert column(tab, 6) == ["\u22122,000", "500", "1,500"]
    assert heading.get_attribute("aria-sort") is None


def test_filter_shows_what_fits_and_counts(browser, address):
    tab = opened(browser, address)
    tab.get_by_role("searchbox").fill("beland")
    assert column(tab, 1) == ["East"]
    assert tab.locator("#filter-count").inner_text() == "1 / 3 regions shown"


def test_without_script_all_maps_show_and_no_dead_controls(browser, address):
    tab = browser.new_page(java_script_enabled=False)
    tab.goto(address)
    assert visible_maps(tab) == ["land-map0", "land-map1", "land-map2"]
    assert not tab.get_by_role("button").all()
    assert not tab.locator("#filter").is_visible()


def test_a_narrow_screen_does_not_scroll_sideways(browser, address):
    tab = opened(browser, address, viewport={"width": 400, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 400


def test_print_holds_all_maps_and_says_where_the_rows_are(browser, address):
    pypdf = pytest.importorskip("pypdf")
    tab = opened(browser, address)
    pdf = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    text = re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in pdf.pages))
    for said in ("Degraded land", "Aridity class", "Net migration", "The table of all regions is not printed"):
        assert said in text
    assert "10.0 to 15.0" not in text
    assert round(float(pdf.pages[0].mediabox.width)) == 595  # A4: 210 mm = 595 points
