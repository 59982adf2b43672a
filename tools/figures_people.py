# SPDX-License-Identifier: Apache-2.0
"""People: UN World Population Prospects, UNHCR and IDMC displacement, remittances."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

COUNTRIES = Path(__file__).resolve().parents[1] / "src/homeground/catalogue/atlas/countries.csv"
with COUNTRIES.open(encoding="utf-8", newline="") as _rows:
    # UN M49 code of the countries of the atlas; Kosovo (under UNSC resolution 1244) is 412 in the UN tables.
    M49 = {row["iso3"]: int(row["m49"]) for row in csv.DictReader(_rows)}
WPP_YEARS = range(1990, 2024)
DISPLACEMENT_YEARS = (2000, 2025)


def net_migration(shared: Path) -> pd.DataFrame:
    """Births, deaths, net migration and population change of UN WPP 2024; population and rate follow from them."""

    def read(name: str) -> pd.Series[float]:
        wide = pd.read_csv(shared / "people/wpp2024" / f"{name}.txt.gz", sep="\t").set_index("country_code")
        known = {iso3: code for iso3, code in M49.items() if code in wide.index}
        wide = wide.loc[list(known.values()), [str(year) for year in WPP_YEARS]]
        index = pd.MultiIndex.from_product([list(known), list(WPP_YEARS)], names=["iso3", "year"])
        return pd.Series(wide.to_numpy(dtype=float).ravel(), index=index)

    births, cbr, moved = read("births") * 1000, read("cbr"), read("migration") * 1000
    # The crude rate is births per 1000 mid-year inhabitants, printed with three decimals: hence low and high.
    half = 0.0005
    people, fewest, most = births / cbr * 1000, births / (cbr + half) * 1000, births / (cbr - half) * 1000
    estimate, derived = "", "births / crude birth rate"
    parts = [
        _long(births.round(), "births", "persons", estimate),
        _long((read("deaths") * 1000).round(), "deaths", "persons", estimate),
        _long(moved.round(), "net_migration", "persons", estimate),
        _long((read("PopChange") * 1000).round(), "population_change", "persons", "1 January to 31 December"),
        _long(people.round(), "population_midyear", "persons", derived).assign(
            low=np.floor(fewest.to_numpy()), high=np.ceil(most.to_numpy())
        ),
        _long((moved / people * 1000).round(3), "net_migration_rate", "per 1000 persons", "net migration / mid-year"),
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(source="UN WPP 2024", licence="CC BY 3.0 IGO", kind="modelled")


def _long(series: pd.Series[float], indicator: str, unit: str, note: str) -> pd.DataFrame:
    return series.rename("value").reset_index().assign(indicator=indicator, unit=unit, note=note)


def displacement(shared: Path) -> pd.DataFrame:
    """Refugees, asylum-seekers, displaced and returned people by country and year, with the rounding interval."""
    folder = shared / "people/unhcr_refugees"
    cells = _unhcr(folder / "population.csv.gz")
    by_origin, by_asylum = "coo_iso", "coa_iso"
    wanted = [
        ("refugees_by_origin", "refugees", by_origin),
        ("refugees_by_asylum", "refugees", by_asylum),
        ("asylum_seekers_by_origin", "asylum_seekers", by_origin),
        ("asylum_seekers_by_asylum", "asylum_seekers", by_asylum),
        ("returned_refugees", "returned_refugees", by_origin),
        ("idps_unhcr", "idps", by_origin),
        ("returned_idps", "returned_idps", by_origin),
    ]
    parts = [_by_country(cells, column, key).assign(indicator=name) for name, column, key in wanted]
    table = pd.concat(parts, ignore_index=True).assign(source="UNHCR Refugee Data Finder")

    idmc = _unhcr(folder / "idmc.csv.gz")
    idmc = _by_country(idmc, "total", by_origin).assign(indicator="idps_idmc", source="IDMC via UNHCR")
    table = pd.concat([table, idmc], ignore_index=True)

    note = pd.Series("", index=table.index)
    note[table.iso3 == "SRB"] = "Serbia and Kosovo (S/RES/1244 (1999)) together"
    note[(table.iso3 == "SRB") & (table.year < 2006)] = "Serbia, Kosovo (S/RES/1244 (1999)) and Montenegro together"
    note[(table.iso3 == "SDN") & (table.year < 2011)] = "before the independence of South Sudan"
    return table.assign(unit="persons", licence="CC BY 4.0", kind="observed", note=note)


FLOW_YEARS = (2022, 2025)


def refugee_flows(shared: Path) -> pd.DataFrame:
    """People who fled from one country to another in a year: refugees, asylum-seekers and people in like situations."""
    cells = _unhcr(shared / "people/unhcr_refugees/flows.csv.gz")
    cells = cells[cells["year"].between(*FLOW_YEARS)]
    known = list(M49)
    cells = cells[cells["coo_iso"].isin(known) | cells["coa_iso"].isin(known)]
    cells = cells[(cells["coo_iso"].str.len() == 3) & (cells["coa_iso"].str.len() == 3)]
    kinds = ["refugees", "asylum_seekers", "refugee_like"]
    cells = cells.assign(value=cells[kinds].sum(axis=1), hidden=cells[kinds].eq(5).sum(axis=1))
    cells = cells[cells["value"] > 0]
    rounded = cells["hidden"] > 0
    table = pd.DataFrame(
        {
            "iso3": cells["coo_iso"],
            "place": cells["coa_iso"],
            "year": cells["year"],
            "value": cells["value"],
            "low": (cells["value"] - 4 * cells["hidden"]).where(rounded),
            "high": cells["value"].where(rounded),
        }
    )
    return table.assign(
        indicator="flight",
        unit="persons",
        source="UNHCR Refugee Data Finder",
        licence="CC BY 4.0",
        kind="observed",
        note="",
    )


def _unhcr(path: Path) -> pd.DataFrame:
    cells = pd.read_csv(path, keep_default_na=False, na_values=[""])
    cells["year"] = cells["year"].astype(int)
    return cells[cells["year"].between(*DISPLACEMENT_YEARS)]


def _by_country(cells: pd.DataFrame, column: str, key: str) -> pd.DataFrame:
    """Sum of the cells; where cells hold 5, which stands for 1 to 5, the sum lies between low and high."""
    cells = cells[cells[key].isin(list(M49)) & (cells[column] > 0)]
    cells = cells.assign(value=cells[column], hidden=(cells[column] == 5).astype(int), iso3=cells[key])
    total = cells.groupby(["iso3", "year"], as_index=False)[["value", "hidden"]].sum()
    rounded = total["hidden"] > 0
    total["low"] = (total["value"] - 4 * total["hidden"]).where(rounded)
    total["high"] = total["value"].where(rounded)
    return total.drop(columns="hidden")


PERSONAL = "personal remittances: transfers + pay of short-term workers abroad"
TRANSFERS = "personal transfers between households only"


def remittances(shared: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Remittances received: (rows under an open licence, rows that stay single cited facts)."""
    rows: list[dict[str, object]] = []
    with (shared / "measures/remittances/remittances_reference.csv").open(encoding="utf-8") as text:
        for row in csv.DictReader(text):
            iso3, place = ("", "Sub-Saharan Africa") if row["iso3"] == "SSA" else (row["iso3"], "")
            source, licence, note = _remittance_source(row["source"])
            same: dict[str, object] = {"iso3": iso3, "place": place, "year": int(row["year"]), "source": source}
            same |= {"licence": licence, "kind": "published", "note": note}
            amount = {"indicator": "remittances_received", "value": row["value"], "unit": row["unit"]}
            share = {"indicator": "remittances_received_share", "value": row["pct_gdp"], "unit": "% of GDP"}
            rows += [same | figure | {"value": float(figure["value"])} for figure in (amount, share) if figure["value"]]
    table = pd.DataFrame(rows)
    is_open = table["licence"] == "CC BY 4.0"
    return pd.concat([table[is_open], _bilateral_totals(shared)], ignore_index=True), table[~is_open]


