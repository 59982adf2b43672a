# SPDX-License-Identifier: Apache-2.0
"""What build_options.py takes from the collected figures, what it leaves out and why, and the expert defaults that fill in."""

from __future__ import annotations

from typing import NamedTuple

AFRICA = ("sahel", "horn", "east_africa", "southern_africa")  # zones south of the Sahara, as in measures/zones.csv

# Records of cited_costs.csv whose figure is not one of the measure: (record, measure, column or "" for all).
LEFT_OUT = {
    ("1092", "conservation_agriculture", ""): "the whole yearly crop, not what the measure adds",
    ("5673", "conservation_agriculture", ""): "the whole yearly crop, not what the measure adds",
    ("4303", "conservation_agriculture", ""): "the whole yearly crop, not what the measure adds",
    ("1329", "conservation_agriculture", "upkeep_usd_ha_year"): "its work is that of the crop",
}
# What a record says in words beside its figure: (record, measure, column): (low, high).
RANGES = {
    ("1340", "farmer_managed_natural_regeneration", "establishment_days_ha"): (1.0, 3.0),
    ("1340", "farmer_managed_natural_regeneration", "upkeep_days_ha_year"): (1.0, 2.0),
    ("1219", "zai", "establishment_days_ha"): (40.0, 60.0),
}
LABOUR = {("6615", "farmer_managed_natural_regeneration"): 0.0}  # tools alone: work was not counted
NO_SPLIT = (
    "does not fit"  # words of the column doubt: work and days of the record contradict each other, so the total stands
)
LABOUR_OF_UPKEEP = ("1585", "1329")  # the one figure of labour is of the upkeep
# Words of the column doubt that put the reading of the money itself in doubt: grade 4.
DOUBT = ("labelled", "left blank", "outlier", "far above", "doubtful", "absurd", "times higher", "upper end", "may be", "repeated", "repeats",
         "equals", "not the treated")  # fmt: skip


class Seen(NamedTuple):
    """One row of practice_parameters.csv, found by practice, item, country and the start of its source."""

    measure: str
    parameter: str
    practice: str
    item: str
    country: str
    source: str
    places: tuple[str, ...]
    value: float | None = None  # tells rows of one source apart
    factor: float = 1.0
    note: str = ""


RABDO = "Rabdo 2006"
ENABEL = "Enabel REPO Niger"
KENDIE = "Kendie"
COST, UPKEEP, DAYS, GAIN, LIVE, FULL, WOOD = (
    "establishment_cost", "upkeep_cost", "person_days_establishment", "yield_gain", "survival", "benefit_full", "biomass_carbon_rate",
)  # fmt: skip

