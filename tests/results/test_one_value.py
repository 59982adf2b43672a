# SPDX-License-Identifier: Apache-2.0
"""One number, one value: what terminal, page, brief, workbook, forms and tables say of one thing is the same."""

from __future__ import annotations

import bisect
import io
import itertools
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from homeground.brief.facts.collect import collect
from homeground.brief.steps import page as write_page
from homeground.brief.workbook.sheets import sheet_name
from homeground.catalogue.examples.own_land import write_own_land
from homeground.chain import run as chain
from homeground.language.messages import Saying
from homeground.language.quantities import quantity
from homeground.numbers.fact import Amount, Fact
from homeground.running.findings import read_finding
from homeground.running.record import read_run
from homeground.running.steps import Work
from homeground.study.model import Study
from homeground.study.opening import in_language, open_study, shipped_studies

CHROMIUM = shutil.which("chromium")

LANGUAGES = ("en", "fr", "zh")
# What a sentence of the terminal states, and the fact that page and brief state of the same thing.
SAME = {
    ("finding.land.drylands", "countries"): "study_countries",
    ("finding.land.drylands", "share"): "land_drylands_share",
    ("finding.land.drylands", "dry"): "land_drylands_area",
    ("finding.land.hyperarid", "share"): "land_hyperarid_share",
    ("finding.land.degraded", "share"): "land_degraded",
    ("noise.degraded.within", "share"): "land_degraded",
    ("finding.people.population", "n"): "people_total",
    ("finding.people.left", "people"): "net_migration",
    ("finding.people.came", "people"): "net_migration",
    ("finding.people.displaced", "n"): "idps",
    ("finding.people.displaced_counted", "n"): "idps",
    ("finding.people.displaced_counted", "counted"): "idps_countries",
    ("finding.people.displaced_counted", "all"): "study_countries",
    ("finding.evidence.drylands", "people"): "people_drylands",
    ("finding.evidence.some", "studies"): "evidence_studies",
    ("finding.evidence.some", "all"): "study_countries",
    ("finding.evidence.this", "studies"): "evidence_studies",
    ("finding.evidence.none", "studies"): "evidence_studies",
    ("finding.measures.plan", "cost"): "plan_cost",
    ("finding.measures.plan", "land"): "plan_hectares",
    ("finding.measures.plan", "days"): "plan_work_establishment",
    ("finding.finance.cost", "rate"): "finance_rate",
    ("finding.finance.cost", "years"): "finance_horizon",
    ("finding.finance.cost", "cost"): "finance_cost",
    ("finding.finance.benefit", "cover"): "finance_benefit_cover",
    ("finding.finance.benefit", "middle"): "finance_bcr",
    ("finding.finance.unverified", "share"): "finance_unverified_benefit",
    ("finding.risk.sure", "n"): "risk_high",
    ("finding.risk.sure", "sure"): "risk_sure",
    ("finding.risk.sure", "all"): "risk_regions",
    ("finding.risk.moves", "n"): "risk_moves",
    ("finding.chain.regions", "regions"): "study_regions",
}
ENDS = {
    ("noise.degraded.within", "low"): ("land_degraded_noise", "low"),
    ("noise.degraded.within", "high"): ("land_degraded_noise", "high"),
    **{
        (f"noise.rain.{verdict}", end): ("land_degraded_rain", end)
        for verdict in ("within", "more", "less")
        for end in ("low", "high")
    },
    ("finding.finance.benefit", "low"): ("finance_bcr", "low"),
    ("finding.finance.benefit", "high"): ("finance_bcr", "high"),
}
ALONE = {
    ("finding.land.drylands", "total"): "area of the regions; checked against regions.parquet below",
    ("finding.chain.regions", "n"): "how many columns the table has",
    ("finding.risk.few", "n"): "regions that have an index, ranked without classes",
    ("finding.risk.few", "draws"): "a setting of the method",
    ("finding.risk.without", "n"): "regions without an index",
    ("finding.brief.forms", "n"): "how many files there are",
    ("finding.evidence.some", "covered"): "countries with a study: all less evidence_countries_without",
    ("finding.measures.used_up", "n"): "counted in plan_binding.parquet, which the page counts too",
    ("finding.measures.used_up", "all"): "counted in plan_binding.parquet, which the page counts too",
    ("finding.measures.gap", "gap"): "the brief does not print a gap under 0.01 %",
}
SUMS = {  # columns of regions.parquet that add up to a fact
    "measures_hectares": "plan_hectares",
    "measures_cost_usd": "plan_cost",
    "measures_carbon_t_co2e_per_year": "plan_carbon",
    "measures_person_days_establishment": "plan_work_establishment",
    "measures_person_days_season": "plan_work_season",
    "measures_person_days_upkeep": "plan_work_upkeep",
    "finance_cost_usd": "finance_cost",
    "finance_npv_usd": "finance_npv_financial_{rate}",
}


@pytest.fixture(scope="module", params=[*shipped_studies(), "own-land"])
def done(request, tmp_path_factory) -> tuple[Path, Study, dict[str, Fact]]:
    root, name = tmp_path_factory.mktemp("results"), request.param
    if name == "own-land":
        write_own_land(root / "own-land")
        name = str(root / "own-land")
    results = chain.run(name, root=root)
    study = open_study(name)
    return results, study, collect(results, study)