# start of the source in the collected table: publication, licence, definition or caveat
REMITTANCE_SOURCES = {
    "Eurostat (press)": ("Eurostat, as printed by byteseu.com", "CC BY 4.0", TRANSFERS),
    "Eurostat": ("Eurostat, as printed by ekonomijaibiznis.mk", "CC BY 4.0", TRANSFERS),
    "World Bank (press)": ("World Bank, as printed by balkanview.com", "CC BY 4.0", PERSONAL),
    "World Bank Migration and Development Brief 40": ("World Bank Brief 40 (June 2024), as printed by the press",
                                                      "CC BY 4.0", PERSONAL),
    "World Bank Brief 40": ("World Bank Brief 40 (June 2024), as printed by the press", "CC BY 4.0", PERSONAL),
    "World Bank The Journey Ahead": ("World Bank, The Journey Ahead, as printed by the press", "CC BY 4.0", PERSONAL),
    "World Bank WDI 2021": ("World Bank, World Development Indicators 2021", "CC BY 4.0", PERSONAL),
    "World Bank": ("World Bank, as printed by the press", "CC BY 4.0", PERSONAL),
    "KNOMAD": ("World Bank/KNOMAD, as printed by the press", "CC BY 4.0", PERSONAL),
    "Central Bank of The Gambia": (
        "Central Bank of The Gambia, as printed by fatunetwork.net and allafrica.com", "single fact, cited",
        "GDP was revised: shares of 2021 and 2022 do not compare with later ones",
    ),
    "Bank of Albania": ("Bank of Albania (bankofalbania.org), as printed by the press", "single fact, cited", "almost"),
}  # fmt: skip