# Left out of practice_parameters.csv: figures of wages alone (Enabel and PDSA, half-moons: they are no cost of tools and
# transport, and their work is a record of its own); the catalogue of zai pits that repeats WOCAT 1100; WOCAT records that
# stand in cited_costs.csv (1340, 1001, 1098, 1177); costs of zero (cash alone); money without a confirmed rate (birr);
# programmes and watersheds, which name no measure; South Africa's 1 407 USD/ha, which is a farm's fences and water.
SEEN = (
    Seen("half_moons", COST, "half_moon", COST, "Burkina Faso", RABDO, ("BFA",)),
    Seen("stone_lines", COST, "stone_lines", COST, "Burkina Faso", RABDO, ("BFA",), note="with lorry transport"),
    Seen("stone_lines", COST, "permeable_rock_dam", COST, "Burkina Faso", RABDO, ("BFA",), note="permeable rock dams"),
    Seen("soil_bunds", COST, "swc_bunds_ethiopia", COST, "Ethiopia", "Tesfaye", ("ETH",)),
    Seen("managed_grazing", COST, "managed_grazing", COST, "Mali", "World Bank 2011", ("MLI",), note="enclosures for rotational grazing"),
    Seen("managed_grazing", COST, "managed_grazing", COST, "Kenya", "WOCAT SLM", ("KEN",)),
    Seen("managed_grazing", COST, "managed_grazing", COST, "Tunisia", "WOCAT SLM", ("TUN",), note="resting"),
    Seen("managed_grazing", COST, "managed_grazing", COST, "Uzbekistan", "WOCAT SLM", ("UZB",), note="pasture rotation"),
    Seen("agroforestry", COST, "agroforestry_parkland", COST, "Kenya", "Mwaniki", ("KEN",)),
    Seen("agroforestry", UPKEEP, "agroforestry_parkland", "maintenance_cost", "Kenya", "Mwaniki", ("KEN",)),
    Seen("agroforestry", COST, "orchard_agroforestry", COST, "Tajikistan", "Ergashev", ("TJK",), note="grazing land to orchard plots"),
    Seen("agroforestry", UPKEEP, "orchard_agroforestry", "maintenance_cost", "Tajikistan", "Ergashev", ("TJK",)),
    Seen("shade_coffee", COST, "coffee_agroforestry", COST, "Kenya", "Kahiga", ("KEN",)),
    Seen("shade_coffee", UPKEEP, "coffee_agroforestry", "maintenance_cost", "Kenya", "Kahiga", ("KEN",)),
    Seen("windbreak_dune_fixation", COST, "windbreak", COST, "Togo", "Rangou", ("TGO",), note="farm shelterbelt"),
    Seen("windbreak_dune_fixation", UPKEEP, "windbreak", "maintenance_cost", "Togo", "Rangou", ("TGO",)),
    Seen("windbreak_dune_fixation", COST, "windbreak", COST, "China", "Wang", ("CHN",), note="shelterbelts of sandy farmland"),
    Seen("windbreak_dune_fixation", UPKEEP, "windbreak", "maintenance_cost", "China", "Wang", ("CHN",)),
    Seen("conservation_agriculture", COST, "conservation_agriculture_no_till", COST, "Morocco", "WOCAT 2007", ("MAR",),
         note="with machinery; hand-hoe systems cost less"),
    Seen("conservation_agriculture", COST, "conservation_agriculture_no_till", COST, "Uzbekistan", "Daujanov", ("UZB",),
         note="a planter shared over 50 ha"),
    Seen("rangeland_reseeding", COST, "managed_grazing", COST, "general", "Dregne & Chou", ("world",),
         note="world figure for rehabilitating rangeland"),
    # work
    Seen("zai", DAYS, "zai", DAYS, "Burkina Faso", "Kabore, Masse", ("BFA",)),
    Seen("zai", DAYS, "zai", DAYS, "Burkina Faso", "Memoire", ("BFA",)),
    Seen("zai", DAYS, "zai", DAYS, "Burkina Faso", "IED Afrique", ("BFA",)),
    Seen("zai", DAYS, "zai", DAYS, "Burkina Faso", "InnovAfrica", ("BFA",)),
    Seen("half_moons", DAYS, "half_moon", DAYS, "Niger", ENABEL, ("NER",), note="159 half-moons/ha"),
    Seen("half_moons", DAYS, "half_moon", DAYS, "general", "FAO, Bringing", ("sahel",)),
    Seen("half_moons", DAYS, "half_moon", DAYS, "general", "Malagnoux", ("sahel",), note="313 half-moons/ha in heavy soil"),
    Seen("stone_lines", DAYS, "stone_lines", DAYS, "Burkina Faso", RABDO, ("BFA",), 28.0),
    Seen("stone_lines", DAYS, "stone_lines", DAYS, "Burkina Faso", RABDO, ("BFA",), 12.1),
    Seen("stone_lines", DAYS, "stone_lines", DAYS, "general", "Fiche cordons", ("sahel",)),
    # yields; trials that add full fertiliser or compost are left out, and gains in kg whose yield without is not given
    Seen("farmer_managed_natural_regeneration", GAIN, "fmnr", "yield_effect", "Ghana", "ELD", ("GHA",), note="within five years, estimate"),
    Seen("zai", GAIN, "zai", "yield_effect", "Burkina Faso", "Case study 2", ("BFA",), factor=100 / 300,
         note="+400 kg/ha on about 300 kg/ha; a seven-fold gain was left out: its land bore almost nothing before"),
    Seen("stone_lines", GAIN, "stone_lines", "yield_effect", "Burkina Faso", "Zougmore, Mando, Stroosnijder", ("BFA",)),
    Seen("stone_lines", GAIN, "stone_lines", "yield_effect", "Burkina Faso", "Rural21", ("BFA",)),
    Seen("soil_bunds", GAIN, "contour_bunds_ridges", "yield_effect", "Mali", "Traore", ("MLI",), 87.0, note="contour ridges"),
    Seen("soil_bunds", GAIN, "contour_bunds_ridges", "yield_effect", "Mali", "Traore", ("MLI",), 100.0, note="contour ridges"),
    *(Seen(measure, GAIN, "swc_bunds_ethiopia", "yield_effect", "Ethiopia", KENDIE, ("ETH",), gain)
      for measure in ("soil_bunds", "stone_bunds") for gain in (13.0, 19.4, 19.42)),
    *(Seen("agroforestry", GAIN, "gum_arabic", "yield_effect", "Sudan", "Fadl", ("SDN",), gain, note="between Acacia senegal")
      for gain in (15.84, 31.25, 26.55)),
    Seen("managed_grazing", GAIN, "managed_grazing", "yield_effect", "Mali", "World Bank 2011", ("MLI",),
         note="forage biomass against continuous grazing"),
    Seen("conservation_agriculture", GAIN, "conservation_agriculture_no_till", "yield_effect", "Kazakhstan", "World Bank: No-Till", ("KAZ",)),
    Seen("conservation_agriculture", GAIN, "conservation_agriculture_no_till", "yield_effect", "Kazakhstan", "FAO Save and Grow", ("KAZ",)),
    Seen("rangeland_reseeding", GAIN, "rangeland_reseeding", "yield_effect", "Uzbekistan", "WOCAT technologies_4040", ("UZB",)),
    Seen("rangeland_reseeding", GAIN, "rangeland_reseeding", "yield_effect", "Uzbekistan", "ICBA", ("UZB",)),
    # carbon in biomass
    Seen("farmer_managed_natural_regeneration", WOOD, "fmnr", "carbon_rate", "Africa", "Griscom", AFRICA,
         note="biomass and soil together; the soil row is therefore zero"),
    Seen("exclosure", WOOD, "exclosure", "carbon_rate", "Ethiopia", "Woolf", ("ETH",), factor=0.40 * 12 / 44,
         note="40 % of 5.7 t CO2e/ha/yr is biomass; other Ethiopian sites 8.2 and 11.2 t CO2/ha/yr for all pools"),
    Seen("windbreak_dune_fixation", WOOD, "windbreak", "carbon_rate", "general", "Griscom", ("world",),
         note="biomass and soil together; the soil row is therefore zero"),
    # survival and time
    Seen("tree_planting", LIVE, "afforestation_plantation", LIVE, "Ethiopia", "Berhe", ("ETH",), factor=0.01),
    Seen("tree_planting", LIVE, "afforestation_plantation", LIVE, "Senegal", "CNN", ("SEN",), factor=0.01),
    Seen("tree_planting", LIVE, "saxaul_plantation", LIVE, "Kazakhstan", "Kazinform", ("KAZ",), factor=0.01, note="saxaul"),
    Seen("windbreak_dune_fixation", LIVE, "saxaul_plantation", LIVE, "Kazakhstan", "Kazinform", ("KAZ",), factor=0.01, note="saxaul"),
    Seen("farmer_managed_natural_regeneration", FULL, "fmnr", "years_to_full_effect", "Ghana", "ELD", ("GHA",)),
    Seen("half_moons", FULL, "half_moon", "years_to_full_effect", "Niger", "Nigeria Federal", ("NER",)),
    Seen("exclosure", FULL, "assisted_natural_regeneration", "years_to_full_effect", "general", "FAO Forestry", ("world",)),
)  # fmt: skip

