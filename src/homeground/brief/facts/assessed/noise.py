# SPDX-License-Identifier: Apache-2.0
"""Shares of land beside what series without any change would give, in words and in columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.language.figures import write_number
from homeground.language.messages import Saying, Word
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


def against_chance(noise: pd.DataFrame | None, code: str = "en") -> list[Saying]:
    """Each share of the whole study beside its range without change, which rule does it, and what stays as observed."""
    if noise is None or noise.empty:
        return []
    rows = noise[noise["level"] == "study"].set_index("measure")[["observed", "low", "high"]]
    whole = {str(name): [float(value) for value in row] for name, row in zip(rows.index, rows.to_numpy(), strict=True)}
    said: list[Saying] = []
    for measure in SAID:
        if measure in whole:
            share, low, high = whole[measure]
            words: dict[str, Word] = {"share": _percent(share), "low": _plain(low, code), "high": _percent(high)}
            said.append(Saying(f"noise.{measure}.{_verdict(share, low, high)}", words))
    ends: dict[str, Word] = {}
    for rule in RULES:
        name, (share, low, high) = rule.partition("_")[0], whole[rule]
        ends |= {f"{name}_observed": _percent(share), f"{name}_low": _plain(low, code), f"{name}_high": _percent(high)}
    return [*said, Saying("noise.rules", ends), Saying("noise.kept")]


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
    return Amount(value, "%", _decimals(value))


def _plain(value: float, code: str) -> str:
    """The low end of a range, whose unit stands behind the high end."""
    return write_number(value, _decimals(value), code)


def _decimals(value: float) -> int:
    return 0 if value >= 10 else 1
