# SPDX-License-Identifier: Apache-2.0
"""Shares of land beside what series without any change, and the observed rain alone, would give: in words and in columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homeground.language.figures import write_number
from homeground.language.messages import Saying, Word
from homeground.numbers.fact import Amount
from homeground.running.tables import LAND_NOISE, LAND_RAIN_ALONE

if TYPE_CHECKING:
    import pandas as pd

SAID = ("degraded", "improved", "productivity_declining")
RULES = ("trend_falling", "state_falling")
KEYS = ["level", "place", "measure"]
OF_RAIN = ("median", "low", "high", "explained", "years_without_rain")  # with rain_ before them beside the others
ENDS = {"": "median", "_low": "low", "_high": "high"}
NULLS = {"noise": "", "rain": "rain_"}  # what stands before the ends of each range


def read_noise(results: Path) -> pd.DataFrame | None:
    """Shares and ranges of the whole study, its countries and larger regions; None where no draws were made.

    With monthly rain, what rain alone gives stands beside, in columns that begin with ``rain_``; NaN where no cell has enough
    years of it.
    """
    import pandas as pd

    path, beside = results / LAND_NOISE, results / LAND_RAIN_ALONE
    if not path.is_file():
        return None
    noise = pd.read_parquet(path)
    if not beside.is_file():
        return noise
    names = {name: f"rain_{name}" for name in OF_RAIN}
    return noise.merge(pd.read_parquet(beside)[[*KEYS, *names]].rename(columns=names), how="left", on=KEYS)


def noise_of_countries(
    noise: pd.DataFrame | None, measure: str, iso3: pd.Series[str], null: str = "noise"
) -> pd.DataFrame:
    """median, low and high of a measure in the order of ``iso3``, of chance or of rain alone; NaN where there is none."""
    import pandas as pd

    columns = [f"{NULLS[null]}{end}" for end in ENDS.values()]
    if noise is None or columns[0] not in noise:
        return pd.DataFrame(float("nan"), index=range(len(iso3)), columns=columns)
    rows = noise[(noise["level"] == "country") & (noise["measure"] == measure)].set_index("place")
    found: pd.DataFrame = rows[columns].reindex(iso3).reset_index(drop=True)
    return found


def against_chance(noise: pd.DataFrame | None, code: str = "en", trend_of: str = "index") -> list[Saying]:
    """Each share of the whole study beside its range without change, which rule does it, and what stays as observed."""
    if noise is None or noise.empty:
        return []
    whole, rain = _study(noise, ""), _study(noise, "rain_")
    said: list[Saying] = []
    for measure in SAID:
        if measure in whole:
            share, low, high = whole[measure]
            words: dict[str, Word] = {"share": _percent(share), "low": _plain(low, code), "high": _percent(high)}
            said.append(Saying(f"noise.{measure}.{verdict(share, low, high)}", words))
        if measure in rain:
            share, low, high = rain[measure]
            said.append(Saying(f"noise.rain.{rounded_verdict(share, low, high)}", _ends("", low, high, code)))
    ends: dict[str, Word] = {}
    by_rain: dict[str, Word] = {}
    for rule in RULES:
        name, (share, low, high) = rule.partition("_")[0], whole[rule]
        ends |= {f"{name}_observed": _percent(share)} | _ends(f"{name}_", low, high, code)
        if rain:
            by_rain |= _ends(f"{name}_", rain[rule][1], rain[rule][2], code)
    told = [Saying("noise.rain.rules", by_rain)] if rain else []
    setting: dict[str, Word] = {"setting": f'[land].trend_of = "{trend_of}"'}
    beside = [] if trend_of == "index" else [Saying("noise.beside", setting)]
    of_rain = [Saying("noise.rain.water_use", setting)] if trend_of == "water-use" else _of_rain(noise, bool(rain))
    return [*said, Saying("noise.rules", ends), *told, Saying("noise.kept"), *beside, *of_rain]


def _study(noise: pd.DataFrame, null: str) -> dict[str, list[float]]:
    """Observed share, low and high end of each measure of the whole study; empty where that range is not known."""
    columns = ["observed", f"{null}low", f"{null}high"]
    if columns[1] not in noise:
        return {}
    rows = noise[noise["level"] == "study"].set_index("measure")[columns].dropna(subset=columns[1:])
    return {str(name): [float(value) for value in row] for name, row in zip(rows.index, rows.to_numpy(), strict=True)}


def _ends(name: str, low: float, high: float, code: str) -> dict[str, Word]:
    return {f"{name}low": _plain(low, code), f"{name}high": _percent(high)}


def _of_rain(noise: pd.DataFrame, known: bool) -> list[Saying]:
    """How what rain alone would give was worked out, or why it was not."""
    if not known:
        return [Saying("noise.rain.none" if "rain_low" in noise else "noise.rain.not_given")]
    row = noise[noise["level"] == "study"].iloc[0]
    said = [Saying("noise.rain.how", {"explained": _percent(float(row["rain_explained"]))})]
    without = int(row["rain_years_without_rain"])
    return [*said, Saying("noise.rain.years", {"n": without})] if without else said


def verdict(share: float, low: float, high: float) -> str:
    """Whether a share lies above, below or within the range.

    Examples
    --------
    >>> verdict(52.0, 14.0, 80.0), verdict(52.0, 2.0, 9.0), verdict(1.0, 2.0, 9.0)
    ('within', 'more', 'less')
    """
    return "more" if share > high else "less" if share < low else "within"


def rounded_verdict(share: float, low: float, high: float) -> str:
    """The verdict of the numbers as they are printed, so that none is "more" than an end that reads the same.

    Examples
    --------
    >>> rounded_verdict(52.37, 41.3, 52.36), rounded_verdict(9.64, 1.7, 3.9)
    ('within', 'more')
    """
    return verdict(*(round(value, _decimals(value)) for value in (share, low, high)))


def _percent(value: float) -> Amount:
    """Whole numbers from 10 % on, one decimal below."""
    return Amount(value, "%", _decimals(value))


def _plain(value: float, code: str) -> str:
    """The low end of a range, whose unit stands behind the high end."""
    return write_number(value, _decimals(value), code)


def _decimals(value: float) -> int:
    return 0 if value >= 10 else 1