# Yield differences of Evidence for Resilient Agriculture (trials south of the Sahara): as % of the control mean that its note
# gives. Not for half-moons, most of which the maps put on pasture: the trials are of crops. Left out too: 388 against 125 kg/ha
# of zai in Niger, a gain on a yield far below that which values.csv gives for crusted land.
ERA = {"yield_difference_water_harvesting": ("zai",), "yield_difference_reduced_tillage": ("conservation_agriculture",),
       "yield_difference_parkland_trees": ("agroforestry",), "yield_difference_alley_cropping": ("agroforestry",)}  # fmt: skip

# Figures seen in a source, but not as one row with that number; computed here in the open.
# measure, parameter, low, mid, high, place, source, year, seen at, quality, note
STATED = (
    ("half_moons", "women_share", 0.43, 0.53, 0.63, "NER", "Enabel REPO Niger: HIMO restoration of pastoral land", 2022, "", 3,
     "53 % of temporary workers as stated (2 484 women); range +-0.10 is an expert default"),
    ("farmer_managed_natural_regeneration", "adoption_ceiling", 0.13, 0.26, 0.52, "NER",
     "Haglund et al., J Environ Manage 92:1696-1705", 2011, "https://pubmed.ncbi.nlm.nih.gov/21458910/", 1,
     "26 % of households had adopted (Maradi); used as the most that may adopt; range half to double"),
)  # fmt: skip

