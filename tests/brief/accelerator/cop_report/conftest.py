# SPDX-License-Identifier: Apache-2.0
"""A made registry whose report can be checked by hand, and the reports of what ships."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from homeground.accelerator.cooperation.shipped import shipped_tables
from homeground.brief.accelerator.cop_report.compose import compose_report

D = datetime.date
ON = D(2026, 11, 30)


@pytest.fixture(scope="session")
def made() -> dict[str, pd.DataFrame]:
    requests = pd.DataFrame(
        [
            (
                "seeds",
                "Seed banks",
                "a",
                "answered",
                D(2025, 1, 10),
                D(2025, 3, 31),
                D(2025, 3, 1),
                "Two banks",
                "letter",
            ),
            ("solar", "Solar pumps", "c", "accepted", D(2025, 5, 1), D(2025, 6, 30), None, None, "letter"),
            ("law", "Pastoral code", "b", "received", D(2026, 11, 1), None, None, None, "note verbale"),
        ],
        columns=["request", "title", "action", "state", "received", "due", "answered", "outcome", "source"],
    )
    parties = [("seeds", "NER"), ("seeds", "MLI"), ("solar", "NER"), ("law", "XKX")]
    laws = pd.DataFrame(
        [
            (
                "p1",
                "NER",
                "Code rural",
                "art. 12",
                "helps",
                "mixed",
                "hinders",
                "interviews",
                "Open corridors",
                "change proposed",
            ),
            ("p2", "BFA", "Loi pastorale", None, "helps", "helps", "not known", None, None, "to be reviewed"),
        ],
        columns=[
            "policy",
            "iso3",
            "title",
            "article",
            "restoration",
            "tenure",
            "mobility",
            "evidence",
            "proposed_change",
            "state",
        ],
    ).assign(source="journal officiel")
    cards = pd.DataFrame(
        [
            ("zai", "Planting pits", "published", "focal point: BFA", "moderator: OSS"),
            ("own", "Own bunds", "published", "focal point: BFA", "focal point: BFA"),
            ("wait", "Half-moons", "submitted", "focal point: NER", None),
        ],
        columns=["practice", "title", "state", "submitted_by", "published_by"],
    ).assign(source="field days", establishment_minor=45000, currency="XOF", price_year=2020)
    pledges = pd.DataFrame(
        [("a", "Donor A", 250_000_000, "EUR"), ("b", "Donor B", 2_500_000, "XOF")],
        columns=["pledge", "donor", "amount_minor", "currency"],
    ).assign(source="press release", event="Summit")
    return {
        "requests": requests,
        "request_parties": pd.DataFrame(parties, columns=["request", "iso3"]),
        "policies": laws,
        "practices": cards,
        "pledges": pledges,
    }


@pytest.fixture(scope="session")
def composed(made):
    """Reports by what they are made from and language, with their books."""
    tables = {"note": shipped_tables(), "made": made, "none": {}}
    return {
        (name, code): compose_report(given, code, on=ON)
        for name, given in tables.items()
        for code in ("en", "fr", "zh")
    }
