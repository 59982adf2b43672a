# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeground.errors import DataError
from homeground.finance import cash_flow, read_products, read_values, split_by_cover
from homeground.finance.valued.places import DERIVED
from homeground.measures import options, read_options

OPTIONS = options()
VALUES = read_values()


def start(measure="zai", year=2024, hectares=10.0, iso3="BFA", **more):
    return pd.DataFrame([{"iso3": iso3, "measure": measure, "year": year, "hectares": hectares, **more}])


def flow(schedule, *, horizon=5, first_year=2024, table=OPTIONS, values=VALUES, **more):
    return cash_flow(schedule, table, values, horizon=horizon, first_year=first_year, **more)


def test_one_hectare_by_hand():
    """Made-up hectare: 100 to start, 10 a year; 50 % more of 2 t at 100 USD/t, 80 % left; lag 1, full after 3 years."""
    table, values = made_up()
    out = flow(start("pits", hectares=2.0), table=table, values=values, products=PITS)
    assert out["year"].tolist() == [2024, 2025, 2026, 2027, 2028, 2029]
    assert out["establishment_usd"].tolist() == [200, 0, 0, 0, 0, 0]
    assert out["upkeep_usd"].tolist() == [0, 20, 20, 20, 20, 20]
    # full benefit: 2 ha x 0.5 x 2 t x 100 x 0.8 = 160, half of it at age 2
    assert out["benefit_usd"].tolist() == [0, 0, 80, 160, 160, 160]
    # carbon: 2 ha x (0.3 + 0.6) t C x 44/12
    assert out["carbon_t_co2e"].tolist() == pytest.approx([0, *[6.6] * 5])
    assert (out["carbon_revenue_usd"] == 0).all()
    # field work: 2 ha x 1 day x 3 USD, half of it worth something elsewhere
    assert out["season_usd"].tolist() == [0, *[3] * 5]
    # work: 5 days/ha to start, 1 + 2 a year, at 3 USD a day
    assert out["labour_usd"].tolist() == [30, *[18] * 5]


PITS = pd.DataFrame([{"measure": "pits", "land": "any", "base_yield": "maize", "price": "maize", "reason": ""}])


def made_up(**changed):
    given = {
        "establishment_cost": ("USD/ha", 100), "upkeep_cost": ("USD/ha/yr", 10),
        "person_days_establishment": ("person-days/ha", 5), "person_days_season": ("person-days/ha/yr", 1),
        "person_days_upkeep": ("person-days/ha/yr", 2), "women_share": ("1", 0.5), "youth_share": ("1", 0.5),
        "yield_gain": ("% of yield without", 50), "soil_carbon_rate": ("t C/ha/yr", 0.3),
        "biomass_carbon_rate": ("t C/ha/yr", 0.6), "benefit_lag": ("yr", 1), "benefit_full": ("yr", 3),
        "adoption_ceiling": ("1", 0.1),
    }  # fmt: skip
    rows = []
    for name, (unit, number) in given.items():
        low, mid, high = changed.get(name, (number,) * 3)
        money = {"price_year": 2023, "currency": "USD"} if unit.startswith("USD") else {}
        rows.append(
            {
                "measure": "pits",
                "parameter": name,
                "low": low,
                "mid": mid,
                "high": high,
                "unit": unit,
                "source": "made up",
            }
            | {"licence": "Apache-2.0", "quality": 4, **money}
        )
    values = {
        "base_yield_maize": (2, "t/ha/yr"), "price_maize": (100, "USD/t"), "benefit_net_share": (0.8, "1"), "wage": (3, "USD/person-day"),
    }  # fmt: skip
    table = VALUES[~VALUES["parameter"].isin(list(values))].astype(object)
    own = pd.DataFrame(
        [
            dict.fromkeys(table.columns, "") | {"parameter": name, "place": "general", "unit": unit, "quality": 4}
            | {"source": "made up", "licence": "Apache-2.0", "currency": "USD", "price_year": 2023}
            | dict(zip(("low", "mid", "high"), changed.get(name, (number,) * 3), strict=True))
            for name, (number, unit) in values.items()
        ]
    )  # fmt: skip
    return options(pd.DataFrame(rows)), pd.concat([table, own], ignore_index=True)