# Soil carbon: IPCC 2019 Tier 1, tropical dry, from (F_LU, F_MG, F_I) before to after; 20 years; mid = low-activity clay.
CROP = 0.92
# Of grassland whose state before is not known: severely degraded, high-intensity grazing, nominally managed.
STATES = (0.70, 0.90, 1.0)
SPAN = "the state before is not known: interval over severely degraded, high-intensity grazing and nominally managed"
TIER1: dict[str, tuple[float | tuple[float, float, float], float, str]] = {
    "zai": (CROP * 0.95, CROP * 1.37, "annual crops, full tillage: low input to high input with manure"),
    "half_moons": (STATES, 1.0, f"{SPAN}, to nominally managed grassland"),
    "stone_lines": (CROP * 0.95, CROP, "annual crops, full tillage: low to medium input"),
    "soil_bunds": (CROP * 0.95, CROP, "annual crops, full tillage: low to medium input"),
    "stone_bunds": (CROP * 0.95, CROP, "annual crops, full tillage: low to medium input"),
    "managed_grazing": (0.90, 1.0, "high-intensity grazing to nominally managed grassland"),
    "exclosure": (STATES, 1.0, f"{SPAN}, to nominally managed grassland; Ethiopian highland sites gained more (0.6 t C/ha/yr)"),
    "agroforestry": (CROP, CROP * 1.25, "annual crops to agroforestry, factor 1.25 (Cardinael et al. 2018)"),
    "shade_coffee": (CROP, CROP * 1.25, "annual crops to agroforestry, factor 1.25 (Cardinael et al. 2018)"),
    "tree_planting": (CROP, 1.0, "annual crops to native reference"),
    "conservation_agriculture": (
        CROP * 0.95, CROP * 1.04, "full tillage, low input to no-till, medium input; African trials span 0 to 1 t C/ha/yr",
    ),
    "rangeland_reseeding": (STATES, 1.17, f"{SPAN}, to improved grassland"),
}  # fmt: skip

