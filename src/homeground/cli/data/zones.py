# SPDX-License-Identifier: Apache-2.0
"""IPCC climate zones of a study, worked out from climate and elevation: a layer that needs no provider."""

from __future__ import annotations

import numpy as np

from homeground.catalogue import atlas
from homeground.catalogue.classes import MISSING
from homeground.catalogue.grids.grid import regrid
from homeground.catalogue.live.cut import write_cog
from homeground.catalogue.live.job import Job, Landed
from homeground.catalogue.live.places import grid_around
from homeground.land.carbon.climate_zones import ipcc_climate_zone
from homeground.land.climate.aridity import pet_thornthwaite
from homeground.land.stage.fields import read_layer

NONE = 0  # no zone, as in the map of the IPCC


def fetch_zones(job: Job) -> list[Landed]:
    """Write the climate zones of a study, from its own climate where it gives any, else from the atlas's.

    Raises
    ------
    CatalogueError, DataError
        The atlas does not hold a country, or a map of the study cannot be read.
    """
    grid = grid_around(job.box, job.source.degrees or 0.05)
    empty = grid.array(np.zeros(grid.shape), "grid")
    temperature = read_layer(job.study, "temperature", empty, method="linear")
    rain = read_layer(job.study, "rain", empty, method="linear")
    elevation = regrid(atlas.layer("elevation", grid.bounds), empty, method="linear")
    zones = ipcc_climate_zone(temperature, rain, pet_thornthwaite(temperature, hot="willmott"), elevation).values
    file = write_cog(
        job.place(), [np.where(zones == MISSING, NONE, zones)], ["IPCC climate zone by rule"], grid, nodata=NONE,
        dtype="uint8", tags=job.tags(),
    )  # fmt: skip
    job.done()
    note = "by rule from normals; days of frost are not judged; PET by Thornthwaite"
    key = job.source.writes[0][0]
    return [Landed(file, key, ("worked out here",), "of the climate used", "class", f"{grid.step:g} degrees", note)]
