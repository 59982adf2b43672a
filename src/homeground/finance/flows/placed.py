# SPDX-License-Identifier: Apache-2.0
"""Options of a plan with the carbon of the land that it lies on."""

from __future__ import annotations

import pandas as pd

from homeground.measures.carbon_rates.place import ENDS, rates_by_measure
from homeground.measures.options import rates_of
from homeground.measures.rates.records import KEYS


def options_where(options: pd.DataFrame, schedule: pd.DataFrame, carbon: pd.DataFrame) -> pd.DataFrame:
    """Options by country and measure of a plan, their carbon that of the land in it and not of a dry tropical hectare.

    Parameters
    ----------
    options : DataFrame
        From `homeground.measures.options`.
    schedule : DataFrame
        iso3 and measure.
    carbon : DataFrame
        From `homeground.measures.carbon_by_place` of the same plan.

    Returns
    -------
    DataFrame, index iso3 and measure
        The columns of `options`; the soil rate holds soil and plants together, weighed over the land (NaN where neither is
        known), the biomass rate is 0.

    Examples
    --------
    >>> from homeground.measures import carbon_by_place, options
    >>> plan = {"iso3": "NER", "measure": "exclosure", "aridity_class": "arid", "cover_class": "other_land"}
    >>> plan = pd.DataFrame([plan | {"climate_zone": "tropical_dry", "hectares": 10.0}])
    >>> placed = options_where(options(), plan, carbon_by_place(plan, options()))
    >>> round(float(placed.loc[("NER", "exclosure"), "soil_carbon_rate_mid"]), 3)
    0.095
    """
    pairs = schedule[KEYS].drop_duplicates()
    out = rates_of(options, pairs).set_axis(pd.MultiIndex.from_frame(pairs))
    rates = rates_by_measure(carbon).reindex(out.index)
    return out.assign(
        **{f"soil_carbon_rate_{end}": rates[end] for end in ENDS}, **{f"biomass_carbon_rate_{end}": 0.0 for end in ENDS}
    )
