# SPDX-License-Identifier: Apache-2.0
"""Whether fits find again who funds or implements an activity, beside popularity and chance, on real IATI files.

The files lie beside the checkout (HOMEGROUND_SHARED_DATA); without them the made file alone is tried. Ratios are hit rates
among the first five and not speeds.
"""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from benchmarks import Row
from homeground.accelerator.matching.evaluation import hide_one, summary
from homeground.accelerator.matching.profiles import country_of

SHARED = Path(os.environ.get("HOMEGROUND_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
ROLES = {"1": "funding", "2": "accountable", "3": "extending", "4": "implementing"}
FILES = (
    ("UNHCR-Activities-2023.xml.gz", "funding"),
    ("dportal_covid.xml.gz", "funding"),
    ("dportal_covid.xml.gz", "implementing"),
    ("okfn_CAF-ActivityFile-2025-10-10.xml.gz", "implementing"),
    ("okfn_worldbank-679.xml.gz", "funding"),
    ("dportal_foodsecurity.xml.gz", "implementing"),
)


def read_activities(file: IO[bytes]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Activities as `hide_one` takes them, and links with roles; an organisation that reports an activity is no link of it.

    A small reader for this comparison only: it checks nothing.
    """
    from lxml import etree

    rows: list[dict[str, Any]] = []
    links: list[dict[str, str]] = []
    events = etree.iterparse(file, tag="iati-activity", resolve_entities=False, no_network=True, huge_tree=True)
    for _, element in events:
        name = (element.findtext("iati-identifier") or f"activity {len(rows) + 1}").strip()
        said = [t.strip() for tag in ("title", "description") for e in element.findall(tag) for t in e.itertext()]
        codes = [country_of((e.get("code") or "").upper()) for e in element.findall("recipient-country")]
        purposes = [e.get("code") for e in element.findall("sector") if e.get("vocabulary", "1") in ("1", "2", "DAC")]
        paid = [t for t in element.findall("transaction") if t.find("transaction-type") is not None]
        money = [t for t in paid if t.find("transaction-type").get("code") in ("2", "C")] or paid
        values = [v for t in money if (v := t.find("value")) is not None and (v.text or "").strip()]
        default = element.get("default-currency", "")
        units = [v.get("currency", default) for v in values]
        unit = max(sorted(set(units)), key=units.count) if units else ""
        rows.append(
            {
                "activity": name, "countries": [c for c in dict.fromkeys(codes) if c],
                "purposes": [c for c in dict.fromkeys(purposes) if c], "text": " ".join(t for t in said if t),
                "amount": sum(float(v.text) for v, u in zip(values, units, strict=True) if u == unit), "currency": unit,
            }
        )  # fmt: skip
        reporter = element.find("reporting-org")
        own = {"", _named(reporter) if reporter is not None else ""}
        for org in element.findall("participating-org"):
            role = ROLES.get(org.get("role", ""), org.get("role", "").lower())
            if _named(org) not in own:
                links.append({"activity": name, "organisation": _named(org), "role": role})
        element.clear()
    activities = pd.DataFrame(rows).drop_duplicates("activity")
    return activities, pd.DataFrame(links, columns=["activity", "organisation", "role"]).drop_duplicates()


def _named(element: Any) -> str:
    """Reference of an organisation, else its name."""
    name = " ".join("".join(element.itertext()).split()).lower()
    return (element.get("ref") or "").strip() or name


def made(seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A made world in which organisations keep to two countries and one group of purposes."""
    rng = np.random.default_rng(seed)
    countries = ["NER", "MLI", "BFA", "TCD", "SEN", "MRT", "ETH", "SDN"]
    groups = ["311", "312", "140", "151", "232", "410"]
    rows, links = [], []
    for o in range(40):
        own, group = rng.choice(countries, 2, replace=False), groups[rng.integers(len(groups))]
        for k in range(int(rng.integers(2, 9))):
            name = f"{o}-{k}"
            code = f"{group}{rng.integers(10, 40)}"
            amount = float(rng.lognormal(12 + o % 5, 0.5))
            rows.append({"activity": name, "countries": [str(rng.choice(own))], "purposes": [code],
                         "text": f"purpose{group} work{o % 9}", "amount": amount, "currency": "USD"})  # fmt: skip
            links.append({"activity": name, "organisation": f"org {o}", "role": "funding"})
    return pd.DataFrame(rows), pd.DataFrame(links)


def cases(folder: Path = SHARED) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """What is tried: a name, activities, links of one role."""
    activities, links = made()
    found = [("made, who funds", activities, links)]
    where = folder / "accelerator" / "activities"
    for file, role in FILES if where.is_dir() else ():
        with gzip.open(where / file) as opened:
            activities, links = read_activities(opened)
        found.append((f"{file.split('.')[0]}, {role}", activities, links[links["role"] == role]))
    return found


def run() -> list[Row]:
    """Hit rates among the first five; the peer is popularity."""
    rows = []
    for name, activities, links in cases():
        start = time.process_time()
        found = hide_one(activities, links)
        seconds = time.process_time() - start
        if not len(found):
            print(f"{name}: no organisation but the reporting one stands in two of its activities; nothing to find\n")
            continue
        told = summary(found)
        rows.append(
            Row(
                what=f"{name}: {told['links']:.0f} links hidden, {told['candidates']:.0f} candidates; peer: popularity",
                ours=told["fit_hit"], peer=told["popularity_hit"], must=None, aim=1.0, unit="hits among the first five",
                ratio=told["fit_hit"] / told["popularity_hit"] if told["popularity_hit"] else None,
                agreement=f"chance {told['random_hit']:.3f}; mean reciprocal rank {told['fit_reciprocal']:.3f}, popularity "
                f"{told['popularity_reciprocal']:.3f}, chance {told['random_reciprocal']:.3f}; {seconds:.1f} CPU-s",
            )
        )  # fmt: skip
    return rows
