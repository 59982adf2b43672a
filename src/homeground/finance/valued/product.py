# SPDX-License-Identifier: Apache-2.0
"""What the gain of a measure is a gain of at a place, what of it reaches use, and why it cannot be valued elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd

from homeground.errors import DataError
from homeground.finance.valued.places import Found, Part

Find = Callable[[str, str], Found]
Option = Any  # a row of the options: numbers by name
CROPLAND = ("cropland", "cropland_mosaic")
LANDS = ("any", "cropland", "other")
TIMES = ("benefit_lag", "benefit_full")
NOT_NEAR = "no yield or price is known near enough"  # which one, the trail tells
OPTIONAL = ("difference", "loss", "forgone")


class Product(NamedTuple):
    """Names of what is gained, sold and lost, in the table of values; or why nothing can be valued."""

    base_yield: str
    price: str
    absent: str
    difference: str = ""
    loss: str = ""
    forgone: str = ""


class Gain(NamedTuple):
    """Gain of a hectare: ends and quality of what it adds, the factors that it is multiplied by, or why it is absent."""

    ends: tuple[float, float, float]  # t/ha/yr where measured as such, else a share of the base yield
    by_difference: bool
    factors: dict[str, Found]  # base yield (where a share), price, net share: parameter to what was found
    kept: dict[str, Found]  # losses: parameter to the share lost
    quality: float
    absent: str


def product_of(rules: pd.DataFrame, row: dict[str, Any]) -> Product:
    """What the gain of one row of a schedule is a gain of, wherever it lies.

    Parameters
    ----------
    rules : DataFrame
        As from `homeground.finance.read_products`; difference, loss and forgone may be left out.
    row : dict
        measure, and cover_class where the measure bears another product on cropland.

    Returns
    -------
    Product

    Raises
    ------
    DataError
        cover_class is needed and is not in the row.

    Examples
    --------
    >>> from homeground.finance import read_products
    >>> product_of(read_products(), {"measure": "half_moons", "cover_class": "grassland"}).price
    'forage'
    >>> product_of(read_products(), {"measure": "half_moons", "cover_class": "cropland"}).price
    'cereal'
    """
    of = rules[rules["measure"] == row["measure"]].set_index("land")
    if of.empty:
        return Product("", "", "the table of products does not name it")
    if "any" in of.index:
        land = "any"
    elif "cover_class" in row:
        land = "cropland" if row["cover_class"] in CROPLAND else "other"
    else:
        raise DataError(f"{row['measure']} bears another product on cropland: give cover_class (split_by_cover).")
    product, price, reason = (str(of.loc[land, name]) for name in ("base_yield", "price", "reason"))
    more = {name: str(of.loc[land, name]) if name in of.columns else "" for name in OPTIONAL}
    if not product:
        return Product("", "", reason, forgone=more["forgone"])
    return Product(product, price, "", **more)


def gain_of(product: Product, option: Option, find: Find, iso3: str) -> Gain:
    """What a hectare gains at full benefit at a place, or the reason why that is not known there.

    Parameters
    ----------
    product : Product
        Of `product_of`.
    option : Series or dict
        The measure's row of the options: yield gain in % of the yield without, and when the benefit comes.
    find : callable
        From `homeground.finance.valued.places.finder`.
    iso3 : str

    Returns
    -------
    Gain

    Notes
    -----
    Worth = gain x price x (1 - loss) x net share; the gain is a difference measured in t/ha where one is near enough, else
    the yield gain in % x the base yield of the place. What is lost before harvest is not in a yield that was harvested.

    Examples
    --------
    >>> from homeground.finance import read_products, read_values
    >>> from homeground.finance.valued.places import finder
    >>> from homeground.measures import options
    >>> zai = product_of(read_products(), {"measure": "zai"})
    >>> round(gain_of(zai, options().loc["zai"], finder(read_values()), "NER").ends[1], 4)  # of 0.2931 and 0.5173 t/ha
    0.4052
    >>> gain_of(zai, options().loc["zai"], finder(read_values()), "SRB").absent
    'no yield or price is known near enough'
    """
    if product.absent:
        return _absent(product.absent)
    if any(math.isnan(option[f"{name}_mid"]) for name in TIMES):
        return _absent("its options give no yield gain, or not when it comes")
    measured = find(f"yield_difference_{product.difference}", iso3) if product.difference else None
    wanted = [f"price_{product.price}", "benefit_net_share"]
    if measured is not None and not measured.absent:
        ends, quality, by_difference = measured.ends, float(measured.quality), True
    else:
        low, mid, high = (float(option[f"yield_gain_{end}"]) / 100 for end in ("low", "mid", "high"))
        ends = low, mid, high
        if ends[1] != ends[1]:
            return _absent("its options give no yield gain, or not when it comes")
        wanted, quality, by_difference = (
            [f"base_yield_{product.base_yield}", *wanted],
            float(option["yield_gain_quality"]),
            False,
        )
    factors = {name: find(name, iso3) for name in wanted}
    kept = {name: find(name, iso3) for name in ([f"loss_after_harvest_{product.loss}"] if product.loss else [])}
    before = f"loss_before_harvest_{product.loss}"
    if product.loss and not find(before, iso3).absent:
        kept[before] = find(before, iso3)
    if any(found.absent for found in (*factors.values(), *kept.values())):
        return _absent(NOT_NEAR)
    known = [quality, *(float(option[f"{name}_quality"]) for name in TIMES)]
    known += [float(found.quality) for found in (*factors.values(), *kept.values())]
    return Gain(ends, by_difference, factors, kept, max(known), "")


def worth(gain: Gain, end: int) -> tuple[float, int]:
    """USD a hectare and year at full benefit with all at the worst end (0), the middle (1) or the best (2); the end of the rest.

    Parameters
    ----------
    gain : Gain
        Not absent.
    end : int

    Returns
    -------
    float, int
        A loss of yield is worst where the yield is high and dear and comes early: then the end of all else turns round.

    Examples
    --------
    >>> found = Found(50.0, 100.0, 150.0, 4, "country", ("NER",), ())
    >>> lost = found._replace(low=0.0, mid=0.1, high=0.2)
    >>> dear = Gain((-1.0, 1.0, 2.0), True, {"price_millet": found}, {"loss_after_harvest_millet": lost}, 4.0, "")
    >>> [worth(dear, end) for end in (0, 1, 2)]
    [(-150.0, 2), (90.0, 1), (300.0, 2)]
    """
    other = end if gain.ends[end] >= 0 else 2 - end
    money = gain.ends[end]
    for factor in gain.factors.values():
        money *= factor.ends[other]
    for lost in gain.kept.values():
        money *= 1 - lost.ends[2 - other]
    return money, other


def parts_of(gain: Gain, product: Product, find: Find, iso3: str) -> list[Part]:
    """Rows of the table of values that a gain rests on, and by how many per cent it moves when each moves by one.

    Parameters
    ----------
    gain : Gain
        Not absent.
    product : Product
    find : callable
    iso3 : str

    Returns
    -------
    list of Part

    Examples
    --------
    >>> from homeground.finance import read_products, read_values
    >>> from homeground.finance.valued.places import finder
    >>> from homeground.measures import options
    >>> pits, find = product_of(read_products(), {"measure": "zai"}), finder(read_values())
    >>> found = parts_of(gain_of(pits, options().loc["zai"], find, "NER"), pits, find, "NER")
    >>> round(sum(part.share for part in found if part.parameter.startswith("price_")), 6)
    1.0
    """
    parts = [part for factor in gain.factors.values() for part in factor.parts]
    if gain.by_difference:
        parts += find(f"yield_difference_{product.difference}", iso3).parts
    for lost in gain.kept.values():
        parts += [part._replace(share=-part.share * lost.mid / (1 - lost.mid)) for part in lost.parts]
    return parts


def asked(rules: pd.DataFrame, schedule: pd.DataFrame) -> list[tuple[str, str]]:
    """Parameters by country that the worth of a schedule may rest on.

    Parameters
    ----------
    rules : DataFrame
        As from `homeground.finance.read_products`.
    schedule : DataFrame
        iso3 and measure.

    Returns
    -------
    list of (parameter, iso3)

    Examples
    --------
    >>> from homeground.finance import read_products
    >>> asked(read_products(), pd.DataFrame({"iso3": ["NER"], "measure": ["tree_planting"]}))
    [('season_opportunity_share', 'NER'), ('wage', 'NER')]
    """
    found = {(name, str(iso3)) for iso3 in schedule["iso3"].unique() for name in ("wage", "season_opportunity_share")}
    columns = {
        "base_yield": "base_yield_",
        "price": "price_",
        "difference": "yield_difference_",
        "loss": "loss_after_harvest_",
    }
    for iso3, rows in schedule.groupby("iso3"):
        of = rules[rules["measure"].isin(rows["measure"])]
        for column, start in columns.items():
            found |= {(f"{start}{name}", str(iso3)) for name in of.get(column, pd.Series(dtype=str)) if name}
    return sorted(found)


def _absent(reason: str) -> Gain:
    return Gain((math.nan, math.nan, math.nan), False, {}, {}, math.nan, reason)