# Nothing seen near enough: low, mid, high. Editable in a study; every finding says which share rests on these.
F, Z, H, S, G, X = (
    "farmer_managed_natural_regeneration",
    "zai",
    "half_moons",
    "stone_lines",
    "managed_grazing",
    "exclosure",
)
A, K, T, W, C, R = (
    "agroforestry", "shade_coffee", "tree_planting", "windbreak_dune_fixation", "conservation_agriculture", "rangeland_reseeding",
)  # fmt: skip
FIVE_PERCENT = "about 5 % of establishment a year"
DEFAULTS: dict[str, dict[str, tuple[float, float, float] | tuple[float, float, float, str]]] = {
    "upkeep_cost": {
        C: (10, 30, 60), "grass_strips": (1, 2.5, 5, FIVE_PERCENT),
    },
    "person_days_establishment": {C: (1, 2, 10)},
    "person_days_season": {
        F: (1, 3, 6), Z: (5, 15, 30), H: (2, 6, 15), S: (2, 5, 10), G: (0.2, 1, 3), X: (0.5, 2, 5), A: (3, 8, 20),
        K: (60, 100, 160), T: (0, 3, 10), W: (0, 2, 5), C: (0, 0, 5, "weeding may rise; days saved at ploughing are not counted as negative work"), R: (0.5, 2, 5),
    },
    "person_days_upkeep": {
        G: (0.5, 1, 3), C: (0, 1, 3),
    },
    "women_share": {
        F: (0.2, 0.35, 0.5), Z: (0.2, 0.35, 0.5), S: (0.3, 0.45, 0.6), G: (0.1, 0.25, 0.4), X: (0.2, 0.35, 0.5),
        A: (0.25, 0.4, 0.55), K: (0.3, 0.45, 0.6), T: (0.3, 0.5, 0.65), W: (0.25, 0.4, 0.55), C: (0.2, 0.35, 0.5),
        R: (0.2, 0.35, 0.5),
    },
    "youth_share": {
        F: (0.2, 0.35, 0.5), Z: (0.3, 0.5, 0.65), H: (0.3, 0.5, 0.65), S: (0.3, 0.45, 0.6), G: (0.25, 0.4, 0.55),
        X: (0.25, 0.4, 0.55), A: (0.2, 0.35, 0.5), K: (0.2, 0.35, 0.5), T: (0.3, 0.5, 0.65), W: (0.3, 0.5, 0.65),
        C: (0.15, 0.3, 0.45), R: (0.2, 0.35, 0.5),
    },
    "yield_gain": {H: (50, 100, 200), X: (0, 50, 150), K: (-10, 10, 30), T: (0, 0, 20), W: (0, 10, 25)},
    "soil_carbon_rate": {
        F: (0, 0, 0, "counted with biomass_carbon_rate, not twice"), W: (0, 0, 0, "counted with biomass_carbon_rate, not twice"),
    },
    "biomass_carbon_rate": {
        Z: (0, 0, 0.05), H: (0, 0.1, 0.3), S: (0, 0, 0.1), G: (0, 0, 0.1), A: (0.3, 0.59, 1.2), K: (1.5, 2.98, 4.8),
        T: (0.5, 1.5, 2.9), C: (0, 0, 0), R: (0, 0, 0.1),
    },
    "survival": {A: (0.4, 0.6, 0.8), K: (0.6, 0.8, 0.9)},
    "benefit_lag": {F: (0, 1, 2), Z: (0, 0, 1), H: (0, 0, 1), S: (0, 0, 2), G: (0, 1, 2), X: (1, 2, 4), A: (2, 3, 5), K: (3, 3, 5),
                    T: (3, 5, 8), W: (1, 2, 4), C: (0, 1, 3), R: (0, 1, 2)},
    "benefit_full": {Z: (1, 1, 2), S: (1, 2, 4), G: (3, 5, 8), A: (6, 8, 12), K: (5, 8, 10), T: (15, 20, 30), W: (5, 10, 15),
                     C: (3, 5, 10), R: (3, 5, 8)},
    "adoption_ceiling": {Z: (0.05, 0.1, 0.2), H: (0.05, 0.1, 0.2), S: (0.08, 0.15, 0.3), G: (0.1, 0.2, 0.4), X: (0.05, 0.1, 0.2),
                         A: (0.08, 0.15, 0.3), K: (0.05, 0.1, 0.2), T: (0.02, 0.05, 0.1), W: (0.01, 0.03, 0.06),
                         C: (0.1, 0.2, 0.4), R: (0.05, 0.1, 0.2)},
}  # fmt: skip

# Measures whose expert defaults are those of a like one, the first that has any.
LIKE = {"soil_bunds": (S,), "stone_bunds": (S,), "grass_strips": (S,), "trenches": (H, Z), "terraces": (S,)}
LIKE_PARAMETERS = ("person_days_season", "women_share", "youth_share", "biomass_carbon_rate", "benefit_lag", "benefit_full",
                   "adoption_ceiling")  # fmt: skip
