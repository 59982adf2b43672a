# SPDX-License-Identifier: Apache-2.0
"""Shares of land beside what series without any change would give, in words and in columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.language.messages import Saying
from homeground.numbers.fact import Amount
from homeground.running.tables import LAND_NOISE

if TYPE_CHECKING:
    import pandas as pd

SAID = ("degraded", "improved", "productivity_declining")
RULES = ("trend_falling", "state_falling")


def read_noise(results: Path) -> pd.DataFrame | None:
    """Shares and ranges of the whole study, its countries and larger regions; None where no draws were made."""
    import pandas as pd

    path = results / LAND_NOISE
    return pd.read_parquet(path) if path.is_file() else None


def noise_of_countries(noise: pd.DataFrame | None, measure: str, iso3: pd.Series[str]) -> pd.DataFrame:
    """median, low and high of a measure in the order of ``iso3``; NaN where there is none."""
    import pandas as pd

    columns = ["median", "low", "high"]
    if noise is None:
        return pd.DataFrame(float("nan"), index=range(len(iso3)), columns=columns)
    rows = noise[(noise["level"] == "country") & (noise["measure"] == measure)].set_index("place")
    found: pd.DataFrame = rows[columns].reindex(iso3).reset_index(drop=True)
    return found


def against_chance(noise: pd.DataFrame | None) -> list[Saying]:
    """Each share of the whole study beside its range without change, which rule does it, and what stays as observed."""
    if noise is None or noise.empty:
        return []
    whole = noise[noise["level"] == "study"].set_index("measure")
    said = [
        Saying(
            f"noise.{measure}.{_verdict(float(row['observed']), float(row['low']), float(row['high']))}",
            {"share": _percent(row["observed"]), "low": _percent(row["low"]), "high": _percent(row["high"])},
        )
        for measure in SAID
        if measure in whole.index
        for row in (whole.loc[measure],)
    ]
    ends: dict[str, Amount] = {}
    for rule in RULES:
        row, name = whole.loc[rule], rule.partition("_")[0]
        ends |= {f"{name}_{end}": _percent(row[end]) for end in ("observed", "low", "high")}
    return [*said, Saying("noise.rules", dict(ends)), Saying("noise.kept")]


def _verdict(share: float, low: float, high: float) -> str:
    """Whether a share lies above, below or within the range.

    Examples
    --------
    >>> _verdict(52.0, 14.0, 80.0), _verdict(52.0, 2.0, 9.0), _verdict(1.0, 2.0, 9.0)
    ('within', 'more', 'less')
    """
    return "more" if share > high else "less" if share < low else "within"


def _percent(value: float) -> Amount:
    """Whole numbers from 10 % on, one decimal below."""
    return Amount(float(value), "%", 0 if value >= 10 else 1)
