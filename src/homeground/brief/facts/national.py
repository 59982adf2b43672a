# SPDX-License-Identifier: Apache-2.0
"""The climate of whole countries in short: usual rain, the driest year, severe droughts of late."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from homeground.running.tables import COUNTRY_CLIMATE

USUAL = (1991, 2020)  # the normal years of the World Meteorological Organization
SEVERE = -1.5  # SPI and SPEI (World Meteorological Organization 2012, SPI User Guide)
LATE = 20  # years


def climate_of_countries(results: Path) -> pd.DataFrame:
    """Each country of a study in a row.

    Parameters
    ----------
    results : Path
        Folder of a run.

    Returns
    -------
    DataFrame
        iso3; usual_mm (mean rain of `USUAL`); driest (year), driest_mm; droughts (how many of the last `LATE` years had a
        SPEI-12 of December of `SEVERE` or less); first, last (years of the table). Without rows where nothing is known.
    """
    path = results / COUNTRY_CLIMATE
    table = pd.read_parquet(path) if path.is_file() else pd.DataFrame()
    rows = []
    for iso3, of in table.groupby("iso3") if len(table) else []:
        rain = of.dropna(subset="rain_mm").set_index("year")["rain_mm"]
        last = int(of["year"].max())
        late = of[of["year"] > last - LATE]
        rows.append(
            {
                "iso3": str(iso3),
                "usual_mm": float(rain.loc[USUAL[0] : USUAL[1]].mean()),
                "driest": int(rain.index.to_numpy()[int(rain.to_numpy().argmin())]),
                "driest_mm": float(rain.min()),
                "droughts": int((late["spei12"] <= SEVERE).sum()),
                "first": int(of["year"].min()),
                "last": last,
            }
        )
    return pd.DataFrame(rows)
