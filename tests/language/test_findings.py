# SPDX-License-Identifier: Apache-2.0
"""What each stage found, from small tables worked by hand, in every language."""

from __future__ import annotations

import importlib
import json
import re

import pandas as pd
import pytest

from homeground.language.catalogues import LOCALE, _messages
from homeground.language.languages import LANGUAGES, NBSP
from homeground.language.messages import tell
from homeground.language.quantities import UNITS

NAN = float("nan")
CODES = tuple(LANGUAGES)
BINDS = {"land": 0, "adoption": 0, "money_or_rules": 2, "nothing_fits": 0}


def said(part: str, results) -> dict[str, str]:
    """A stage's finding by language, with plain spaces."""
    found = importlib.import_module(f"homeground.{part}.finding").finding(results)
    return {code: re.sub(f"[{NBSP}\u202f]", " ", tell(found, code)) for code in CODES}


def table(folder, name: str, rows: dict | list) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(folder / name)


@pytest.fixture
def land(tmp_path):
    rows = {"iso3": ["NER", "NER", "MLI"], "aridity_class": [0, 2, 4], "area_km2": [2000.0, 5000.0, 3000.0]}
    table(tmp_path, "land_units.parquet", rows)
    return tmp_path


def test_land(land):
    # 5,000 of 10,000 km2 are dry, 2,000 beyond it.
    assert said("land.stage", land) == {
        "en": "Of the land looked at in 2 countries, drylands cover 50 per cent, 5,000 km² of 10,000 km². A further 20 per "
        "cent is hyper-arid.",
        "fr": "Dans 2 pays, les zones sèches couvrent 50 % des terres considérées, soit 5 000 km² sur 10 000 km². La classe "
        "« hyperaride » en couvre 20 % de plus.",
        "zh": "在2个国家所考察的土地中，旱地占50%，即10,000平方公里中的5,000平方公里。另有20%属于极端干旱区。",
    }


@pytest.mark.parametrize(("covered", "part"), [(10_000.0, ""), (4000.0, "40")])
def test_degraded_land_is_of_what_the_series_cover(land, covered, part):
    facts = {"degraded_share": 22.2, "degraded_low": 15.0, "degraded_high": 30.0}
    (land / "degradation.json").write_text(json.dumps(facts), encoding="utf-8")
    table(land, "degradation.parquet", {"period": ["period", "baseline"], "area_km2": [covered, 99.0]})
    found = said("land.stage", land)
    assert "22 per cent (15 to 30)" in found["en"]
    assert "22 % (15 à 30)" in found["fr"]
    assert "22%（15至30）" in found["zh"]
    assert [f"{part}%" in found["zh"], "数据序列覆盖" in found["zh"]] == [bool(part) or "%" in found["zh"], bool(part)]
    assert ("they cover 40 per cent of the land looked at" in found["en"]) == bool(part)


@pytest.fixture
def people(tmp_path):
    table(tmp_path, "regions/people.parquet", {"people_population": [1_250_000.0, 750_000.0]})
    figures = [
        {"iso3": "NER", "year": 2023, "indicator": "net_migration", "value": -41_000.0},
        {"iso3": "MLI", "year": 2023, "indicator": "net_migration", "value": 1000.0},
        {"iso3": "MLI", "year": 2022, "indicator": "net_migration", "value": 9e6},
        {"iso3": "MLI", "year": 2024, "indicator": "idps_idmc", "value": 8400.0},
    ]
    table(tmp_path, "people_countries.parquet", figures)
    table(tmp_path, "land_units.parquet", {"area_km2": [100.0]})
    table(tmp_path, "land_countries.parquet", {"area_km2": [100.0]})
    return tmp_path


def test_people(people):
    assert said("people", people) == {
        "en": "2 million people live here. By the UN’s estimate a net 40,000 people left in 2023. 8,400 people were "
        "displaced inside their country at the end of 2024, counted in 1 of 2 countries.",
        "fr": "2 millions de personnes vivent ici. Selon l’estimation de l’ONU, les départs ont dépassé les arrivées en "
        "2023 ; l’écart est de 40 000 personnes. Fin 2024, 8 400 personnes étaient déplacées à l’intérieur de leur propre "
        "pays (pays ayant un chiffre : 1 sur 2).",
        "zh": "这里居住着200万人。据联合国估计，2023年迁出人数多于迁入人数，差额为40,000人。2024年底，有8,400人在本国境内流离失所"
        "（2个国家中有1个有统计数字）。",
    }


