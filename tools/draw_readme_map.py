# SPDX-License-Identifier: Apache-2.0
"""Draw docs/great-green-wall.png, the map of the README, from the results of `make run`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Colour the aridity classes inside the study's regions and shrink them to the width of a page."""
    import geopandas as gpd
    from rasterio.features import rasterize

    results = ROOT / "results" / "great-green-wall" / "base"
    regions = gpd.read_parquet(results / "regions.parquet")
    with rasterio.open(results / "maps" / "aridity_class.tif") as source:
        classes, colours, place = source.read(1), source.colormap(1), source.transform
    inside = rasterize(regions.geometry, classes.shape, transform=place)
    countries = regions.dissolve("iso3").boundary
    borders = rasterize(countries, classes.shape, transform=place, all_touched=True)
    picture = np.full((*classes.shape, 3), 255, dtype="uint8")
    for code in range(5):
        picture[(classes == code) & (inside == 1)] = colours[code][:3]
    picture[borders == 1] = (70, 70, 70)
    Image.fromarray(picture).resize((1000, 1000 * classes.shape[0] // classes.shape[1])).save(
        ROOT / "docs" / "great-green-wall.png", optimize=True
    )


if __name__ == "__main__":
    main()
