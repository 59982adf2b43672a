# SPDX-License-Identifier: Apache-2.0
"""The options of measures of a study: those that ship, with its own rows in place of those they replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeground.catalogue.given import given_table
from homeground.errors import StudyError
from homeground.language.messages import Saying, known
from homeground.measures.options import MONEY, PARAMETERS, options, read_options, row_problems
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
    known_measures = read_options()["measure"]  # no rule says where another fits
    known = {
        column: {str(name): str(name) for name in names}
        for column, names in (("parameter", PARAMETERS), ("measure", known_measures))
    }
    return given_table(study, OPTIONS, known=known, also=row_problems)


def options_of(study: Study, *, chosen: bool = False) -> pd.DataFrame:
    """What a hectare of each measure costs, needs and gives in a study, as of `homeground.measures.options`.

    Parameters
    ----------
    study : Study
    chosen : bool, optional
        Only the measures that ``[plan].measures`` names, where it names some.

    Returns
    -------
    DataFrame, index measure

    Raises
    ------
    DataError
        All problems of the study's own rows at once.
    StudyError
        ``[plan].measures`` names a measure that there is not.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> "zai" in options_of(open_study("great-green-wall")).index
    True
    """
    own = own_options(study)
    wide = options(own, called=f"{OPTIONS}: {study.data.options}")
    for measure in [] if study.plan.soil_state == UNKNOWN else _starts(own):
        rate = starting_rate(measure, study.plan.soil_state)
        wide.loc[measure, [f"soil_carbon_rate_{end}" for end in rate._fields]] = list(rate)
    names = study.plan.measures
    if not chosen or names is None:
        return wide
    if unknown := sorted(set(names) - set(wide.index)):
        raise StudyError(f"plan.measures names {', '.join(unknown)}; the options hold {', '.join(wide.index)}.")
    return wide.loc[names]


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
    """Measures of which a cost states no year of its prices, as a warning names them.

    Parameters
    ----------
    study : Study

    Returns
    -------
    list of str or Saying

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> unstated_prices(open_study("great-green-wall"))
    []
    """
    own = own_options(study)
    if own is None or "price_year" not in own:
        return []
    silent = own[own["parameter"].isin(MONEY) & (own["price_year"] == NOT_STATED)]
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