def _remittance_source(source: str) -> tuple[str, str, str]:
    """Publication, licence, and which definition the figure follows; the longest match wins."""
    found = [start for start in REMITTANCE_SOURCES if source.startswith(start)]
    if not found:
        msg = f"remittances_reference.csv names a source whose licence is not known here: {source!r}."
        raise SystemExit(msg)
    return REMITTANCE_SOURCES[max(found, key=len)]


NAMES = {
    "BFA": "Burkina Faso", "TCD": "Chad", "DJI": "Djibouti", "ERI": "Eritrea", "ETH": "Ethiopia", "MLI": "Mali",
    "MRT": "Mauritania", "NER": "Niger", "NGA": "Nigeria", "SEN": "Senegal", "SDN": "Sudan", "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyz Republic", "TJK": "Tajikistan", "TKM": "Turkmenistan", "UZB": "Uzbekistan", "ALB": "Albania",
    "BIH": "Bosnia and Herzegovina", "XKX": "Kosovo", "MNE": "Montenegro", "MKD": "Macedonia, FYR",
    "SRB": "Serbia", "GMB": "Gambia, The", "GHA": "Ghana", "SOM": "Somalia",
}  # fmt: skip


def _bilateral_totals(shared: Path) -> pd.DataFrame:
    """What the bilateral matrix of 2017 says each country received from all others."""
    raw = pd.read_excel(shared / "people/gravity/WB_Bilateral_Remittance_Estimates_2017.xlsx", header=None)
    names = raw.iloc[1].astype(str).str.strip()
    world = raw[raw[0].astype(str).str.strip() == "WORLD"].iloc[0]
    total = pd.Series(world.to_numpy()[1:], index=names.to_numpy()[1:]).astype(float)
    if absent := [name for name in NAMES.values() if name not in total.index]:
        msg = f"The remittance matrix has no column for {absent}."
        raise SystemExit(msg)
    # A zero of the matrix means that no figure was reported, not that nobody sent money.
    received = pd.Series({iso3: total[name] for iso3, name in NAMES.items()}).loc[lambda usd: usd > 0]
    return pd.DataFrame({"iso3": received.index, "value": received.to_numpy().round(1)}).assign(
        year=2017, indicator="remittances_received", unit="USD million", kind="modelled", licence="CC BY 4.0",
        source="World Bank/KNOMAD, Bilateral Remittance Estimates 2017", note="column total of the bilateral matrix",
    )  # fmt: skip
