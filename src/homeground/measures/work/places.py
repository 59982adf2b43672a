# SPDX-License-Identifier: Apache-2.0
"""The table in which a study says which land can be reached."""

from __future__ import annotations

import pandas as pd

from homeground.catalogue.given import given_table
from homeground.catalogue.polygons import read_polygons
from homeground.catalogue.regions import study_regions
from homeground.measures.work.covered import access_under, is_table
from homeground.measures.work.ranges import ENDS
from homeground.study.model import Study

ACCESS = "data.access"


def access_of(study: Study) -> pd.DataFrame | None:
    """The study's own table of access; None where it has none.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame or None
        region_id, low, mid, high. Of polygons (of any ending but those of tables): from the share of each region that they cover.

    Raises
    ------
    DataError
        All problems of the table at once.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> access_of(open_study("great-green-wall")) is None
    True
    """

    def out_of_order(rows: pd.DataFrame) -> list[str]:
        wrong = rows[~((rows["low"] <= rows["mid"]) & (rows["mid"] <= rows["high"]))]
        return [f"row {row}: low <= mid <= high was expected." for row in wrong.index]

    path = study.input("access")
    if path is None or is_table(path):
        return given_table(study, ACCESS, also=out_of_order)
    columns = {end: end for end in ENDS}
    return access_under(
        read_polygons(path, columns=columns, optional=ENDS), study_regions(study), name=f"{ACCESS}: {path.name}"
    )