def test_low_takes_every_factor_at_its_worse_end():
    table, values = made_up(
        yield_gain=(20, 50, 80), base_yield_maize=(1, 2, 3), price_maize=(50, 100, 150), benefit_lag=(0, 1, 2), benefit_full=(1, 3, 6)
    )  # fmt: skip
    out = flow(start("pits", hectares=1.0), table=table, values=values, products=PITS)
    # low: 0.2 x 1 x 50 x 0.8 = 8, ramp from year 2 to 6; high: 0.8 x 3 x 150 x 0.8 = 288 from year 1 on
    assert out["benefit_usd_low"].tolist() == pytest.approx([0, 0, 0, 2, 4, 6])
    assert out["benefit_usd_high"].tolist() == pytest.approx([0, 288, 288, 288, 288, 288])


def test_a_loss_is_worst_where_it_comes_early_on_dear_land():
    table, values = made_up(
        yield_gain=(-10, 0, 10), base_yield_maize=(1, 2, 3), benefit_lag=(0, 1, 2), benefit_full=(1, 3, 6)
    )
    out = flow(start("pits", hectares=1.0), table=table, values=values, products=PITS)
    # -0.1 x 3 t x 100 x 0.8 = -24, felt from year 1 on
    assert out["benefit_usd_low"].tolist() == pytest.approx([0, -24, -24, -24, -24, -24])


def test_what_cannot_be_valued_is_absent_with_its_reason():
    out = flow(start("tree_planting"))
    assert out["benefit_usd"].isna().all()
    assert out["benefit_usd_high"].isna().all()
    assert out["benefit_absent"].str.contains("no rate and price of wood").all()
    assert out["benefit_quality"].isna().all()
    assert (out["upkeep_usd"].iloc[1:] > 0).all()


def test_a_measure_of_the_user_without_product_is_absent_too():
    table, values = made_up()
    out = flow(start("pits"), table=table, values=values)
    assert out["benefit_usd"].isna().all()
    assert (out["benefit_absent"] == "the table of products does not name it").all()


def test_a_measure_without_time_to_benefit_is_absent():
    table, values = made_up()
    table[[c for c in table.columns if c.startswith("benefit_full")]] = np.nan
    out = flow(start("pits"), table=table, values=values, products=PITS)
    assert out["benefit_absent"].iloc[0].startswith("its options give no yield gain")


def test_a_country_takes_its_own_price_and_yield():
    ours = flow(start("conservation_agriculture", iso3="KAZ"), horizon=20)["benefit_usd"].iloc[-1]
    gain = OPTIONS.at["conservation_agriculture", "yield_gain_mid"] / 100
    # no difference was measured near Kazakhstan: the measure's gain on 1.1 t; its wheat at 216.4 and barley at 169.5; the world's loss
    assert ours == pytest.approx(10 * gain * 1.1 * (216.4 + 169.5) / 2 * (1 - 0.086) * 0.7)
    sahel = flow(start("conservation_agriculture", iso3="NER"), horizon=20)["benefit_usd"].iloc[-1]
    # median of the differences of millet, sorghum and wheat under reduced tillage; a neighbour's loss
    assert sahel == pytest.approx(10 * 0.1737 * (215.7 + 200.4) / 2 * (1 - 0.104) * 0.7)


def test_nothing_of_the_sahel_is_in_serbia():
    out = flow(start("zai", iso3="SRB"))
    assert out["benefit_usd"].isna().all()
    assert (out["benefit_absent"] == "no yield or price is known near enough").all()
    # a day of its neighbour Bosnia and Herzegovina, 29.25 USD, not of Niger
    assert out["season_usd"].iloc[-1] == pytest.approx(10 * 15 * 29.25 / 2)


def test_costs_that_no_place_near_can_tell_are_absent_with_their_reason():
    out = flow(start("exclosure", iso3="MAR"))  # no wage and no forage price of North Africa
    assert out["season_usd"].isna().all()
    assert out["forgone_usd"].isna().all()
    assert out["cost_absent"].iloc[0].count("near enough") == 2
    assert out["establishment_usd"].iloc[0] > 0
    assert out["upkeep_usd"].notna().all()


