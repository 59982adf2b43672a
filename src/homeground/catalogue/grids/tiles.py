# SPDX-License-Identifier: Apache-2.0
"""A grid too large for memory is cut into tiles and worked through tile by tile."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from homeground.catalogue.grids.grid import Grid
from homeground.catalogue.grids.handing_out import active_client, handed_out
from homeground.catalogue.grids.kept_tiles import kept_or_done

Part = TypeVar("Part")
Result = TypeVar("Result")

TILE_CELLS = 1 << 19  # twenty years of float32 are 42 MB


@dataclass(frozen=True)
class Tile:
    """A rectangle of cells of a grid: first row and column, and how many of each."""

    top: int
    left: int
    rows: int
    columns: int

    def of(self, grid: Grid) -> Grid:
        """The part of the grid that the tile is."""
        return grid.window(self.top, self.left, self.rows, self.columns)

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.top + self.rows), slice(self.left, self.left + self.columns)


def tile_shape(grid: Grid, *, strips: bool = False, cells: int = TILE_CELLS) -> tuple[int, int]:
    """Rows and columns of a tile: about square, or as wide as the grid where the files are written in whole rows.

    Parameters
    ----------
    grid : Grid
        What is cut into tiles.
    strips : bool
        The files that are read hold whole rows, so that a square would read each of them many times.
    cells : int
        Most cells of a tile.

    Returns
    -------
    (rows, columns), cells
        Never more than the grid has; one row of the grid at least, where it is cut into strips.

    Examples
    --------
    >>> tile_shape(Grid(0.0, 10.0, 0.001, 10_000, 20_000), cells=1 << 20)
    (1024, 1024)
    >>> tile_shape(Grid(0.0, 10.0, 0.001, 10_000, 20_000), strips=True, cells=1 << 20)
    (52, 20000)
    """
    side = 1 << (int(math.log2(cells)) + 1) // 2
    if strips or grid.columns <= side:
        return max(min(cells // grid.columns, grid.rows), 1), grid.columns
    return min(cells // side, grid.rows), side


def tiles(grid: Grid, shape: tuple[int, int]) -> Iterator[Tile]:
    """The tiles of a grid, row by row; those at the right and lower edge are smaller.

    Parameters
    ----------
    grid : Grid
        What is cut.
    shape : (rows, columns), cells
        Of a whole tile, see `tile_shape`.

    Yields
    ------
    Tile
        Together they hold each cell once.

    Examples
    --------
    >>> [tile.columns for tile in tiles(Grid(0.0, 10.0, 1.0, 2, 5), (2, 3))]
    [3, 2]
    """
    for top in range(0, grid.rows, shape[0]):
        for left in range(0, grid.columns, shape[1]):
            yield Tile(top, left, min(shape[0], grid.rows - top), min(shape[1], grid.columns - left))


def each_tile(work: Callable[[Part], Result], chosen: Sequence[Part], *, keep: Path | None = None) -> list[Result]:
    """What ``work`` returns for each tile, in their order.

    Tiles are handed to dask: to its threads, one a core, or to the cluster whose ``distributed.Client`` is active. So
    ``work`` opens its files by itself, writes where no other tile does, and returns something small. Without dask
    (extra ``kernels``) they are worked through one after another.

    Parameters
    ----------
    work : function of one Tile
        What is done with a tile, or with another part of the work, such as a map to write.
    chosen : sequence of Tile
        Tiles to work through, such as those of `tiles` in which a region lies; or other parts.
    keep : Path, optional
        Folder to keep in what each tile gave; what lies there of a run that was stopped is not worked out again.

    Returns
    -------
    list
        One result for each tile.

    Examples
    --------
    >>> each_tile(lambda tile: tile.rows * tile.columns, list(tiles(Grid(0.0, 10.0, 1.0, 2, 5), (2, 3))))
    [6, 4]
    """
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        return each_tile(partial(kept_or_done, keep, work), list(enumerate(chosen)))
    if (client := active_client()) is not None:
        return handed_out(client, work, chosen)
    try:
        from dask.base import compute
        from dask.delayed import delayed
    except ImportError:
        return [work(tile) for tile in chosen]

    # dask begins with the last name where nothing else parts them: so neighbours in a file are read one after the other.
    name = secrets.token_hex(8)
    named = (delayed(work)(tile, dask_key_name=f"{name}-{len(chosen) - i:08d}") for i, tile in enumerate(chosen))
    found: tuple[Result, ...] = compute(*named)  # type: ignore[no-untyped-call]
    return list(found)
