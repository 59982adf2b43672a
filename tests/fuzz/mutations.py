# SPDX-License-Identifier: Apache-2.0
"""A whole small study with every kind of file, and ways to spoil it: what people, programs and disks do to files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box, mapping

STUDY = """title = "Made"
question = "What if?"
countries = ["SEN"]
regions = "custom"
baseline = [2000, 2010]
period = [2011, 2020]
[data]
regions = "regions.geojson"
population = "people.csv"
ndvi = { path = "ndvi.tif", first = "2000", scale = 0.0001 }
soil_carbon = { path = "soc.tif", units = "t/ha" }
cover_series = { path = "lc_*.tif", legend = "legend.csv" }
matrix = "matrix.csv"
error_polygons = "errors.geojson"
options = "options.csv"
goals = "goals.csv"
[plan]
budget = { amount = "1e6 USD", price_year = "as published", per = "year", years = [2024, 2026] }
rules = { women = 0.4 }
[[scenario]]
name = "half"
plan = { budget = { amount = "5e5 USD" } }
"""
TABLES = {
    "people.csv": "region_id,population,year,source\na,1200,2020,census\nb,800,2020,census\n",
    "legend.csv": "code,unccd_class\n10,3\n20,2\n30,1\n",
    "matrix.csv": "initial,final,change\n"
    + "".join(f"{i},{j},{(i > j) - (i < j)}\n" for i in range(1, 8) for j in range(1, 8)),
    "options.csv": "measure,parameter,low,mid,high,unit,source,licence,price_year,currency\n"
    "zai,establishment_cost,100,200,300,USD/ha,own,own,2023,USD\n",
    "goals.csv": "indicator,value,unit,year,source\nland restored,1000,ha,2030,made\n",
    "values.csv": "parameter,place,low,mid,high,unit,price_year,currency,source,licence\n"
    "wage,SEN,1,2,3,USD/person-day,2023,USD,own,own\n",
    "sources.csv": "who,class,amount,currency,price_year,status,source,licence,iso3,basis\n"
    "Fund,public,1000,USD,as published,paid,own,own,,\n",
    "trust_fund.csv": "name,kind,share,rate,first_year,last_year,whose,years,default,recovery,source\n"
    "Plan,fund,1,,,,,,,,own\nDonors,grant,0.9,,,,public,,,,own\nBank,senior,0.1,0.05,2028,2034,private,,,,own\n"
    "Loans,lending,,0.05,,,,5,0.02,0.3,own\n",
}
BESIDE = ("values.csv", "sources.csv", "trust_fund.csv")
RASTERS = ("ndvi.tif", "soc.tif", "lc_2000.tif", "lc_2010.tif", "lc_2020.tif")
POLYGONS = ("regions.geojson", "errors.geojson")
WEST, NORTH, STEP, COLUMNS, ROWS = -15.0, 14.6, 0.05, 20, 8


# Of which files a study is made where files of one kind are spoilt: reading all others each time takes long.
LEFT_OUT = {
    "study": (),
    "tables": ("ndvi", "soil_carbon", "error_polygons"),
    "polygons": ("population", "cover_series", "soil_carbon", "matrix", "options", "goals"),
    "rasters": ("population", "matrix", "options", "goals", "error_polygons"),
}


def write_study(folder: Path, kind: str) -> None:
    """A sound study of two made districts: `validate` takes it."""
    rng = np.random.default_rng(1)
    lines = [line for line in STUDY.splitlines() if line.partition(" =")[0] not in LEFT_OUT[kind]]
    (folder / "study.toml").write_text("\n".join(lines), encoding="utf-8")
    beside = () if kind in ("polygons", "rasters") else BESIDE
    for name, text in TABLES.items():
        if name in BESIDE and name not in beside:
            continue
        (folder / name).write_text(text, encoding="utf-8")
    districts = [("a", box(-15.0, 14.2, -14.5, 14.6)), ("b", box(-14.5, 14.2, -14.0, 14.6))]
    rows = [({"region_id": n, "iso3": "SEN", "name": n.upper()}, shape) for n, shape in districts]
    _write_polygons(folder / "regions.geojson", rows)
    patch = {"location_name": "p", "periods_affected": ["baseline"], "recode_deg_to": 0, "basis_for_judgement": "seen"}
    _write_polygons(folder / "errors.geojson", [(patch, box(-14.9, 14.3, -14.8, 14.4))])
    ndvi = rng.integers(2000, 6000, (21, ROWS, COLUMNS)).astype("int16")
    write_raster(folder / "ndvi.tif", ndvi, nodata=-32768)
    write_raster(folder / "soc.tif", rng.uniform(5, 60, (1, ROWS, COLUMNS)).astype("float32"), nodata=-1.0)
    for year in (2000, 2010, 2020):
        write_raster(folder / f"lc_{year}.tif", rng.choice([10, 20, 30], (1, ROWS, COLUMNS)).astype("uint8"), nodata=0)


def _write_polygons(path: Path, rows: list) -> None:
    features = [{"type": "Feature", "properties": words, "geometry": mapping(shape)} for words, shape in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def write_raster(path: Path, values: np.ndarray, **profile) -> None:
    """A GeoTIFF on the grid of the study, or with another profile."""
    known = {"driver": "GTiff", "count": len(values), "height": values.shape[1], "width": values.shape[2]}
    known |= {"dtype": values.dtype, "crs": "EPSG:4326", "transform": from_origin(WEST, NORTH, STEP, STEP)}
    with rasterio.open(path, "w", **known | profile) as file:
        file.write(values)


# What stands in the place of a value or a word.
ODD = (
    "", " ", "nan", "NaN", "inf", "-inf", "1e400", "-1", "0", "1e-320", "1,5", "1.234", "1 000", "١٢", "½", "NA", "NO", "TRUE",
    "null", "None", "'", '"', "=1+1", "SEN", "sen", "Senegal", "XXX", "2020", "99999", "-32768", "0x10", "1_000", "true", "[]",
    "{}", "2000-01-01", "\x00", "\ufeff", "a\nb", "é", "中", "../x", "/dev/null", "http://x/y", "😀", "x" * 5000,
)  # fmt: skip


def spoil_text(text: str, rng: random.Random) -> bytes:
    """One to three changes of a text file, as editors, spreadsheets and disks make them."""
    data: str | bytes = text
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        data = rng.choice(TEXT_WAYS)(data if isinstance(data, str) else data.decode("utf-8", "replace"), rng)
    return data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")


def _lines(text: str, rng: random.Random, change: Callable[[list[str], int], None]) -> str:
    lines = text.splitlines() or [""]
    change(lines, rng.randrange(len(lines)))
    return "\n".join(lines) + "\n"


def _swap_word(text: str, rng: random.Random) -> str:
    words = text.replace(",", " , ").replace("=", " = ").split(" ")
    words[rng.randrange(len(words))] = rng.choice(ODD)
    return " ".join(words)


def _swap_cell(text: str, rng: random.Random) -> str:
    def change(lines: list[str], at: int) -> None:
        cells = lines[at].split(",")
        cells[rng.randrange(len(cells))] = rng.choice(ODD)
        lines[at] = ",".join(cells)

    return _lines(text, rng, change)


def _cut(text: str, rng: random.Random) -> str:
    return text[: rng.randrange(len(text) + 1)]


def _other_bytes(text: str, rng: random.Random) -> bytes:
    data = bytearray(text.encode("utf-8", "replace"))
    for _ in range(rng.randrange(1, 6)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


TEXT_WAYS: tuple[Callable[[str, random.Random], str | bytes], ...] = (
    _swap_word,
    _swap_word,
    _swap_cell,
    _swap_cell,
    _cut,
    _other_bytes,
    lambda t, r: _lines(t, r, lambda lines, at: lines.insert(at, lines[at])),
    lambda t, r: _lines(t, r, lambda lines, at: lines.pop(at) and None),
    lambda t, r: _lines(t, r, lambda lines, at: lines.insert(at, "")),
    lambda t, r: _lines(t, r, lambda lines, at: r.shuffle(lines)),
    lambda t, _: t.encode("utf-16"),
    lambda t, _: b"\xef\xbb\xbf" + t.encode("utf-8", "replace"),
    lambda t, _: t.encode("cp1252", "replace"),
    lambda t, _: t.replace(",", ";"),
    lambda t, _: t.replace(",", "\t"),
    lambda t, _: t.replace("\n", "\r"),
    lambda t, _: t.upper(),
    lambda t, _: "",
    lambda t, r: t * r.choice((2, 50)),
    lambda t, r: t[: (at := r.randrange(len(t) + 1))] + r.choice(ODD) + t[at:],
)


def spoil_polygons(text: str, rng: random.Random) -> bytes:
    """Features with odd coordinates, kinds and properties; a third of the time the text itself is spoilt."""
    if rng.random() < 0.3:
        return spoil_text(text, rng)
    content = json.loads(text)
    feature = rng.choice(content["features"])
    ring = feature["geometry"]["coordinates"][0]
    at = rng.randrange(len(ring))
    ways: tuple[Callable[[], object], ...] = (
        lambda: ring.__setitem__(at, [rng.choice([1e9, -200.0, 179.9, float("nan"), float("inf"), None, "x"]), 14.3]),
        lambda: ring.__setitem__(at, [14.3, -14.9]),
        ring.pop,
        ring.clear,
        ring.reverse,
        lambda: ring.__setitem__(slice(None), [[x, y, 5.0] for x, y in ring]),
        lambda: ring.__setitem__(slice(None), [[x * 111_000, y * 111_000] for x, y in ring]),
        lambda: ring.__setitem__(slice(None), [[x / 1e6, y / 1e6] for x, y in ring]),
        lambda: ring.__setitem__(1, ring[3]),
        lambda: feature.update(geometry=None),
        lambda: feature.update(geometry={"type": "Point", "coordinates": [-14.9, 14.3]}),
        lambda: feature.update(geometry={"type": "GeometryCollection", "geometries": [feature["geometry"]]}),
        lambda: feature.update(geometry={"type": "Polygon", "coordinates": []}),
        lambda: feature.update(properties=None),
        lambda: feature["properties"].update(
            {rng.choice(list(feature["properties"])): rng.choice([None, "", 5, 1.5, [], {}])}
        ),
        lambda: feature["properties"].pop(rng.choice(list(feature["properties"]))),
        lambda: feature["properties"].update({rng.choice(list(feature["properties"])): rng.choice(ODD)}),
        lambda: content["features"].append(feature),
        lambda: content.update(features=[]),
        lambda: content.update(crs={"type": "name", "properties": {"name": rng.choice(["EPSG:32628", "EPSG:9", "x"])}}),
    )
    rng.choice(ways)()
    return json.dumps(content).encode()


def spoil_raster(path: Path, rng: random.Random) -> None:
    """Another profile, odd values, a cut file or changed bytes, in the place of a sound raster."""
    with rasterio.open(path) as file:
        values, nodata = file.read(), file.nodata
    if rng.random() < 0.4:
        data = bytearray(path.read_bytes())
        if rng.random() < 0.5:
            data = data[: rng.randrange(len(data))]
        for _ in range(rng.randrange(12)):
            if data:
                data[rng.randrange(min(len(data), 600))] = rng.randrange(256)  # the header is where it hurts
        path.write_bytes(bytes(data))
        return
    kind = values.dtype.kind
    odd: tuple[Callable[[], dict], ...] = (
        lambda: {"crs": rng.choice([None, "EPSG:3857", "EPSG:32628", "EPSG:4979"])},
        lambda: {"transform": from_origin(rng.choice([0.0, 190.0, WEST]), rng.choice([0.0, 95.0, NORTH]), STEP, STEP)},
        lambda: {"transform": from_origin(WEST, NORTH, rng.choice([1e-9, -0.05, 0.0, 40.0]), STEP)},
        lambda: {"nodata": rng.choice([None, 0, float(values.flat[0])])},
        lambda: {"count": 1, "values": values[:1]},
        lambda: {"values": values.astype(rng.choice(["float64", "int32", "uint16", "complex64"]))},
        lambda: {"values": np.full_like(values, rng.choice([0, 1, 255 if kind == "u" else 30000]))},
        lambda: {"values": np.where(rng.random() < 0.5, -values if kind != "u" else values, values)},
        lambda: {"values": np.full(values.shape, rng.choice([np.nan, np.inf, -np.inf, 1e30]), "float32")},
        lambda: {"values": values[:, :1, :1]},
        lambda: {"values": np.full_like(values, nodata)},
    )
    profile = {"nodata": nodata} | rng.choice(odd)()
    values = profile.pop("values", values)
    if (
        values.dtype.kind in "ui"
        and nodata is not None
        and not np.can_cast(np.min_scalar_type(int(nodata)), values.dtype)
    ):
        profile.pop("nodata")  # no file could say so
    profile["count"] = len(values)
    path.unlink()
    write_raster(path, values, **profile)
