# SPDX-License-Identifier: Apache-2.0
"""Answers in the shape of each provider, from made values that tell where and when they are from."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from urllib.parse import unquote

import numpy as np
from tests.catalogue.live.providers import Answer, Providers, raster

STAC = "/planetarycomputer.microsoft.com/api/stac/v1/search"
BLOB = "https://made.blob.core.windows.net"
TOKEN = "sv=2026&sig=made"  # noqa: S105 - a made one


class Thredds:
    """A data set as an OPeNDAP server (DAP 2) hands it out: .das and .dods with windows."""

    def __init__(
        self, variable: str, values: np.ndarray, times: list[float], since: str, lats: Any, lons: Any, **attrs: Any
    ) -> None:
        self.arrays = {
            variable: values, "time": np.array(times, "f8"), "lat": np.array(lats, "f4"), "lon": np.array(lons, "f4")
        }  # fmt: skip
        self.attrs = {variable: attrs, "time": {"units": since}, "lat": {"units": "degrees_north"}, "lon": {}}
        self.windows: list[tuple[int, ...]] = []

    def __call__(self, path: str, asked: dict[str, list[str]], body: bytes) -> Answer:
        if path.endswith(".das"):
            return Answer(self.das().encode())
        query = unquote(next(iter(asked), "")) if asked else ""
        return Answer(self.dods(query))

    def das(self) -> str:
        def line(name: str, value: Any) -> str:
            kind = "String" if isinstance(value, str) else "Float32"
            return f"        {kind} {name} " + (f'"{value}"' if kind == "String" else f"{value}") + ";"

        blocks = [
            f"    {name} {{\n" + "\n".join(line(*pair) for pair in attrs.items()) + "\n    }"
            for name, attrs in self.attrs.items()
        ]
        return "Attributes {\n" + "\n".join(blocks) + "\n}\n"

    def dods(self, query: str) -> bytes:
        name, _, cut = query.partition("[")
        whole = self.arrays[name]
        ends = [tuple(map(int, one)) for one in re.findall(r"(\d+):1:(\d+)", cut)]
        if ends:
            self.windows.append(tuple(last - first + 1 for first, last in ends))
        part = whole[tuple(slice(first, last + 1) for first, last in ends)] if ends else whole
        kind, width = {"f4": ("Float32", ">f4"), "f8": ("Float64", ">f8"), "i2": ("Int16", ">i4")}[whole.dtype.str[1:]]
        axes = ("time", "lat", "lon") if part.ndim == 3 else (name,)
        sizes = "".join(f"[{axis} = {n}]" for axis, n in zip(axes, part.shape, strict=True))
        head = f"Dataset {{\n    {kind} {name}{sizes};\n}} made;\nData:\n"
        count = part.size.to_bytes(4, "big")
        return head.encode() + count + count + part.astype(width).tobytes()


def days_since(year: int, months: list[str]) -> list[float]:
    return [float((date(int(m[:4]), int(m[5:]), 1) - date(year, 1, 1)).days) for m in months]


def months(first: int, last: int) -> list[str]:
    return [f"{year}-{month:02d}" for year in range(first, last + 1) for month in range(1, 13)]


def serve_gpcp(providers: Providers, first: int = 1979, last: int = 2023) -> Thredds:
    """2.5 degrees, longitudes from 0, latitudes from the south, mm/day: month number + latitude / 100."""
    names = months(first, last)
    lats, lons = np.arange(-88.75, 90, 2.5), np.arange(1.25, 360, 2.5)
    month = np.array([int(name[5:]) for name in names], "f4")
    values = (month[:, None, None] + lats[None, :, None] / 100 + lons[None, None, :] / 10000).astype("f4")
    made = Thredds("precip", values, days_since(1800, names), "days since 1800-01-01 00:00:0.0", lats, lons, units="mm/day", missing_value=-9.96921e36)  # fmt: skip
    providers.routes["/psl.noaa.gov/thredds/dodsC/Datasets/gpcp/precip.mon.mean.nc*"] = made
    return made


def serve_star(providers: Providers, country: str, names: list[str], years: range, ndvi: Any) -> None:
    """Text with a head in HTML, a line a week; -1 where there is no value; nothing beyond the last province."""

    def answer(path: str, asked: dict[str, list[str]], body: bytes) -> Answer:
        number = int(asked["provinceID"][0])
        if asked["country"] != [country] or not 1 <= number <= len(names):
            return Answer(b"<html>No data for this province</html>")
        lines = [
            f"{year},{week}, {ndvi(number, year):.3f},290.1, 45.01, 39.46, 42.23,"
            for year in years
            for week in range(1, 53)
            if week != 7
        ]
        lines += [f"{year},7, -1.000,-1.0, -1.00, -1.00, -1.00," for year in years]
        head = f"Mean data for {country}  Province= {number}: {names[number - 1]},  from {years[0]} to {years[-1]},  weekly<br>"
        text = head + "<tt><pre>year,week, SMN,SMT,VCI,TCI,VHI<br>\n" + "\n".join(lines) + "\n</pre></tt>"
        return Answer(text.encode())

    providers.routes["/www.star.nesdis.noaa.gov/smcd/emb/vci/VH/get_TS_admin.php"] = answer


class Stac:
    """A catalogue that hands out a few items a page, and their files to those alone who bring the token."""

    def __init__(self, providers: Providers, page: int = 2) -> None:
        self.items: list[dict[str, Any]] = []
        self.providers, self.page, self.token, self.tokens = providers, page, TOKEN, 0
        providers.routes[STAC] = self.search
        providers.routes["/planetarycomputer.microsoft.com/api/sas/v1/token/*"] = self.sign

    def add(self, collection: str, asset: str, name: str, day: str, content: bytes, box: list[float]) -> None:
        address = f"{BLOB}/{collection}/{name}.tif"
        self.items.append(
            {
                "id": name, "collection": collection, "bbox": box,
                "properties": {"datetime": None, "start_datetime": f"{day}T00:00:00Z", "end_datetime": f"{day[:4]}-12-31T23:59:59Z"},
                "assets": {asset: {"href": address, "type": "image/tiff; application=geotiff; profile=cloud-optimized"}},
            }
        )  # fmt: skip

        def file(path: str, asked: dict[str, list[str]], body: bytes) -> Answer:
            signed = "&".join(f"{key}={value[0]}" for key, value in asked.items())
            return Answer(content) if signed == self.token else Answer(b"<Error>AuthenticationFailed</Error>", 403)

        self.providers.put(address, file)

    def sign(self, path: str, asked: dict[str, list[str]], body: bytes) -> Answer:
        self.tokens += 1
        return Answer(json.dumps({"msft:expiry": "2026-12-01T00:00:00Z", "token": self.token}).encode())

    def search(self, path: str, asked: dict[str, list[str]], body: bytes) -> Answer:
        wanted = json.loads(body)
        first, last = wanted["datetime"].split("/")
        west, south, east, north = wanted["bbox"]
        found = [
            item for item in self.items
            if item["collection"] in wanted["collections"]
            and item["properties"]["start_datetime"][:10] <= last
            and item["properties"]["end_datetime"][:10] >= first
            and item["bbox"][0] < east and item["bbox"][2] > west and item["bbox"][1] < north and item["bbox"][3] > south
        ]  # fmt: skip
        start = int(wanted.get("token") or 0)
        links = [{"rel": "self", "href": "x"}]
        if start + self.page < len(found):
            href = "https://planetarycomputer.microsoft.com/api/stac/v1/search"
            links.append(
                {"rel": "next", "method": "POST", "href": href, "body": wanted | {"token": str(start + self.page)}}
            )
        features = found[start : start + self.page]
        return Answer(json.dumps({"type": "FeatureCollection", "features": features, "links": links}).encode())


def serve_cover(
    stac: Stac, years: tuple[int, ...], west: float, north: float, rows: int, columns: int, code: Any
) -> None:
    """ESA CCI, cells of 1/360 degree."""
    for year in years:
        values = code(year, *np.mgrid[0:rows, 0:columns]).astype("uint8")
        box = [west, north - rows / 360, west + columns / 360, north]
        content = raster(values, west, north, 1 / 360, tiled=True, blockxsize=256, blockysize=256, compress="deflate")
        stac.add("esa-cci-lc", "lccs_class", f"C3S-LC-L4-LCCS-Map-300m-P1Y-{year}-made", f"{year}-01-01", content, box)


def serve_soil(providers: Providers, stock: Any) -> list[dict[str, list[str]]]:
    """A WCS that answers for the box and the number of cells that are asked for."""
    seen: list[dict[str, list[str]]] = []

    def answer(path: str, asked: dict[str, list[str]], body: bytes) -> Answer:
        seen.append(asked)
        if asked["REQUEST"] != ["GetCoverage"] or asked["COVERAGEID"] != ["ocs_0-30cm_mean"]:
            return Answer(b"<?xml version='1.0'?><ows:ExceptionReport>NoSuchCoverage</ows:ExceptionReport>")
        size = dict(re.findall(r"(long|lat)\((\d+)\)", asked["SCALESIZE"][0]))
        ends = {
            one.split("(")[0]: [float(x) for x in re.findall(r"-?[\d.]+", one.split("(")[1])] for one in asked["SUBSET"]
        }
        rows, columns = int(size["lat"]), int(size["long"])
        step = (ends["long"][1] - ends["long"][0]) / columns
        return Answer(
            raster(np.full((rows, columns), stock, "int16"), ends["long"][0], ends["lat"][1], step, nodata=-32768)
        )

    providers.routes["/maps.isric.org/mapserv"] = answer
    return seen


def serve_people(
    providers: Providers, iso3: str, years: tuple[int, ...], values: np.ndarray, west: float, north: float
) -> None:
    """WorldPop: whole files, no ranges, no value where nobody lives."""
    for year in years:
        address = (
            f"/data.worldpop.org/GIS/Population/Global_2015_2030/R2025A/{year}/{iso3}/v1/1km_ua/constrained/"
            f"{iso3.lower()}_pop_{year}_CN_1km_R2025A_UA_v1.tif"
        )
        content = raster(values.astype("f4"), west, north, 1 / 120, nodata=-99999.0, compress="deflate")
        providers.routes[address] = Answer(content, ranges=False)


def serve_world_bank(providers: Providers, iso3: str) -> None:
    def answer(path: str, asked: dict[str, list[str]], body: bytes) -> Answer:
        page = int(asked["page"][0])
        years = {1: (2020, 2021), 2: (2022, 2023)}[page]
        rows = [{"countryiso3code": iso3, "date": str(y), "value": None if y == 2023 else y / 4} for y in years]
        return Answer(json.dumps([{"page": page, "pages": 2, "per_page": 2, "total": 4}, rows]).encode())

    providers.routes[f"/api.worldbank.org/v2/country/{iso3}/indicator/*"] = answer


def serve_unhcr(providers: Providers, iso3: str) -> None:
    def answer(path: str, asked: dict[str, list[str]], body: bytes) -> Answer:
        page = int(asked["page"][0])
        other = {"coo": "coa", "coa": "coo"}["coo" if "coo" in asked else "coa"]
        here = "coo" if other == "coa" else "coa"
        row = {
            "year": 2019 + page,
            f"{here}_iso": iso3,
            f"{other}_iso": "TCD",
            "refugees": 100 * page,
            "idps": "0",
            "ooc": "-",
        }
        return Answer(json.dumps({"page": page, "maxPages": 3, "items": [row]}).encode())

    providers.routes["/api.unhcr.org/population/v1/population/"] = answer
