# SPDX-License-Identifier: Apache-2.0
"""A raster on a server, read by windows: only the bytes that a window needs travel, by the one way of `Transfer`."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.io import DatasetReader

from homeground.catalogue.live.transfer import LATER, Transfer
from homeground.catalogue.live.troubles import DamagedError, RefusedError, head_of, what_came

BLOCK = 1 << 15  # bytes asked for at the least; the head of a cloud-optimised file fits into one or two
KEPT = 256  # blocks held
WHOLE_ONLY = 200  # status of a server that knows no ranges


class RangedFile(io.RawIOBase):
    """A file on a server as one that can be read from anywhere.

    Parameters
    ----------
    get : Transfer
    address : str
    """

    def __init__(self, get: Transfer, address: str) -> None:
        super().__init__()
        self.get, self.address, self.place = get, address, 0
        self.blocks: OrderedDict[int, bytes] = OrderedDict()
        self.end: int | None = None
        self.trouble: Exception | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == io.SEEK_END:
            self._find_end()
        self.place = offset + (0, self.place, self.end or 0)[whence]
        return self.place

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            self._find_end()
            size = (self.end or 0) - self.place
        if size <= 0:
            return b""
        first, last = self.place // BLOCK, (self.place + size - 1) // BLOCK
        if missing := [n for n in range(first, last + 1) if n not in self.blocks]:
            self._fetch(missing[0], missing[-1])
        start = self.place - first * BLOCK
        found = b"".join(self.blocks.get(n, b"") for n in range(first, last + 1))[start : start + size]
        self.place += len(found)
        while len(self.blocks) > KEPT:
            self.blocks.popitem(last=False)
        return found

    def _fetch(self, first: int, last: int) -> None:
        try:
            came = self.get.part(self.address, first * BLOCK, (last - first + 1) * BLOCK)
        except Exception as error:  # GDAL tells no reason: kept, and told by who opened the file
            self.trouble = error
            raise OSError(str(error)) from error
        for k, n in enumerate(range(first, last + 1)):
            self.blocks[n] = came[k * BLOCK : (k + 1) * BLOCK]
        if len(came) < (last - first + 1) * BLOCK:
            self.end = first * BLOCK + len(came)

    def _find_end(self) -> None:
        if self.end is not None:
            return
        n = 1
        while self.end is None:  # cloud-optimised files are never asked for their end
            self._fetch(n - 1, 2 * n - 2)
            n *= 2


@contextmanager
def opened(get: Transfer, address: str, work: Path, *, overview: int | None = None) -> Iterator[DatasetReader]:
    """A raster on a server, open; the whole file is fetched where the server hands out no parts.

    Parameters
    ----------
    get : Transfer
    address : str
    work : Path
        Where a whole file may lie until it was read.
    overview : int, optional
        Which of its coarser copies is read, from 0; left out: the map itself.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or something that is no raster, such as an error page.
    """
    file = RangedFile(get, address)
    name = f"remote/{uuid4().hex}.tif"  # rasterio finds the opener by it: one name for two would mix them up
    options: dict[str, Any] = {} if overview is None else {"overview_level": overview}

    def opener(path: str, mode: str = "rb") -> RangedFile:
        if path != name:  # rasterio tries whether it is a file system; GDAL looks for what lies beside
            raise FileNotFoundError(path)
        return file

    try:
        head = file.read(200)
        if came := what_came(head):
            raise DamagedError(f"{address}: a raster was expected, {came} came. {LATER}")
        file.seek(0)
    except OSError as error:
        if isinstance(file.trouble, RefusedError) and file.trouble.status == WHOLE_ONLY:
            with whole_raster(get, address, work / Path(address.partition("?")[0]).name, **options) as source:
                yield source
            return
        raise file.trouble or error from error
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
        try:
            with rasterio.open(name, opener=opener, **options) as source:
                yield source
        except (rasterio.errors.RasterioError, CPLE_BaseError) as error:
            if file.trouble is not None:
                raise file.trouble from error
            raise DamagedError(
                f"{address}: no raster that can be read ({error.__cause__ or error}). {LATER}"
            ) from error


@contextmanager
def whole_raster(
    get: Transfer, address: str, path: Path, *, sha256: str = "", **options: Any
) -> Iterator[DatasetReader]:
    """A raster fetched as a whole and opened; what is no raster is thrown away, so that it is never taken for one.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        As of `opened`.
    """
    file = get.whole(address, path, sha256=sha256)
    try:
        with rasterio.open(file, **options) as source:
            yield source
    except (rasterio.errors.RasterioError, CPLE_BaseError) as error:
        came = (
            what_came(head_of(file)) or f"{file.stat().st_size} bytes that cannot be read ({error.__cause__ or error})"
        )
        file.unlink()
        raise DamagedError(f"{address}: a raster was expected, {came} came. It was thrown away. {LATER}") from error