def test_grazing_is_forgone_until_grass_may_be_cut():
    out = flow(start("exclosure", iso3="ETH"))
    # 0.25 t at 40 USD on 10 ha for two years; low 0.1 x 20 for one, high 0.5 x 80 for four
    assert out["forgone_usd"].tolist() == [100, 100, 0, 0, 0, 0]
    assert out["forgone_usd_low"].tolist() == [20, 0, 0, 0, 0, 0]
    assert out["forgone_usd_high"].tolist() == [400, 400, 400, 400, 0, 0]
    assert (flow(start("zai"))["forgone_usd"] == 0).all()


def test_a_measure_that_is_valued_on_a_part_of_its_land_says_so():
    name = "farmer_managed_natural_regeneration"
    both = [
        start(name, iso3="KAZ", cover_class=cover, hectares=n) for cover, n in (("cropland", 3.0), ("savanna", 1.0))
    ]
    out = flow(pd.concat(both, ignore_index=True), horizon=20)  # cereals have a yield and price there, forage has none
    assert (out["valued_share"] == 0.75).all()
    assert (out["benefit_absent"] == "").all()
    assert (out["benefit_partly"] == "no yield or price is known near enough").all()
    alone = flow(both[0], horizon=20)
    assert out["benefit_usd"].tolist() == pytest.approx(alone["benefit_usd"].tolist())


def test_labour_is_the_part_of_the_costs_where_options_tell_cash_apart():
    table = OPTIONS.copy()
    for phase, cash in (("establishment", 40.0), ("upkeep", 5.0)):
        for end in ("low", "mid", "high"):
            table[f"{phase}_cash_{end}"] = cash
        table[f"{phase}_cost_mid"] = {"establishment": 160.0, "upkeep": 35.0}[phase]
    out = flow(start("zai"), table=table)  # 160 and 35 a hectare, of which 40 and 5 are cash
    assert out["labour_usd"].tolist()[:2] == pytest.approx([10 * 120, 10 * 30])
    assert out["establishment_usd"].iloc[0] == 1600  # charged once


def test_cropland_and_other_land_bear_different_things():
    name = "farmer_managed_natural_regeneration"
    crop = flow(start(name, cover_class="cropland"), horizon=20)["benefit_usd"].iloc[-1]
    grass = flow(start(name, cover_class="savanna"), horizon=20)["benefit_usd"].iloc[-1]
    cereal = (0.5144 + 1.028) / 2 * (464.8 + 356.3) / 2 * (1 - 0.104)
    assert crop / grass == pytest.approx(cereal / (0.25 * 40))
    with pytest.raises(DataError, match="give cover_class"):
        flow(start(name))


def test_carbon_stops_after_twenty_years():
    out = flow(start("zai"), horizon=30)
    assert (out["carbon_t_co2e"] > 0).tolist() == [False, *[True] * 20, *[False] * 10]


def test_carbon_revenue_is_net_of_buffer_and_verification_and_late():
    table, values = made_up()
    for name, number in (
        ("sold_share", 0.5),
        ("sale_price", 10),
        ("buffer_share", 0.2),
        ("verification_share", 0.4),
        ("delay", 2),
    ):
        values.loc[values["parameter"] == f"carbon_{name}", ["low", "mid", "high"]] = number
    out = flow(start("pits", hectares=2.0), table=table, values=values, products=PITS)
    # 6.6 t a year x 0.5 x 0.8 x 10 x 0.6 = 15.84, two years after the first gain of year 1
    assert out["carbon_revenue_usd"].tolist() == pytest.approx([0, 0, 0, 15.84, 15.84, 15.84])


def test_upkeep_goes_on_after_the_plan_ends():
    plan = pd.concat([start(year=2024), start(year=2026)], ignore_index=True)
    out = flow(plan, horizon=20)
    assert out["upkeep_usd"].iloc[-1] == pytest.approx(20.0 * 35)
    assert out["upkeep_usd"].tolist()[:4] == pytest.approx([0, 350, 350, 700])
    assert out["hectares"].sum() == 20.0


@settings(deadline=None, max_examples=25)
@given(st.floats(0.0, 1e6), st.sampled_from(["zai", "shade_coffee", "exclosure"]), st.integers(2024, 2029))
def test_ends_are_in_order_and_linear_in_hectares(hectares, measure, year):
    one, many = flow(start(measure, year, 1.0)), flow(start(measure, year, hectares))
    names = ["establishment_usd", "upkeep_usd", "season_usd", "forgone_usd", "carbon_t_co2e", "labour_usd"]
    for name in [
        *names,
        *(["benefit_usd"] if measure != "shade_coffee" else []),
    ]:  # no coffee is known near Burkina Faso
        assert (many[f"{name}_low"] <= many[name]).all()
        assert (many[name] <= many[f"{name}_high"]).all()
        assert many[name].to_numpy() == pytest.approx(hectares * one[name].to_numpy(), rel=1e-9, abs=1e-9)


