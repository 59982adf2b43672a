# SPDX-License-Identifier: Apache-2.0
"""Corridors of remittances: what each country received from each other in 2017, and what sending cost in 2020."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from tools.figures_people import NAMES

MATRIX = "people/gravity/WB_Bilateral_Remittance_Estimates_2017.xlsx"
PRICES = "people/remittances/remittance_prices_worldwide_corridors.csv"
SMALLEST = 0.05  # USD million: less than this prints as 0.0
QUARTER = "2020Q3 [YR2020Q3]"

# Names of the matrix that neither the atlas nor the table of prices has.
ALIASES = {
    "American Samoa": "ASM", "Andorra": "AND", "Antigua and Barbuda": "ATG", "Argentina": "ARG", "Aruba": "ABW",
    "Bahamas, The": "BHS", "Barbados": "BRB", "Belize": "BLZ", "Bermuda": "BMU", "Bhutan": "BTN",
    "Brunei Darussalam": "BRN", "Burundi": "BDI", "Cayman Islands": "CYM", "Central African Republic": "CAF",
    "Congo, Dem. Rep.": "COD", "Congo, Rep.": "COG", "Cote d'Ivoire": "CIV", "Curacao": "CUW", "Cyprus": "CYP",
    "Czech Republic": "CZE", "Denmark": "DNK", "Dominica": "DMA", "Egypt, Arab Rep.": "EGY",
    "Equatorial Guinea": "GNQ", "Faeroe Islands": "FRO", "Finland": "FIN", "French Polynesia": "PYF", "Gabon": "GAB",
    "Greece": "GRC", "Greenland": "GRL", "Grenada": "GRD", "Guam": "GUM", "Guinea": "GIN", "Guinea-Bissau": "GNB",
    "Hong Kong SAR, China": "HKG", "Iceland": "ISL", "Iran, Islamic Rep.": "IRN", "Iraq": "IRQ", "Ireland": "IRL",
    "Isle of Man": "IMN", "Korea, Dem. Rep.": "PRK", "Lao PDR": "LAO", "Libya": "LBY", "Liechtenstein": "LIE",
    "Luxembourg": "LUX", "Macao SAR, China": "MAC", "Maldives": "MDV", "Malta": "MLT", "Marshall Islands": "MHL",
    "Mauritius": "MUS", "Micronesia, Fed. Sts.": "FSM", "Monaco": "MCO", "Mongolia": "MNG", "New Caledonia": "NCL",
    "Northern Mariana Islands": "MNP", "Palau": "PLW", "Puerto Rico": "PRI", "San Marino": "SMR",
    "Sao Tome and Principe": "STP", "Seychelles": "SYC", "Sint Maarten (Dutch part)": "SXM",
    "Slovak Republic": "SVK", "Slovenia": "SVN", "St. Kitts and Nevis": "KNA", "St. Lucia": "LCA",
    "St. Martin (French part)": "MAF", "St. Vincent and the Grenadines": "VCT", "Swaziland": "SWZ",
    "Timor-Leste": "TLS", "Trinidad and Tobago": "TTO", "Turks and Caicos Islands": "TCA", "United States": "USA",
    "Uruguay": "URY", "Venezuela, RB": "VEN", "Vietnam": "VNM", "Virgin Islands (U.S.)": "VIR",
    "West Bank and Gaza": "PSE", "Yemen, Rep.": "YEM", "Channel Islands": "CHI",
}  # fmt: skip


def corridors(shared: Path, countries: pd.DataFrame) -> pd.DataFrame:
    """Rows by receiving country (iso3) and sending country (place): money of 2017, price of sending of 2020."""
    prices = pd.read_csv(shared / PRICES, na_values="..", encoding="utf-8-sig")
    prices = prices[prices["Series Code"] == "ATCR.CORR"]
    sender, receiver = prices["Sending Countries Code"], prices["Receiving Countries  Code"]
    codes = dict(zip(prices["Receiving Countries  Name"], receiver, strict=True))
    codes |= dict(zip(prices["Sending Countries Name"], sender, strict=True))
    codes |= dict(zip(countries["name_en"], countries["iso3"], strict=True))
    codes |= {name: iso3 for iso3, name in NAMES.items()} | ALIASES
    cost = pd.DataFrame({"iso3": receiver, "place": sender, "value": prices[QUARTER]}).dropna()
    # The table of prices writes Kosovo as XKX as we do; other codes of its own are not among our countries.
    cost = cost[cost["iso3"].isin(list(NAMES))].assign(
        year=2020, indicator="sending_cost", unit="% of the amount sent", kind="observed", licence="CC BY 4.0",
        source="World Bank, Remittance Prices Worldwide (corridors), DataBank, updated 2020-12-07",
        note="third quarter; average of the providers asked",
    )  # fmt: skip
    return pd.concat([_sent(shared, codes), cost.assign(value=cost["value"].round(2))], ignore_index=True)


def _sent(shared: Path, codes: dict[str, str]) -> pd.DataFrame:
    raw = pd.read_excel(shared / MATRIX, header=None)
    receiving = raw.iloc[1].astype(str).str.strip()
    body = raw.iloc[2:][raw.iloc[2:, 0].notna() & raw.iloc[2:, 1].notna()]
    sending = body[0].astype(str).str.strip()
    rows = []
    for iso3, name in NAMES.items():
        column = body.loc[:, receiving == name].iloc[:, 0].astype(float)
        for place, value in zip(sending, column, strict=True):
            if place != "WORLD" and value >= SMALLEST:
                rows.append({"iso3": iso3, "place": codes[place], "value": round(value, 1)})
    return pd.DataFrame(rows).assign(
        year=2017, indicator="remittances_by_corridor", unit="USD million", kind="modelled", licence="CC BY 4.0",
        source="World Bank/KNOMAD, Bilateral Remittance Estimates 2017",
        note="spread over countries by migrants and incomes; not a reported flow",
    )  # fmt: skip
