# SPDX-License-Identifier: Apache-2.0
"""The brief as people get it: every number on paper is a stated fact or quoted, no glyph is missing, four pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pypdf
import pytest

from homeground.brief.facts.collect import collect
from homeground.brief.policy_brief.compose import _findings, compose
from homeground.brief.policy_brief.figures import dryland_chart
from homeground.brief.policy_brief.render import render_html, render_pdf, write_brief
from homeground.brief.policy_brief.typesetting import page_count, set_pdf
from homeground.errors import DataError, StudyError
from homeground.language.figures import numbers_in
from homeground.language.languages import LANGUAGES, NBSP
from homeground.language.messages import say, words_or_id
from homeground.language.quantities import Run, Text, quantity
from homeground.study.opening import open_study

BRIEFS = [(where, code) for where in ("small", "real") for code in LANGUAGES]


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> tuple[Path, object]:
    """A study of one country on the embedded atlas, with whatever stages there are."""
    from homeground.chain import order
    from homeground.chain import run as chain

    folder = tmp_path_factory.mktemp("study") / "gambia"
    folder.mkdir()
    (folder / "study.toml").write_text(
        'title = "The Gambia"\nquestion = "Where is it dry?"\ncountries = ["GMB"]\n'
        '[plan]\nbudget = { amount = "5e6 USD", price_year = "as published", years = [2025, 2027] }\n'
    )
    study = open_study(folder)
    before = [stage.name for stage in order.stages() if stage.name != "brief"]
    return chain.run(study, only=before, root=tmp_path_factory.mktemp("results")), study


@pytest.fixture(scope="module", params=BRIEFS, ids=lambda p: f"{p[0]}-{p[1]}")
def brief(request, small_results, small_study, real):
    where, code = request.param
    results, study = (small_results, small_study) if where == "small" else real
    report = compose(results, study, code)
    return report, render_pdf(report), render_html(report)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.text, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("style", "title")

    def handle_endtag(self, tag):
        self.silent -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.silent:
            self.text.append(data)


def of_facts(report) -> set[str]:
    """Every number that a fact may put into a text: value, ends of the interval, years."""
    found: set[str] = set()
    for fact in report.facts:
        for unit in (True, False):
            found |= numbers_in(" | ".join(quantity(fact, report.language, unit=unit)))
        found |= numbers_in(words_or_id(fact.period, report.language))
    return found


def test_the_words_around_the_facts_hold_no_number(brief):
    report = brief[0]
    quoted = set().union(*(numbers_in(q) for q in report.quoted))
    for text in report.texts:
        left = " ".join(run.text for run in text.runs if run.style == "")
        periods = set().union(*(numbers_in(f.period) for f in text.facts))
        table = set().union(*(numbers_in(quantity(f, report.language)[0]) for f in text.facts))
        assert numbers_in(left) <= periods | table | quoted, text.plain


def test_the_map_stands_on_page_one(brief):
    report, pdf, _ = brief
    title, *pages_ = ("".join(text.split()) for text in (report.map.title, *pages(pdf)))
    assert [n for n, text in enumerate(pages_) if title in text] == [0]


def test_the_pdf_holds_exactly_the_numbers_of_the_facts(brief):
    report, pdf, _ = brief
    texts = pages(pdf)
    paged = {str(n) for n in range(1, len(texts) + 1)}
    printed = set().union(*(numbers_in(text) for text in texts))
    quoted = set().union(*(numbers_in(text) for text in report.quoted))
    strange = printed - of_facts(report) - quoted - paged
    assert not strange, f"numbers without a fact: {sorted(strange)}"
    for text in report.texts:
        for run in text.runs:
            if run.style in ("number", "interval"):
                assert numbers_in(run.text) <= printed, run.text


def test_every_sentence_is_on_paper_in_order(brief):
    report, pdf, _ = brief
    squeezed = re.sub(r"\s", "", "".join(pages(pdf)))
    for _, text in report.findings:
        assert re.sub(r"\s", "", text.plain) in squeezed


def test_no_glyph_is_missing_and_all_typefaces_are_embedded(brief):
    _, pdf, _ = brief
    text = "".join(pages(pdf))
    assert "\ufffd" not in text
    assert "\x00" not in text
    reader = pypdf.PdfReader(BytesIO(pdf))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(inner)
        assert "NotoSans" in inner["/FontName"]


def test_two_to_four_pages_with_title_language_and_tags(brief):
    report, pdf, _ = brief
    reader = pypdf.PdfReader(BytesIO(pdf))
    assert 2 <= len(reader.pages) <= 4
    assert reader.metadata.title == report.title
    assert str(reader.trailer["/Root"]["/Lang"]).startswith(report.language)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_a_long_brief_is_set_smaller_to_stay_on_four_pages(small_results, small_study, monkeypatch):
    full = compose(small_results, small_study, "fr")
    more = Text((Run("Encore une phrase longue et prudente, que personne ne devrait oublier. " * 3),))
    counts = []
    for extra in range(40):  # more and more limits, until full size no longer does
        longer = replace(full, limits=replace(full.limits, paragraphs=full.limits.paragraphs + (more,) * extra))
        monkeypatch.setattr("homeground.brief.policy_brief.render.TIGHTEST", 0)
        counts.append(page_count(render_pdf(longer)))
        if counts[-1] == 5:
            break
    assert counts[-1] == 5
    monkeypatch.setattr("homeground.brief.policy_brief.render.TIGHTEST", 3)
    assert page_count(render_pdf(longer)) == 4


def test_html_says_the_same_as_the_pdf(brief):
    report, _, html = brief
    reader = _Words()
    reader.feed(html)
    squeezed = re.sub(r"\s", "", "".join(reader.text))
    for text in report.texts:
        assert re.sub(r"\s", "", text.plain) in squeezed
    quoted = set().union(*(numbers_in(text) for text in report.quoted))
    assert numbers_in(" ".join(reader.text)) <= of_facts(report) | quoted


def test_html_asks_nothing_of_the_internet(brief):
    html = brief[2]
    assert not re.search(r'(?:src|href)="(?!#)|url\((?!#)|@import|<script', html)
    assert f'<html lang="{brief[0].language}">' in html


def test_the_same_results_give_the_same_bytes(small_results, small_study):
    for code in LANGUAGES:
        once, again = (compose(small_results, small_study, code) for _ in range(2))
        assert render_pdf(once) == render_pdf(again)
        assert render_html(once) == render_html(again)


def test_the_same_facts_in_every_language(small_results, small_study, real):
    for results, study in ((small_results, small_study), real):
        keys = [Counter(f.key for f in compose(results, study, code).facts) for code in LANGUAGES]
        assert keys[0] == keys[1] == keys[2]
        assert len(keys[0]) > 20


def test_four_to_six_findings_on_page_one(brief):
    report, pdf, _ = brief
    assert 4 <= len(report.findings) <= 6
    first = re.sub(r"\s", "", pages(pdf)[0])
    for label, text in report.findings:
        assert re.sub(r"\s", "", label + text.plain) in first


def test_limits_uses_and_sources_are_there(brief):
    report, pdf, _ = brief
    squeezed = re.sub(r"\s", "", "".join(pages(pdf)))
    for text in (*report.limits.paragraphs, *report.not_for.paragraphs, *report.sources.paragraphs):
        assert re.sub(r"\s", "", text.plain) in squeezed
    for note in report.notes:
        assert re.sub(r"\s", "", note) in squeezed
    says = {"en": "border control", "fr": "contrôle des frontières", "zh": "边境管制"}[report.language]
    assert says in report.not_for.paragraphs[0].plain


def test_nothing_is_said_to_prevent_migration_or_to_count_jobs(small_results, small_study):
    report = compose(small_results, small_study, "en")
    said = " ".join(t.plain for t in report.texts if t not in report.not_for.paragraphs).lower()
    assert "migrants prevented" not in said
    assert not re.search(r"\d[\w ]* jobs", said)


def test_findings_of_the_small_study_as_worked_out_by_hand(small_results, small_study):
    report = compose(small_results, small_study, "en")
    said = [text.plain.replace("\u00a0", " ") for _, text in report.findings]
    assert "Drylands cover 41 per cent (29 to 60) of the land, 410 km² (290 to 600); a further 9 per cent" in said[0]
    assert "about 2.50 million people (1.70 to 3.60) who live there, among 6 million people in all" in said[1]
    assert "more people left than arrived: net migration was −2,000 people in 2023" in said[1]
    assert "5 studies from around the world were read; 1 of the 2 countries are without one" in said[2]
    assert "2,000 hectares in 2024–2025. It costs 4.00 million US dollars (2.00 to 8.00)" in said[3]
    assert "discount rate of 7.5 per cent over 20 years" in said[4]
    assert "return 1.4 (0.6 to 9.5) dollars per dollar" in said[4]
    assert said[4].startswith("Whether land users gain is open")
    assert "holds 1 region of 3 with a probability of at least 60 per cent" in said[5]


def test_the_wording_follows_the_interval_of_the_return(small_results, small_study, tmp_path):
    import shutil

    folder = tmp_path / "base"
    shutil.copytree(small_results, folder)
    table = pd.read_parquet(folder / "finance_appraisal.parquet")
    for low, middle, high, starts in (
        (1.2, 1.4, 3.0, "Land users gain"),
        (0.1, 0.4, 0.9, "Farm benefits alone do not"),
    ):
        table.assign(bcr_low=low, bcr=middle, bcr_high=high).to_parquet(folder / "finance_appraisal.parquet")
        said = [text.plain for _, text in compose(folder, small_study, "en").findings]
        assert said[4].startswith(starts)


def test_parts_without_results_are_left_out_and_named(small_results, small_study, tmp_path):
    (tmp_path / "regions.parquet").write_bytes((small_results / "regions.parquet").read_bytes())
    report = compose(tmp_path, small_study, "en")
    assert [label for label, _ in report.findings] == ["Land", "People"]
    last = report.limits.paragraphs[-1].plain
    assert last.endswith("no results for it: Evidence, Measures, Finance, and Risk.")
    assert 1 <= len(pages(render_pdf(report))) <= 4
    with pytest.raises(DataError, match="no regions"):
        compose(tmp_path / "nowhere", small_study, "en")


def test_kosovo_carries_its_footnote_and_a_dashed_border(tmp_path, small_results):

    folder = tmp_path / "balkans"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "Two"\nquestion = "Q"\ncountries = ["SRB", "XKX"]\n')
    table = gpd.read_parquet(small_results / "regions.parquet").assign(iso3=["SRB", "SRB", "XKX"])
    table.to_parquet(tmp_path / "regions.parquet")
    for code, words in (
        ("en", "resolution 1244 (1999)"),
        ("fr", "résolution 1244 (1999)"),
        ("zh", "第1244(1999)号决议"),
    ):
        report = compose(tmp_path, open_study(folder), code)
        assert any(words in note for note in report.notes)
        assert "stroke-dasharray" in report.map.svg
        assert "1244" in re.sub(r"\s", "", "".join(pages(render_pdf(report))))
    assert not any("1244" in note for note in compose(small_results, open_study("great-green-wall"), "en").notes)


def test_the_map_shows_aridity_where_it_is_dry_and_the_gap_elsewhere(small_results, small_study, tmp_path):

    dry = compose(small_results, small_study, "en").map
    assert [label for _, label, _ in dry.legend] == ["hyper-arid", "semi-arid", "humid"]
    assert [amount for *_, amount in dry.legend] == [
        "1 region, 100\u00a0km²",
        "1 region, 200\u00a0km²",
        "1 region, 700\u00a0km²",
    ]
    table = gpd.read_parquet(small_results / "regions.parquet")
    for column in ("land_share_dryland", "land_share_dryland_low", "land_share_dryland_high"):
        table[column] /= 100
    table.to_parquet(tmp_path / "regions.parquet")
    humid = compose(tmp_path, small_study, "en").map
    assert humid.title.startswith("How far the greenest month falls short")
    assert humid.legend[-1][1:] == ("no data", "1 region, 700\u00a0km²")


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_a_study_of_one_country_is_not_told_as_one_of_several(small_results, small_study, code):
    said = {
        "en": ("Drylands by region", "Drylands by country", "Households of the country", "Households in"),
        "fr": ("Zones sèches par région", "Zones sèches par pays", "Les ménages du pays", "Les ménages de"),
        "zh": ("各地区旱地", "各国旱地", "该国的家庭", "2个国家的家庭"),
    }[code]
    facts = collect(small_results, small_study)
    table = pd.read_parquet(small_results / "regions.parquet")
    assert dryland_chart(table, facts, code).title == said[1]
    assert dryland_chart(table[table["iso3"] == "GMB"], facts, code).title == said[0]
    money = say("part.finance", code=code).plain

    def told(known):
        return dict(_findings(known, small_study, code))[money].plain.replace(NBSP, "")

    assert said[3].replace(" ", "") in told(facts).replace(" ", "")
    assert said[2] in told({**facts, "study_countries": replace(facts["study_countries"], value=1.0)})
    one = {**facts, "remittances_countries": replace(facts["remittances_countries"], value=1.0)}
    assert not numbers_in(told(one)) & {"1"}


def test_every_shipped_study_speaks_each_language(small_results):
    from homeground.language.messages import STUDY
    from homeground.language.wording import translation
    from homeground.study.opening import shipped_studies

    for name in shipped_studies():
        study = open_study(name)
        for text in (study.title, study.question, *study.cannot_say):
            for code in ("fr", "zh"):
                assert translation(text, STUDY, code), f"{name}: translate in {code}.po: {text}"


def test_the_great_green_wall_is_named_in_each_language(small_results):
    study = open_study("great-green-wall")
    assert [compose(small_results, study, code).title for code in LANGUAGES] == [
        "Great Green Wall", "Grande Muraille verte", "绿色长城",
    ]  # fmt: skip
    for code in ("fr", "zh"):
        report = compose(small_results, study, code)
        assert report.question != study.question
        assert not set(report.said_by_study) & set(study.cannot_say)


def test_a_user_s_own_words_stand_as_written(small_results, small_study):
    report = compose(small_results, small_study, "zh")
    assert report.title == "Two rivers"
    assert "1987" in report.limits.paragraphs[0].plain


def test_a_character_in_no_typeface_is_an_error(small_results, small_study):
    report = compose(small_results, small_study, "en")
    with pytest.raises(DataError, match="could not be displayed"):
        render_pdf(replace(report, question="Where? \U00013000"))


def test_a_warning_of_the_typesetter_is_an_error():
    with pytest.raises(DataError, match=r"warnings: .*unknown font"):
        set_pdf('#set document(date: datetime(year: 2026, month: 1, day: 1))\n#text(font: "No Such Font")[a]', {})


def test_text_of_a_user_cannot_break_out(small_results, small_study):
    nasty = 'A "title" </script><b>#panic("x")</b> $x$ \\ @ref'
    report = replace(compose(small_results, small_study, "en"), title=nasty)
    assert nasty.replace(" ", "") in re.sub(r"\s", "", "".join(pages(render_pdf(report))))
    assert "<b>#panic" not in render_html(report)


def test_files_are_named_by_language_and_an_unknown_one_lists_the_known(small_results, small_study, tmp_path):
    written = write_brief(small_results, small_study, "en", tmp_path / "out")
    assert [path.name for path in written] == ["brief-en.pdf", "brief-en.html"]
    assert all(path.stat().st_size > 5000 for path in written)
    with pytest.raises(StudyError, match=r"en \(English\), fr \(français\), zh"):
        write_brief(small_results, small_study, "es", tmp_path / "out")


def test_texts_know_their_facts():
    assert Text((Run("a"), Run("b", "number"))).plain == "ab"