def test_money_of_two_years_is_refused():
    moved = read_options().assign(price_year=lambda t: t["price_year"].where(t["price_year"].isna(), 2024))
    with pytest.raises(DataError, match="prices of 2023, 2024"):
        flow(start(), table=options(moved))
    mixed = VALUES.copy()
    mixed.loc[mixed["parameter"] == "wage", "price_year"] = 2022
    with pytest.raises(DataError, match="money of several years: 2022, 2023"):
        flow(start(), values=mixed)


def test_all_faults_are_told_at_once():
    faulty = pd.concat([start("zai", year=2050), start("dams", hectares=np.nan)], ignore_index=True)
    with pytest.raises(DataError) as caught:
        flow(faulty)
    for text in ("negative or missing", "no options for dams", "2050, outside 2024 to 2029"):
        assert text in str(caught.value)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"unit": "kg/ha"}, '"t/ha/yr" was expected'),
        ({"low": np.nan}, "low <= mid <= high"),
        ({"low": 9.0}, "low <= mid <= high"),
        ({"source": ""}, "has no source"),
        ({"quality": 7}, "quality 1"),
        ({"parameter": "harvest"}, "the parameter is unknown"),
    ],
)
def test_faulty_values_are_refused(change, text):
    values = VALUES.copy()
    for name, new in change.items():
        values[name] = values[name].astype(object)
        values.loc[0, name] = new
    with pytest.raises(DataError, match=text):
        flow(start(), values=values)


def test_money_without_a_year_is_refused():
    values = VALUES.copy()
    values.loc[values["parameter"] == "wage", "price_year"] = pd.NA
    with pytest.raises(DataError, match=r"wage .* money without a price year"):
        flow(start(), values=values)


def test_split_by_cover_keeps_the_hectares():
    plan = pd.DataFrame(
        [
            {"iso3": "NER", "measure": "zai", "cover_class": "cropland", "hectares": 30.0},
            {"iso3": "NER", "measure": "zai", "cover_class": "grassland", "hectares": 10.0},
            {"iso3": "BFA", "measure": "zai", "cover_class": "cropland", "hectares": 5.0},
        ]
    )
    schedule = pd.concat([start(iso3="NER", hectares=8.0), start(iso3="BFA", hectares=5.0)], ignore_index=True)
    out = split_by_cover(schedule, plan)
    assert out.groupby("iso3")["hectares"].sum().to_dict() == {"BFA": 5.0, "NER": 8.0}
    assert out.set_index(["iso3", "cover_class"]).loc[("NER", "grassland"), "hectares"] == 2.0
    with pytest.raises(DataError, match="starts MLI zai"):
        split_by_cover(start(iso3="MLI"), plan)


def test_every_shipped_measure_has_a_product_or_a_reason():
    products = read_products()
    assert set(products["measure"]) == set(OPTIONS.index)
    priced = products[products["base_yield"] != ""]
    known = set(VALUES["parameter"]) | set(DERIVED)
    assert {f"base_yield_{name}" for name in priced["base_yield"]} | {
        f"price_{name}" for name in priced["price"]
    } <= known
    assert (products.loc[products["base_yield"] == "", "reason"] != "").all()


def test_shipped_defaults_say_so():
    unseen = VALUES[VALUES["source"] == "expert default, unverified"]
    assert (unseen["quality"] == 5).all()
    assert (unseen["kind"] == "default").all()
    seen = VALUES.loc[VALUES["quality"] < 5].set_index("parameter")["seen_at"].dropna()
    assert seen.str.contains("http|github.com").all()
    # of the basket of coffee the address was not kept, and the row says so
    assert VALUES.loc[VALUES["seen_at"].isna() & (VALUES["quality"] < 5), "parameter"].tolist() == [
        "loss_after_harvest_coffee"
    ]


def test_an_empty_schedule_gives_an_empty_table():
    assert flow(start().iloc[:0]).empty
