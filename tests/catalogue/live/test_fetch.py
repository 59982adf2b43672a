# SPDX-License-Identifier: Apache-2.0
"""A study gets what it lacks: values, dates, units and missing cells as the provider has them; told, named, resumable."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from tests.catalogue.live.providers import Answer, Providers, raster

from homeground.catalogue.layers.series import need_series
from homeground.catalogue.live import fetch as live
from homeground.catalogue.live.plan import wishes
from homeground.catalogue.live.transfer import Transfer
from homeground.cli.data.fetching import fetch_study
from homeground.errors import CatalogueError, DataError, StudyError
from homeground.study.opening import open_study

CHIRPS = "/data.chc.ucsb.edu/products/CHIRPS/v3.0/monthly/global/cogs/chirps-v3.0.{year}.{month:02d}.cog"
STEP = 0.05
WEST, NORTH, ROWS, COLUMNS = 41.0, 13.0, 60, 60  # a part of the globe around Djibouti


def study_of(folder: Path, *more: str, countries: str = '["DJI"]', period: str = "[2016, 2023]"):
    folder.mkdir(parents=True)
    text = f'title = "T"\ncountries = {countries}\nperiod = {period}\n# a remark that stays\n[data]\n' + "\n".join(more)
    (folder / "study.toml").write_text(text + "\n\n[finance]\nhorizon = 20  # years\n", encoding="utf-8")
    return open_study(folder)


def rain_of(year: int, month: int) -> np.ndarray:
    """Millimetres that tell where and when they are from."""
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    values = (rows + columns / 100 + month + (year - 1990) * 2).astype("float32")
    values[20:23, 40:43] = -9999  # missing, without a tag
    return values


def serve_chirps(providers: Providers) -> None:
    for year in range(1994, 2024):
        for month in range(1, 13):
            content = raster(rain_of(year, month), WEST, NORTH, STEP, tiled=True, blockxsize=16, blockysize=16)
            providers.routes[CHIRPS.format(year=year, month=month)] = Answer(content)


def serve_world_bank(providers: Providers) -> None:
    def answer(path, asked, body):
        page = int(asked["page"][0])
        years = {1: (2020, 2021), 2: (2022, 2023)}[page]
        rows = [
            {
                "indicator": {"id": "X"},
                "countryiso3code": "DJI",
                "date": str(year),
                "value": None if year == 2023 else year / 4,
            }
            for year in years
        ]
        return Answer(json.dumps([{"page": page, "pages": 2, "per_page": 2, "total": 4}, rows]).encode())

    providers.routes["/api.worldbank.org/v2/country/DJI/indicator/*"] = answer


def fetched(study, layers, **more):
    wanted = [wish for wish in wishes(study, layers, more.pop("degrees", None)) if wish.state == "fetch"]
    outcome = live.fetch(study, wanted, Transfer(sleep=lambda _: None), **more)
    return outcome, open_study(study.file)


def test_rain_lands_with_dates_units_and_missing_cells(providers, tmp_path):
    serve_chirps(providers)
    outcome, study = fetched(study_of(tmp_path / "s"), ["rain=chirps-v3"])
    assert outcome.failed == {}
    series = need_series(study, "rain_series")
    assert (series.steps[0], series.steps[-1], len(series.steps)) == ("1994-01", "2023-12", 360)
    assert (series.units, series.nodata) == ("mm/month", -9999.0)
    with rasterio.open(study.folder / "data/rain_chirps.tif") as file:
        assert file.tags()["reportable_sdg_15_3_1"] == "yes"
        band = file.descriptions.index("2001-07") + 1
        values, t = file.read(band, masked=True), file.transform
    top, left = round((NORTH - t.f) / STEP), round((t.c - WEST) / STEP)
    expected = rain_of(2001, 7)[top : top + values.shape[0], left : left + values.shape[1]].round(1)
    known = ~values.mask
    assert known.sum() > 500
    np.testing.assert_array_equal(values.data[known], expected[known])
    assert values.mask[20 - top : 23 - top, 40 - left : 43 - left].all()  # -9999 is no rain


def test_sources_csv_says_where_each_file_is_from(providers, tmp_path):
    serve_chirps(providers)
    serve_world_bank(providers)
    _, study = fetched(study_of(tmp_path / "s"), ["rain=chirps-v3,world_bank"])
    text = study.file.read_text("utf-8")
    assert "# a remark that stays" in text
    assert "horizon = 20  # years" in text
    with (study.folder / "data/SOURCES.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    rain = rows["rain_chirps.tif"]
    assert rain["address"].startswith(
        "https://data.chc.ucsb.edu/products/CHIRPS/v3.0/monthly/global/cogs/chirps-v3.0.1994.01.cog"
    )
    assert rain["taken_from"] == providers.url  # a copy of the provider is told
    assert (rain["licence"], rain["reportable_sdg_15_3_1"], rain["units"]) == ("public domain", "yes", "mm/month")
    assert rain["sha256"] == hashlib.sha256((study.folder / "data/rain_chirps.tif").read_bytes()).hexdigest()
    with (study.folder / "data/world_bank.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    values = {(row["indicator"], row["year"]): row["value"] for row in table}
    assert values["SM.POP.NETM", "2022"] == "505.5"  # of the second page
    assert ("SM.POP.NETM", "2023") not in values  # a missing value is no row
    assert {row["kind"] for row in table} == {"published"}


def test_a_fetch_that_was_stopped_goes_on(providers, tmp_path):
    serve_chirps(providers)
    late = CHIRPS.format(year=2010, month=3)
    whole = providers.routes[late]
    providers.routes[late] = Answer(b"", 404)
    study = study_of(tmp_path / "s")
    outcome, study = fetched(study, ["rain=chirps-v3"])
    assert "answered 404" in outcome.failed["chirps-v3"]
    assert study.data.rain_series is None
    assert not (study.folder / "data/rain_chirps.tif").exists()
    providers.routes[late] = whole
    providers.asked.clear()
    outcome, study = fetched(study, ["rain=chirps-v3"])
    assert outcome.failed == {}
    assert study.data.rain_series is not None
    assert CHIRPS.format(year=1994, month=1) not in providers.asked  # what had come was not asked for again
    assert not (study.folder / "data/.fetch").exists()


def test_an_error_page_is_no_raster(providers, tmp_path):
    serve_chirps(providers)
    page = b"<!DOCTYPE html><html><title>Maintenance</title></html>" + b" " * 4000
    providers.routes[CHIRPS.format(year=1994, month=1)] = Answer(page, headers={"Content-Type": "image/tiff"})
    outcome, study = fetched(study_of(tmp_path / "s"), ["rain=chirps-v3"])
    assert "Maintenance" in outcome.failed["chirps-v3"]
    assert study.data.rain_series is None


def test_a_raster_of_another_grid_is_refused(providers, tmp_path):
    serve_chirps(providers)
    other = raster(rain_of(1994, 1), WEST, NORTH, 0.1)
    providers.routes[CHIRPS.format(year=1994, month=1)] = Answer(other)
    outcome, _ = fetched(study_of(tmp_path / "s"), ["rain=chirps-v3"])
    assert "cells of 0.05 degrees on the known grid were expected, found 0.1" in outcome.failed["chirps-v3"]


def test_a_server_of_whole_files_alone_serves_too(providers, tmp_path):
    serve_chirps(providers)
    for key, answer in list(providers.routes.items()):
        providers.routes[key] = Answer(answer.body, ranges=False)
    outcome, study = fetched(study_of(tmp_path / "s"), ["rain=chirps-v3"])
    assert outcome.failed == {}
    assert len(need_series(study, "rain_series").steps) == 360


def test_a_table_of_another_form_is_told(providers, tmp_path):
    providers.routes["/api.worldbank.org/v2/country/DJI/indicator/*"] = Answer(
        b'[{"message":[{"key":"Invalid value"}]}]'
    )
    outcome, _ = fetched(study_of(tmp_path / "s"), ["world_bank"])
    assert "the form changed" in outcome.failed["world-bank"]
    providers.routes["/api.worldbank.org/v2/country/DJI/indicator/*"] = Answer(
        b'[{"pages":1},[{"iso":"DJI","value":3}]]'
    )
    outcome, _ = fetched(study_of(tmp_path / "t"), ["world_bank"])
    assert "countryiso3code, date and value were expected" in outcome.failed["world-bank"]


def test_a_full_disk_is_told_before_anything_travels(providers, tmp_path, monkeypatch):
    serve_chirps(providers)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 5_000_000))
    with pytest.raises(DataError, match=r"5 MB are free, about \d+ MB are needed"):
        fetched(study_of(tmp_path / "s"), ["rain=chirps-v3"])
    assert not providers.asked


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are those of POSIX")
def test_a_disk_that_fills_on_the_way_is_one_message_and_the_same_command_goes_on(providers, tmp_path):
    serve_chirps(providers)
    study = study_of(tmp_path / "s")
    words = [
        sys.executable,
        "-m",
        "homeground.cli.app",
        "data",
        "fetch",
        str(study.folder),
        "--layers",
        "rain=chirps-v3",
    ]

    def small_disk():
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(words, capture_output=True, text=True, timeout=300, preexec_fn=small_disk)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "the same command goes on" in done.stderr
    assert open_study(study.file).data.rain_series is None
    assert not (study.folder / "data/rain_chirps.tif").exists()
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert open_study(study.file).data.rain_series is not None


def command(name, layers=(), **more):
    options = {"resolution": None, "dry_run": False, "to": None, "language": None, "as_json": False} | more
    fetch_study(str(name), list(layers), **options)


def test_dry_run_needs_no_network_and_writes_nothing(tmp_path, capsys):
    study = study_of(tmp_path / "s")
    before = study.file.read_bytes()
    command(study.folder, dry_run=True)
    told = capsys.readouterr().out
    assert "gpcp" in told
    assert "+rain_series" in told
    assert "Too coarse for SDG 15.3.1" in told
    assert study.file.read_bytes() == before
    assert [p.name for p in study.folder.iterdir()] == ["study.toml"]


def test_without_internet_each_layer_is_told_with_address_file_and_folder(tmp_path):
    study, start = study_of(tmp_path / "s"), time.monotonic()
    with pytest.raises(CatalogueError) as told:
        command(study.folder)
    assert time.monotonic() - start < 90
    assert told.value.exit_code == 3
    text = str(told.value)
    for wish in (wish for wish in wishes(study) if wish.source.address):
        assert wish.source.writes[0][1] in text
        assert wish.source.address.partition("{")[0] in text
    assert str(study.folder / "data") in text
    assert [p.name for p in study.folder.iterdir()] == ["study.toml"]


def test_a_shipped_study_is_copied_first(providers, tmp_path, monkeypatch):
    with pytest.raises(StudyError, match="--to"):
        command("three-s", ["world_bank"])
    providers.routes["/api.worldbank.org/*"] = Answer(
        json.dumps([{"pages": 1}, [{"countryiso3code": "ALB", "date": "2020", "value": 5}]]).encode()
    )
    command("western-balkans", ["world_bank"], to=tmp_path / "mine")
    assert (tmp_path / "mine/data/world_bank.csv").is_file()
    assert open_study(tmp_path / "mine").countries == open_study("western-balkans").countries


def test_sizes_are_those_of_the_arithmetic(tmp_path):
    """Niger, 0 to 16 E and 11.7 to 23.5 N: bytes of the raw cells, as worked out by hand, with an edge and heads of files."""
    study = study_of(tmp_path / "s", countries='["NER"]')
    mb = {wish.source.id: wish.mb for wish in wishes(study)}
    assert mb["esa-cci-lc"] == pytest.approx(3 * 24.5, rel=0.05)
    assert mb["worldpop"] == pytest.approx(2 * 10.9, rel=0.05)
    assert mb["ipcc-climate-zones"] == 0
    chirps = {wish.source.id: wish for wish in wishes(study, ["rain=chirps-v3"])}["chirps-v3"]
    assert chirps.mb == pytest.approx(360 * (0.3 + 0.064), rel=0.05)
    assert chirps.files == 360
    assert sum(mb.values()) < 120  # tens of megabytes


def test_what_the_study_gives_is_left_alone(providers, tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s/own.tif").write_bytes(b"mine")
    (tmp_path / "s/study.toml").write_text(
        'title = "T"\ncountries = ["DJI"]\n[data]\nrain_series = "own.tif"\n', "utf-8"
    )
    study = open_study(tmp_path / "s")
    assert [(wish.source.layer, wish.state) for wish in wishes(study, ["rain"])] == [("rain", "given")]


def test_a_missing_key_is_one_message_and_the_way_without(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("HOMEGROUND_UCDP_KEY", raising=False)
    study = study_of(tmp_path / "s")
    command(study.folder, ["ucdp"])
    told = " ".join(capsys.readouterr().out.split())
    assert told.count("HOMEGROUND_UCDP_KEY") == 1
    assert "https://ucdp.uu.se/downloads" in told


def test_unknown_layers_and_sources_are_told_with_the_known(tmp_path):
    study = study_of(tmp_path / "s")
    with pytest.raises(StudyError, match="Did you mean"):
        wishes(study, ["rian"])
    with pytest.raises(StudyError, match="gpcp, gpcc, chirps-v3, terraclimate"):
        wishes(study, ["rain=chirp"])
    with pytest.raises(StudyError, match="finest rain"):
        wishes(study, ["rain"], 0.001)
    finest = {wish.source.layer: wish.degrees for wish in wishes(study, (), 0.001)}  # not named: as fine as there is
    assert finest["rain"] == pytest.approx(1 / 24)
    assert finest["soil_carbon"] == 0.001
    assert {wish.degrees for wish in wishes(study, ["soil_carbon"], 2.0)} == {0.05}  # never coarser than the quick one
