# SPDX-License-Identifier: Apache-2.0
"""The options of measures of a study: those that ship, with its own rows in place of those they replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeground.catalogue.given import given_table
from homeground.errors import StudyError
from homeground.language.messages import Saying, known
from homeground.measures.options import measures_in, options_at, rates_trail, read_options
from homeground.measures.rates.checks import row_problems
from homeground.measures.rates.records import ANY, COSTS, UNITS
from homeground.measures.soil_starts import UNKNOWN, soil_starts, starting_rate
from homeground.numbers.money import NOT_STATED

if TYPE_CHECKING:
    import pandas as pd

    from homeground.study.model import Study

OPTIONS = "data.options"


def own_options(study: Study) -> pd.DataFrame | None:
    """The study's own rows, as declared; None where it has none.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame or None

    Raises
    ------
    DataError
        All problems of the rows at once, with row and column.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> own_options(open_study("great-green-wall")) is None
    True
    """
    known_measures = [*read_options()["measure"], ANY]  # no rule says where another fits
    known = {
        column: {str(name): str(name) for name in names}
        for column, names in (("parameter", UNITS), ("measure", known_measures))
    }
    return given_table(study, OPTIONS, known=known, also=row_problems)


def options_of(study: Study, *, chosen: bool = False) -> pd.DataFrame:
    """What a hectare of each measure costs, needs and gives in each country of a study.

    Parameters
    ----------
    study : Study
    chosen : bool, optional
        Only the measures that ``[plan].measures`` names, where it names some.

    Returns
    -------
    DataFrame, index iso3 and measure
        As of `homeground.measures.options_at`.

    Raises
    ------
    DataError
        All problems of the study's own rows at once.
    StudyError
        ``[plan].measures`` names a measure that there is not.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> ("NER", "zai") in options_of(open_study("great-green-wall")).index
    True
    """
    own = own_options(study)
    wide = options_at(study.countries, own, called=f"{OPTIONS}: {study.data.options}")
    for measure in [] if study.plan.soil_state == UNKNOWN else _starts(own):
        rate = starting_rate(measure, study.plan.soil_state)
        # Where the climate has no rate for this measure, the state of the soil gives it none.
        here = (wide.index.get_level_values("measure") == measure) & wide["soil_carbon_rate_mid"].notna()
        wide.loc[here, [f"soil_carbon_rate_{end}" for end in rate._fields]] = list(rate)
    names = study.plan.measures
    if not chosen or names is None:
        return wide
    known = measures_in(wide)
    if unknown := sorted(set(names) - set(known)):
        raise StudyError(f"plan.measures names {', '.join(unknown)}; the options hold {', '.join(known)}.")
    order = [(iso3, name) for iso3 in dict.fromkeys(wide.index.get_level_values("iso3")) for name in names]
    return wide.loc[[key for key in order if key in wide.index]]


def trail_of(study: Study) -> pd.DataFrame:
    """Whose figure each number of `options_of` is, of the measures that the study chooses.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame
        As of `homeground.measures.rates_trail`.

    Raises
    ------
    DataError
        All problems of the study's own rows at once.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> trail = trail_of(open_study("western-balkans"))
    >>> sorted(set(trail.loc[trail["parameter"] == "wage", "from"]))
    ['BIH']
    """
    trail = rates_trail(study.countries, own_options(study), called=f"{OPTIONS}: {study.data.options}")
    if study.plan.soil_state != UNKNOWN:
        for measure in _starts(own_options(study)):
            here = (trail["measure"] == measure) & (trail["parameter"] == "soil_carbon_rate") & trail["mid"].notna()
            trail.loc[here, ["low", "mid", "high"]] = list(starting_rate(measure, study.plan.soil_state))
            trail.loc[here, "note"] = f"[plan].soil_state = {study.plan.soil_state}"
    names = study.plan.measures
    return trail if names is None else trail[trail["measure"].isin([*names, ANY])].reset_index(drop=True)


def spread_starts(study: Study, planned: list[str]) -> list[str | Saying]:
    """Measures of a plan whose gain of soil carbon spans the states of the soil, as a warning names them.

    Parameters
    ----------
    study : Study
    planned : list of str
        Measures of the plan.

    Returns
    -------
    list of str or Saying
        Empty where the study gives ``[plan].soil_state``, or rates of its own.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> spread_starts(open_study("great-green-wall"), ["zai", "half_moons"]) == [measure_of("half_moons")]
    True
    """
    if study.plan.soil_state != UNKNOWN:
        return []
    return [measure_of(name) for name in _starts(own_options(study)) if name in planned]


def _starts(own: pd.DataFrame | None) -> list[str]:
    """Measures whose gain of soil carbon hangs on the state they find; the study's own rates stand as they are."""
    rows = [] if own is None else own.loc[own["parameter"] == "soil_carbon_rate", "measure"].tolist()
    return [measure for measure in soil_starts().index if measure not in rows]


def unstated_prices(study: Study) -> list[str | Saying]:
    """Measures of which a cost, in some country of a study, rests on a source that states no year of its prices.

    Parameters
    ----------
    study : Study

    Returns
    -------
    list of str or Saying
        As a warning names them.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> unstated_prices(open_study("ethiopia-coffee"))[:2]
    [Saying(message='measure.stone_lines', words={}), Saying(message='measure.managed_grazing', words={})]
    """
    trail = trail_of(study)
    silent = trail[trail["parameter"].isin(COSTS) & (trail["price_year"] == NOT_STATED)]
    return [measure_of(name) for name in dict.fromkeys(silent["measure"])]


def measure_of(name: str) -> str | Saying:
    """A measure by its message; a user's own by its name.

    Parameters
    ----------
    name : str

    Returns
    -------
    str or Saying

    Examples
    --------
    >>> measure_of("my_own_way")
    'my own way'
    """
    return Saying(f"measure.{name}") if known(f"measure.{name}") else name.replace("_", " ")