def test_people_of_places_that_do_not_fill_their_country(people):
    table(people, "land_countries.parquet", {"area_km2": [200.0]})
    figures = pd.read_parquet(people / "people_countries.parquet")
    table(people, "people_countries.parquet", figures[figures["indicator"] == "net_migration"].assign(value=1.0))
    found = said("people", people)
    assert found["en"].endswith("of the whole country, not of the places of this study alone.")
    assert "a net 2 people came in 2023" in found["en"]
    assert "2023年迁入人数多于迁出人数，差额为2人" in found["zh"]
    assert "displaced inside" not in found["en"]


@pytest.mark.parametrize(("coverage", "en", "fr"), [
    (["this country", "no study"], "some of them of 1 of the 2 countries here", "portent sur 1 des 2 pays"),
    (["country", "country"], "some of them of 2 of the 2 countries here", "portent sur 2 des 2 pays"),
    (["country"], "some of them of this country", "portent sur ce pays"),
    (["none", "region"], "none of them of a country here", "dont aucune ne porte sur un pays"),
])  # fmt: skip
def test_evidence(tmp_path, coverage, en, fr):
    column = "evidence_people_dryland"
    rows = {"region_id": ["a"], column: [2e6], f"{column}_low": [1.5e6], f"{column}_high": [2.5e6]}
    table(tmp_path, "regions/evidence.parquet", rows)
    people = {f"people_population{end}": [4e6] for end in ("", "_low", "_high")}
    table(tmp_path, "regions/people.parquet", {"region_id": ["a"]} | people)
    table(tmp_path, "land_units.parquet", {"region_id": ["a"], "iso3": ["NER"]})
    reading = {"iso3": ["NER", "MLI"][: len(coverage)], "stance": "environment", "coverage": coverage}
    table(tmp_path, "evidence_countries.parquet", reading)
    table(tmp_path, "effects.parquet", {"cluster": ["a", "b", "b"]})
    found = said("evidence", tmp_path)
    assert found["en"].startswith(
        "About 2.00 million people (1.50 to 2.50) live in drylands. Published studies read: 2,"
    )
    assert found["zh"].startswith("约有200万人（150万至250万）生活在旱地。共研读已发表的研究2项，")
    assert en in found["en"]
    assert fr in found["fr"]


def plan(folder, **facts) -> None:
    found = {"planned": True, "currency": "USD", "years": [2024, 2030], "gap": 0.0, "binding": BINDS} | facts
    (folder / "plan.json").write_text(json.dumps(found), encoding="utf-8")
    rows = {"measures_hectares": [1500.0, 500.0]}
    for column, scale in (("measures_cost_usd", 1e6), ("measures_person_days_establishment", 1e4)):
        rows |= {column: [scale, scale], f"{column}_low": [scale / 2] * 2, f"{column}_high": [2 * scale] * 2}
    table(folder, "regions/measures.parquet", rows)


def test_measures(tmp_path):
    plan(tmp_path)
    assert said("measures", tmp_path) == {
        "en": "For 2.00 million US dollars (1.00 to 4.00) in 2024–2030 the plan covers 2,000 hectares and takes 20,000 "
        "person-days (10,000 to 40,000) to establish. No plan under these rules does better.",
        "fr": "Pour 2,00 millions de dollars des États-Unis (1,00 à 4,00) en 2024–2030, le plan couvre 2 000 hectares ; sa "
        "mise en place demande 20 000 jours-personnes (10 000 à 40 000). Aucun plan respectant ces règles ne fait mieux.",
        "zh": "2024–2030年投入200万美元（100万至400万），方案覆盖2,000公顷，建设需要20,000人日（10,000至40,000）。在这些规则下，"
        "没有更好的方案。",
    }


