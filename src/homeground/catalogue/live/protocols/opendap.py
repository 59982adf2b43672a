# SPDX-License-Identifier: Apache-2.0
"""OPeNDAP (DAP 2): a window of a variable on a THREDDS server, by the one way of `Transfer`.

Written out because the libraries that speak it (netCDF-C, pydap) bring their own network, which knows neither this one's
limits of time nor its words for a proxy or a certificate. Form: DAP 2.0 (NASA ESE-RFC-004.1.1): a description in text, then
``Data:`` and arrays in XDR, big-endian, their length twice before them, whole numbers of 16 bits as 32.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from homeground.catalogue.live.transfer import LATER, Transfer
from homeground.catalogue.live.troubles import DamagedError, what_came

XDR = {
    "Byte": ("u1", 4), "Int16": (">i4", 4), "UInt16": (">u4", 4), "Int32": (">i4", 4), "UInt32": (">u4", 4),
    "Float32": (">f4", 4), "Float64": (">f8", 8),
}  # fmt: skip
ARRAY = re.compile(r"(Byte|U?Int16|U?Int32|Float32|Float64)\s+([\w%.\-]+)((?:\s*\[[^\]]*\])+)\s*;")
SIZE = re.compile(r"\[\s*(?:[\w%.\-]+\s*=\s*)?(\d+)\s*\]")
ATTRIBUTES = re.compile(r"(Byte|U?Int16|U?Int32|Float32|Float64|String)\s+(\w+)\s+(.+?);")


@dataclass(frozen=True)
class Variable:
    """What a server says of a variable."""

    units: str
    scale: float
    offset: float
    missing: tuple[float, ...]


def read(get: Transfer, address: str, variable: str, *windows: tuple[int, int]) -> NDArray[np.float64]:
    """Values of a window of a variable as they are stored.

    Parameters
    ----------
    get : Transfer
    address : str
        Of the data set, without ending.
    variable : str
    windows : (int, int)
        First and last place of each dimension, both counted; left out: all of it.

    Returns
    -------
    array of float

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or not in the form of DAP 2.
    """
    asked = variable + "".join(f"[{first}:1:{last}]" for first, last in windows)
    found = parsed(get.get(f"{address}.dods?{quote(asked, safe=':,.')}"), address)
    if variable not in found:
        raise DamagedError(f"{address} sent {', '.join(found) or 'nothing'}; {variable} was expected. {LATER}")
    return found[variable]


def parsed(answer: bytes, address: str) -> dict[str, NDArray[np.float64]]:
    """The arrays of an answer in DAP 2, by name.

    Raises
    ------
    DamagedError
        It has another form, or was cut short.
    """
    head, mark, data = answer.partition(b"\nData:\n")
    if not mark:
        came = what_came(answer) or f"{len(answer)} bytes of another form"
        raise DamagedError(f"{address}: an answer of OPeNDAP was expected, {came} came. {LATER}")
    found, place = {}, 0
    for kind, name, sizes in ARRAY.findall(head.decode("ascii", "replace")):
        shape = [int(size) for size in SIZE.findall(sizes)]
        count = int(np.prod(shape))
        dtype, width = XDR[kind]
        width = 1 if kind == "Byte" else width
        end = place + 8 + count * width
        if len(data) < end or int.from_bytes(data[place : place + 4], "big") != count:
            raise DamagedError(f"{address}: the answer was cut short, or is of another form ({name}). {LATER}")
        values = np.frombuffer(data, dtype, count, place + 8)
        found[name.rpartition(".")[2]] = values.reshape(shape).astype("float64")
        place = end + (-count * width) % 4
    return found


def described(get: Transfer, address: str, variable: str) -> Variable:
    """Units, packing and missing values of a variable, from the attributes of the data set.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or the variable is not described.
    """
    text = get.get(f"{address}.das").decode("utf-8", "replace")
    block = re.search(rf"\b{re.escape(variable)}\s*\{{(.*?)\}}", text, re.DOTALL)
    if not text.lstrip().startswith("Attributes") or block is None:
        raise DamagedError(f"{address}: attributes of {variable} were expected, not found. Its form changed. {LATER}")
    told = {name: value.strip().strip('"') for _, name, value in ATTRIBUTES.findall(block[1])}
    missing = tuple(float(told[name].partition(",")[0]) for name in ("_FillValue", "missing_value") if name in told)
    return Variable(
        told.get("units", ""), float(told.get("scale_factor", 1)), float(told.get("add_offset", 0)), missing
    )


def axis(get: Transfer, address: str, *names: str) -> NDArray[np.float64]:
    """A whole axis, by the first of some names that the data set knows."""
    for name in names[:-1]:
        try:
            return read(get, address, name)
        except DamagedError:
            continue
    return read(get, address, names[-1])