def numbers(saying: Saying) -> Iterator[tuple[tuple[str, str], Amount | int]]:
    """Numbers of a sentence by message and word; a number inside a nested sentence by the word that holds it."""
    for name, word in saying.words.items():
        inner = word
        if isinstance(word, Saying):
            inner = next((w for w in word.words.values() if isinstance(w, int | Amount)), None)
        if isinstance(inner, int | Amount):
            yield (saying.message, name), inner


def told(results: Path) -> dict[tuple[str, str], Amount | int]:
    stages = read_run(results)["stages"]
    return {key: n for of in stages.values() for saying in read_finding(of["finding"]) for key, n in numbers(saying)}


def test_the_terminal_says_what_the_facts_say(done):
    results, _, facts = done
    found = told(results)
    assert len(found) > 10
    unknown = set(found) - set(SAME) - set(ENDS) - set(ALONE)
    assert not unknown, f"numbers of the terminal that no fact is named for: {sorted(unknown)}"
    for key, number in found.items():
        if key in ENDS:
            name, end = ENDS[key]
            assert number.value == pytest.approx(getattr(facts[name], end), rel=1e-9), key
        if key not in SAME:
            continue
        fact = facts[SAME[key]]
        if isinstance(number, int):
            assert number == fact.value, key
            continue
        # A balance is told by its size where the sentence says "left" or "came".
        value = abs(fact.value) if fact.key == "net_migration" else fact.value
        assert number.value == pytest.approx(value, rel=1e-9), key
        assert number.unit == fact.unit, key
        if number.low is not None and number.high is not None:
            assert (number.low, number.high) == pytest.approx((fact.low, fact.high), rel=1e-9), key
        if fact.key == "net_migration":
            continue
        for code in LANGUAGES:
            assert quantity(number, code)[0] == quantity(fact, code)[0], (key, code)


def test_regions_add_up_to_the_facts(done):
    results, study, facts = done
    regions = pd.read_parquet(results / "regions.parquet")
    rate = f"{100 * study.finance.discount_rate:g}".replace(".", "_")
    assert regions["area_km2"].sum() == pytest.approx(told(results)["finding.land.drylands", "total"].value, rel=1e-9)
    for column, name in SUMS.items():
        fact = facts.get(name.format(rate=rate))
        if fact is None:
            assert regions[column].isna().all(), column  # no plan
            continue
        assert regions[column].sum() == pytest.approx(fact.value, rel=1e-6), column


def cells(page: str) -> list[list[str]]:
    """Rows of all tables of a page, as a reader sees them."""
    rows = re.findall(r"<tr.*?</tr>", page, flags=re.S)
    return [[plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.S)] for row in rows]


def plain(cell: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split())


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_shows_worth_and_return_of_the_facts(done, code, tmp_path):
    results, study, facts = done
    if "finance_bcr" not in facts:
        pytest.skip("nothing of this plan is valued")
    write_page(Work(in_language(study, code), results, tmp_path))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    rows = ["|".join(("", *row, "")) for row in cells(page)]
    for view in ("financial", "economic"):
        for rate in ("3", "6", "10", "12"):
            worth, ratio = (facts[f"finance_{what}_{view}_{rate}"] for what in ("npv", "bcr"))
            ways = list(itertools.product(ways_to_write(worth.value / 1e6, code), ways_to_write(ratio.value, code)))
            found = [row for row in rows if any(one in row and two in row for one, two in ways)]
            assert found, (code, view, rate, worth.value, ratio.value)


def ways_to_write(value: float, code: str) -> list[str]:
    """A number with none to four decimals, as a cell of the page holds it."""
    return [f"|{plain(quantity(Amount(value, '1', decimals), code)[0])}|" for decimals in range(5)]


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)")
def test_the_page_prints_on_ten_sheets_at_most(done):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    pypdf = pytest.importorskip("pypdf")
    results, _, _ = done
    with (
        sync_api.sync_playwright() as play,
        closing(play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])) as browser,
    ):
        tab = browser.new_page()
        tab.goto((results / "index.html").as_uri())
        pdf = pypdf.PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    assert 3 <= len(pdf.pages) <= 10


@pytest.mark.parametrize("table", ["plan", "plan_spending", "finance_appraisal", "land_countries", "degradation"])
def test_the_workbook_holds_the_values_of_the_tables_as_they_are(done, table):
    results, _, _ = done
    rows = pd.read_parquet(results / f"{table}.parquet") if (results / f"{table}.parquet").is_file() else pd.DataFrame()
    if rows.empty:
        pytest.skip("this study has no such table")
    with closing(load_workbook(results / "tables.xlsx", read_only=True)) as book:  # left open, it spoils a later test
        rows_held = book[sheet_name(table, "en")].iter_rows(values_only=True)
        held = sorted(v for row in rows_held for v in row if isinstance(v, int | float))
    for column in rows.select_dtypes("float64"):
        for value in rows[column].dropna():
            at = bisect.bisect_left(held, value - 1e-9 * abs(value))
            assert at < len(held), (column, value)
            assert held[at] == pytest.approx(value, rel=1e-9, abs=1e-12), (column, value)