def test_a_gap_is_told_with_two_digits_and_other_money_by_its_code(tmp_path):
    plan(tmp_path, gap=0.00034, currency="XOF", years=[2024, 2024])
    found = said("measures", tmp_path)
    assert "within 0.034 per cent of the best" in found["en"]
    assert "à 0,034 % au plus" in found["fr"]
    assert found["en"].startswith("For XOF 2.00 million (1.00 to 4.00) in 2024 the plan")
    plan(tmp_path, binding={"land": 3, "adoption": 5, "money_or_rules": 1, "nothing_fits": 2})
    used_up = "In 8 of 11 regions the land, or what people may take up of each measure, is used up"
    assert used_up in said("measures", tmp_path)["en"]


@pytest.mark.parametrize("part", ["measures", "finance"])
def test_why_there_is_no_plan(tmp_path, part):
    table(tmp_path, "finance_appraisal.parquet", [])
    (tmp_path / "plan.json").write_text(json.dumps({"planned": False, "reason": "no_budget"}), encoding="utf-8")
    found = said(part, tmp_path)
    assert "the study has no [plan].budget" in found["en"]
    assert "l’étude n’a pas de budget ([plan].budget)" in found["fr"]
    assert "研究没有设定预算（[plan].budget）" in found["zh"]


def test_finance(tmp_path):
    row = {"scope": "plan", "view": "financial", "study_rate": True, "rate": 0.075, "horizon": 20, "price_year": 2023}
    row |= {"cost_usd": 3e6, "cost_usd_low": 2e6, "cost_usd_high": 5e6, "benefit_cover": 0.4}
    row |= {"bcr": 0.64, "bcr_p05": 0.41, "bcr_p95": 1.12, "unverified_benefit": 0.9}
    table(tmp_path, "finance_appraisal.parquet", [row, row | {"scope": "zai", "bcr": 9.0}])
    assert said("finance", tmp_path) == {
        "en": "At 7.5 per cent over 20 years the plan costs 3.00 million US dollars (2.00 to 5.00) in present value, at "
        "prices of 2023. Farm benefits, valued for 40 per cent of this cost, return 0.4 to 1.1 per dollar in nine of ten "
        "draws; at middle values 0.6. Of these benefits 90 per cent rests on unverified defaults.",
        "fr": "Au taux de 7,5 % sur 20 ans, le plan coûte 3,00 millions de dollars des États-Unis (2,00 à 5,00) en valeur "
        "actuelle, aux prix de 2023. Les avantages agricoles, chiffrés pour 40 % de ce coût, rapportent de 0,4 à 1,1 par "
        "dollar dans neuf tirages sur dix ; aux valeurs médianes, 0,6. Part de ces avantages qui repose sur des valeurs par "
        "défaut non vérifiées : 90 %.",
        "zh": "按7.5%的贴现率计算20年，方案成本的现值为300万美元（200万至500万），按2023年价格计。农业效益（已估值部分对应成本的40%）"
        "在十分之九的抽样中每美元回报0.4至1.1；取中间值时为0.6。这些效益中有90%依据未经核实的默认值。",
    }
    table(tmp_path, "finance_appraisal.parquet", [row | {"bcr": NAN}])
    assert said("finance", tmp_path)["fr"].endswith("Aucun de ses avantages agricoles ne peut être chiffré.")


def risk(folder, classes, chances, *, dry=1.0) -> None:
    n = len(classes)
    ranks = {"risk_rank": range(1, n + 1), "risk_rank_low": 1.0, "risk_rank_high": 5.0}
    table(folder, "regions/risk.parquet", ranks | {"risk_class": classes, "risk_class_probability": chances})
    table(folder, "risk_parts.parquet", {"node": ["people_in_drylands"], "value": [dry]})


