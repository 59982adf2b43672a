# SPDX-License-Identifier: Apache-2.0
"""Made offers and needs for the tests of this folder: one row that fits itself, and random tables."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from homeground.accelerator.matching.given import read_profiles

HERE = Path(__file__).parent
ROW: dict[str, Any] = {
    "profile": "A", "title": "Land", "organisation": None, "kind": "money", "countries": "NER", "admin_units": None,
    "pillars": "2", "practices": "zai", "instrument": "grant", "smallest_minor": 100_00, "largest_minor": 1000_00,
    "total_minor": None, "currency": "EUR", "least": None, "most": None, "unit": None,
    "start": datetime.date(2026, 1, 1), "end": datetime.date(2027, 12, 31), "beneficiaries": "women", "languages": "fr",
    "involves": None, "exclusions": None, "consent": "yes", "active": "yes", "text": None, "source": None,
}  # fmt: skip
TITLES = [
    "Zaï et demi-lunes dans le Sahel avec les femmes", "Restoration of the land with trees and zai", "Trees",
    "Seedlings of trees for the herders of the north", "Restauration des terres avec les éleveurs du nord",
]  # fmt: skip
MONEY = ("smallest_minor", "largest_minor", "total_minor")


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    """Offers or needs: `ROW` with what each row changes."""
    found = pd.DataFrame([ROW | row for row in rows], columns=list(ROW)).astype(dict.fromkeys(MONEY, "Int64"))
    return found.astype({"least": "float64", "most": "float64"})


def files() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The made spreadsheets of this folder."""
    return read_profiles(HERE / "offers.csv", "offers"), read_profiles(HERE / "needs.csv", "needs")


def _some(words: list[str]) -> st.SearchStrategy[str | None]:
    return st.lists(st.sampled_from(words), unique=True, max_size=2).map(lambda some: "; ".join(some) or None)


_ROWS = st.fixed_dictionaries(
    {
        "title": st.sampled_from(TITLES),
        "organisation": st.sampled_from([None, "X", "Y", "Z"]),
        "kind": st.sampled_from(["money", "money", "money", "know-how"]),
        "countries": _some(["NER", "MLI", "SEN"]),
        "pillars": st.sampled_from([None, "1", "2; 5", "2: 70; 5: 30"]),
        "practices": _some(["zai", "half_moons", "water_harvesting", "nursery"]),
        "instrument": _some(["grant", "loan"]),
        "size": st.tuples(st.sampled_from([None, 0, 10, 100, 400]), st.sampled_from([None, 400, 1000, 3000])),
        "total_minor": st.sampled_from([None, 500, 2000, 6000]),
        "beneficiaries": _some(["women", "youth", "herders"]),
        "exclusions": st.sampled_from([None, None, "pesticides", "nursery"]),
        "involves": st.sampled_from([None, None, "pesticides"]),
        "consent": st.sampled_from(["yes", "yes", "yes", "no"]),
        "active": st.sampled_from(["yes", "yes", "yes", "no"]),
    }
)  # fmt: skip


def _row(number: int, drawn: dict[str, Any]) -> dict[str, Any]:
    low, high = drawn.pop("size")
    money = {"smallest_minor": low, "largest_minor": high} if drawn["kind"] == "money" else dict.fromkeys(MONEY)
    drawn = drawn | ({} if drawn["kind"] == "money" else {"total_minor": None})
    if drawn["total_minor"] is not None and money["smallest_minor"] is not None:
        drawn["total_minor"] = max(drawn["total_minor"], money["smallest_minor"])
    return drawn | money | {"profile": f"P{number:02d}", "languages": None}


def tables(most: int = 7) -> st.SearchStrategy[pd.DataFrame]:
    """Random tables of offers or needs."""
    rows = st.lists(_ROWS, min_size=1, max_size=most)
    return rows.map(lambda drawn: table(*(_row(i, dict(one)) for i, one in enumerate(drawn))))