@pytest.mark.parametrize(("chances", "en", "fr"), [
    ((0.9, 0.6, 0.9), "2 regions are in the highest class", "2 régions sont dans"),
    ((0.9, 0.59, 0.9), "1 region is in the highest class", "1 région est dans"),
    ((0.5, 0.5, 0.9), "0 regions are in the highest class", "0 région est dans"),
])  # fmt: skip
def test_risk(tmp_path, chances, en, fr):
    risk(tmp_path, [5, 5, 3, 2, 1], [*chances, 0.9, 0.9])
    found = said("risk", tmp_path)
    assert found["en"] == (
        f"{en} with a probability of at least 60 per cent, of 5 compared with each other only. Ranks of the middle half "
        "move by ±2 places."
    )
    assert found["fr"].startswith(fr)
    assert "概率不低于60%" in found["zh"]
    assert "变动±2位" in found["zh"]


def test_risk_that_cannot_be_told_or_is_nil(tmp_path):
    risk(tmp_path, [1, 2], [0.9, 0.9])
    assert said("risk", tmp_path)["en"].startswith("2 regions are too few for classes")
    assert "1,000次抽样" in said("risk", tmp_path)["zh"]
    risk(tmp_path, [1, 2], [0.9, 0.9], dry=0.0)
    assert said("risk", tmp_path)["fr"].startswith("Personne ne vit dans des zones sèches dans ces 2 régions")
    table(tmp_path, "regions/risk.parquet", {"risk_rank": [NAN]})
    assert said("risk", tmp_path)["zh"] == "没有任何地区的已知指标足以计算风险指数。"


def test_the_joined_table_and_the_brief(tmp_path):
    table(tmp_path, "regions.parquet", {"region_id": ["a"], "iso3": ["NER"], "geometry": [b""]})
    assert said("chain", tmp_path) == {
        "en": "1 region with 2 columns in regions.parquet.",
        "fr": "1 région et 2 colonnes dans regions.parquet.",
        "zh": "regions.parquet：1个地区，2列。",
    }
    (tmp_path / "prais").mkdir()
    for name in ("brief-fr.pdf", "brief-en.pdf", "prais/NER.xlsx"):
        (tmp_path / name).touch()
    assert said("brief", tmp_path) == {
        "en": "index.html opens without internet; beside it stand brief-en.pdf, brief-fr.pdf, and tables.xlsx. 1 PRAIS form "
        "is there to confirm or correct.",
        "fr": "index.html s’ouvre sans internet ; à côté se trouvent brief-en.pdf, brief-fr.pdf et tables.xlsx. 1 "
        "formulaire PRAIS est à confirmer ou à corriger.",
        "zh": "index.html无需联网即可打开；同一文件夹中还有brief-en.pdf、brief-fr.pdf和tables.xlsx。有1份PRAIS表格待确认或更正。",
    }


# Words of four letters and more that English and French share, names, and codes.
FRENCH = "dollar plan base budget notes international variable hectares index classes place places internet adoption expert zone absent gain"
FRENCH += (
    " social sites action exploitation violence cent routes nature impact herbicides habitat tonne kenya refuge local"
)
FRENCH += " questions capital final hectare transport pesticides"
FRENCH += " taxes budgets programme date atlas question source sources verdict type types gains test exact transition"
NAMES = {"secap", "fpic", "esia", "escmf", "prais", "idmc", "homeground", "ndvi", "xirr", "xnpv", "excel"}
SHARED = {"fr": NAMES | set(FRENCH.split()), "zh": NAMES}


@pytest.mark.parametrize("area", ["findings", "terminal"])
@pytest.mark.parametrize("code", ["fr", "zh"])
def test_no_english_is_left(area, code):
    english, other = (_messages(area, one, LOCALE) for one in ("en", code))
    assert len(english) > 20
    for key, (_, message) in english.items():
        left = words_of(message.forms) & words_of(other[key][1].forms) - SHARED[code]
        assert not left, (key, left)


def words_of(forms: tuple[str, ...]) -> set[str]:
    """Words in small letters, without placeholders, settings such as [land].sensitivity and names of files."""
    text = re.sub(r"\{[^}]*\}|\[\w+\](\.\w+)?|\w+\.\w+|\w+_\w+", " ", " ".join(forms))
    return {word.lower() for word in re.findall(r"[A-Za-zÀ-ÿ]{4,}", text)}


def test_every_unit_of_a_finding_has_words():
    assert {"%", "km2", "ha", "persons", "person-days", "USD", "years", "1"} <= set(UNITS)
