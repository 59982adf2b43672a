# SPDX-License-Identifier: Apache-2.0
"""The command line as a user meets it: one clear message, the right exit code, no heavy import for --help."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STUDY = 'title = "Small"\ncountries = ["GMB"]\n'


def homeground(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "homeground.cli.app", *words], capture_output=True, text=True, cwd=cwd, timeout=300
    )


def study(folder: Path, text: str = STUDY) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    study(folder / "gambia")
    done = homeground("run", "gambia", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "stderr.txt").write_text(done.stderr, encoding="utf-8")
    return folder


def next_steps(printed: str) -> list[list[str]]:
    lines = printed.splitlines()
    return [shlex.split(line) for line in lines[lines.index("Next:") + 1 :]]


def test_help_names_every_command_without_heavy_libraries():
    code = "import sys; sys.argv = ['homeground', '--help']\n"
    code += "from homeground.cli.app import app\n"
    code += "try:\n    app()\nexcept SystemExit:\n    pass\n"
    code += "heavy = {'numpy', 'pandas', 'xarray', 'geopandas', 'rasterio', 'scipy', 'zarr'} & set(sys.modules)\n"
    code += "assert not heavy, heavy\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for command in ("new", "run", "status", "show", "validate", "schema", "data"):
        assert f" {command} " in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "x"\ncountries = ["GMB"]\nperod = [1, 2]\n', 'Did you mean "period"?'),
        ('title = "x"\ncountries = ["GMX"]\n', "GMX is not among the 249 countries"),
        ('title = "x\n', "not valid TOML"),
        ('title = "x"\ncountries = ["GMB"]\n[plan]\nmeasures = ["zaii"]\n', 'Did you mean "zai"?'),
        (
            'title = "x"\ncountries = ["GMB"]\n[plan]\n'
            'budget = { amount = "1e6 EUR", price_year = 2021, years = [2024, 2025] }\n',
            "is not in USD",
        ),
        ('title = "x"\ncountries = ["GMB"]\n[plan]\nrules = { country_floor = 1.5 }\n', "country_floor"),
    ],
)
def test_a_faulty_study_exits_with_2_and_writes_nothing(tmp_path, text, said):
    study(tmp_path / "bad", text)
    done = homeground("run", "bad", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "results").exists()


def test_polygons_outside_their_country_exit_with_3(tmp_path):
    import geopandas as gpd
    from shapely.geometry import box

    folder = study(tmp_path / "own", STUDY + 'regions = "custom"\n[data]\nregions = "own.gpkg"\n')
    frame = gpd.GeoDataFrame({"region_id": ["a"], "iso3": ["GMB"], "name": ["A"]}, geometry=[box(13, -16, 14, -15)])
    frame.set_crs("EPSG:4326").to_file(folder / "own.gpkg")
    done = homeground("run", "own", cwd=tmp_path)
    assert done.returncode == 3
    assert "lie outside their country: a (0 % of it in GMB)" in done.stderr
    assert not list((tmp_path / "results").rglob("*.tif"))


def test_run_prints_one_line_a_stage_without_moving_parts(ran):
    done = homeground("run", "gambia", cwd=ran)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0].startswith("land")
    assert "as before" in lines[0]
    assert all(len(line) <= 80 for line in lines if "results/" not in line)


def test_json_lines_are_for_machines(ran):
    done = homeground("run", "gambia", "--json", cwd=ran)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert next(e["stage"] for e in events if e["kind"] == "stage") == "land"
    assert events[-1]["kind"] == "done"


def test_status_show_and_why(ran):
    assert homeground("status", "gambia", cwd=ran).stdout.count("done") >= 7
    shown = homeground("show", "gambia", "land", "--why", cwd=ran).stdout
    for part in ("GMB", "land_aridity_index", "yearly rain / yearly PET", "atlas rain", "land.aridity_index"):
        assert part in shown
    rows = json.loads(homeground("show", "gambia", "land", "--by", "region", "--json", cwd=ran).stdout)["rows"]
    assert len(rows) == 6  # first-order units of the Gambia in Natural Earth
    assert homeground("show", "gambia", "nothing", cwd=ran).returncode == 2


def test_show_before_a_run_says_what_to_do(tmp_path):
    study(tmp_path / "fresh")
    done = homeground("show", "fresh", "land", cwd=tmp_path)
    assert done.returncode == 3
    assert "Run first: homeground run fresh" in done.stderr


def test_new_copies_a_study_that_is_valid_and_is_never_overwritten(tmp_path):
    assert homeground("new", "great-green-wall", "mine", cwd=tmp_path).returncode == 0
    assert homeground("validate", "mine", cwd=tmp_path).returncode == 0
    again = homeground("new", "great-green-wall", "mine", cwd=tmp_path)
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_schema_and_data_list():
    assert json.loads(homeground("schema").stdout)["title"] == "Study"
    listed = json.loads(homeground("data", "list", "--json").stdout)
    assert {"embedded", "figures", "live"} == {row["channel"] for row in listed}
    assert all(row["licence"] and row["citation"] for row in listed)


def test_read_only_results_folder_exits_with_3(tmp_path):
    study(tmp_path / "gambia")
    (tmp_path / "taken").write_text("a file stands where the folder should be")
    done = homeground("run", "gambia", "--results", "taken/out", cwd=tmp_path)
    assert done.returncode == 3
    assert (
        "a part of its path is a file, not a folder. Free space, or give a folder you may write with --results"
        in done.stderr
    )


def test_show_breaks_no_word_fits_80_columns_and_prints_intervals(ran):
    shown = homeground("show", "gambia", "land", cwd=ran).stdout
    assert "Temperature" in shown
    assert "evapotranspiration" in shown
    assert re.search(
        r"Aridity index +0\.\d+ 0\.\d+ to 0\.\d+", shown
    )  # one country stands upright, ends beside its number
    risk = homeground("show", "gambia", "risk", cwd=ran).stdout
    assert "risk has numbers by region only" in risk
    assert risk.count("GM-") >= 6
    assert "Who moved and who fled" in homeground("show", "gambia", "people", cwd=ran).stdout
    assert risk.count("low to high") >= 2  # the index and the rank come with their intervals
    assert all(len(line) <= 80 for line in (shown + risk).splitlines())


def test_new_does_not_write_over_a_file(tmp_path):
    (tmp_path / "notes").write_text("mine")
    done = homeground("new", "great-green-wall", "notes", cwd=tmp_path)
    assert done.returncode == 2
    assert "notes is a file; a folder was expected" in done.stderr
    assert (tmp_path / "notes").read_text() == "mine"


def test_a_file_without_the_right_to_read_is_one_message(tmp_path, monkeypatch, capsys):
    from homeground.cli import app

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "tables.xlsx")

    monkeypatch.setattr(app, "app", refuse)
    with pytest.raises(SystemExit) as stopped:
        app.main()
    assert stopped.value.code == 3
    assert "no right to read or write tables.xlsx" in capsys.readouterr().err


def test_a_run_leaks_no_warning_of_a_library(ran):
    assert (ran / "stderr.txt").read_text(encoding="utf-8") == ""  # such as matplotlib's of a bold letter


def test_what_is_printed_after_one_stage_and_after_all_exists_and_works(tmp_path):
    text = STUDY + '[brief]\nlanguages = ["en"]\n[[scenario]]\nname = "wet year"\ntitle = "Wet"\n'
    study(tmp_path / "gambia", text)
    asked = ["run", "gambia", "--scenario", "wet year", "--results", "my results"]
    first = homeground(*asked, "--only", "land", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "index.html" not in first.stdout
    assert "Still to run: people, evidence, measures, finance, risk, chain, brief" in first.stdout
    show, again = next_steps(first.stdout)
    shown = homeground(*show[1:], cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "land_aridity_index" in shown.stdout
    assert "outdated" not in shown.stdout
    missing = homeground("show", "gambia", "people", *asked[2:], cwd=tmp_path)
    assert missing.returncode == 3
    assert "no results of people" in missing.stderr
    assert shlex.split(missing.stderr.partition("Run first: ")[2])[1:] == asked
    assert again[1:] == asked
    whole = homeground(*again[1:], cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    page = whole.stdout.partition("(open ")[2].partition(")")[0]
    assert (tmp_path / page).is_file()
    steps = next_steps(whole.stdout)
    assert [step[1] for step in steps] == ["show", "brief"]
    for step in steps:
        done = homeground(*step[1:], cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    # The page of the earlier run says other numbers once land alone has run anew.
    study(tmp_path / "gambia", text.replace('["GMB"]', '["SEN"]'))
    anew = homeground(*asked, "--only", "land", cwd=tmp_path)
    assert "index.html" not in anew.stdout
    of_land = homeground(*show[1:], "--json", cwd=tmp_path)
    assert [row["iso3"] for row in json.loads(of_land.stdout)["rows"]] == ["SEN"]
    assert of_land.stderr == ""


def test_only_a_shipped_study_is_offered_to_copy_and_to_a_free_name(tmp_path, monkeypatch):
    from homeground.cli.progress import next_steps
    from homeground.study.opening import open_study

    monkeypatch.chdir(tmp_path)
    shipped = open_study("great-green-wall", "double-budget")
    root = Path("results")
    assert "homeground new great-green-wall my-study" in next_steps(shipped, [], root)
    assert next_steps(shipped, [], root)[0] == "homeground show great-green-wall land --why --scenario double-budget"
    own = open_study(study(tmp_path / "my-study"))
    assert not any(" new " in step for one in (shipped, own) for step in next_steps(one, [], root))


def test_show_says_that_numbers_are_outdated_and_how_to_renew_them(ran, tmp_path):
    place = shutil.copytree(ran, tmp_path / "copy")
    assert "outdated" not in homeground("show", "gambia", "land", cwd=place).stdout
    study(place / "gambia", STUDY.replace('["GMB"]', '["GMB", "SEN"]'))
    shown = homeground("show", "gambia", "land", cwd=place)
    assert shown.returncode == 0
    first = shown.stdout.splitlines()[0]
    assert first.startswith("These results are outdated (land.")
    assert first.endswith("Renew them: homeground run gambia")
    assert "GMB" in shown.stdout.partition("\n")[2]
    machine = homeground("show", "gambia", "land", "--json", cwd=place)
    assert json.loads(machine.stdout)["rows"]
    assert "outdated" in machine.stderr
    assert "outdated (measures.plan)" in homeground("show", "gambia", "plan", cwd=place).stdout
    # A setting of the plan does not make the land old.
    study(place / "gambia", STUDY + "[plan]\nland_ceiling = 0.2\n")
    assert "outdated" not in homeground("show", "gambia", "land", cwd=place).stdout
    assert "outdated (measures.plan" in homeground("show", "gambia", "measures", cwd=place).stdout


def test_a_sheet_on_money_is_not_made_of_a_cash_flow_that_no_longer_stands(ran, tmp_path):
    place = shutil.copytree(ran, tmp_path / "copy")
    assert "nothing to finance" in homeground("finance", "diaspora", "gambia", cwd=place).stderr  # it stands: no plan
    study(place / "gambia", STUDY + "[plan]\nland_ceiling = 0.2\n")
    refused = homeground("finance", "diaspora", "gambia", "--to", "sheets", cwd=place)
    assert refused.returncode == 3
    assert "is outdated" in refused.stderr
    assert refused.stderr.strip().endswith("Run again: homeground run gambia")
    assert not (place / "sheets").exists()


def test_an_input_that_went_is_told_beside_the_numbers(tmp_path, monkeypatch, capsys):
    from homeground.chain import status
    from homeground.cli import tables
    from homeground.errors import DataError
    from homeground.study.opening import open_study

    def gone(*_: object) -> None:
        raise DataError("input people.csv is missing: no people.csv.")

    monkeypatch.setattr(status, "status", gone)
    tables.say_outdated(open_study("great-green-wall"), "land", Path("results"), as_json=False)
    said = capsys.readouterr().out
    assert said.startswith("These results may be outdated: input people.csv is missing")
    assert "Renew them: homeground run great-green-wall" in said


def test_the_line_of_a_fault_in_toml_stands_on_its_own(tmp_path):
    study(tmp_path / "bad", 'title = "Gambia\ncountries = ["GMB"]\n')
    lines = homeground("validate", "bad", cwd=tmp_path).stderr.splitlines()
    assert lines[-2:] == ['  The line is: title = "Gambia', "  Mend that line and run again."]


def test_measures_without_a_plan_show_which_fit_where(ran):
    import pandas as pd

    shown = homeground("show", "gambia", "measures", cwd=ran).stdout
    assert "suitable\nareas are given" in shown
    areas = pd.read_parquet(ran / "results" / "gambia" / "base" / "suitable_areas.parquet")
    grazed = areas.loc[areas["measure"] == "managed_grazing", "suitable_km2"].sum()
    assert grazed > 1000
    row = next(line for line in shown.splitlines() if line.startswith("Managed grazing"))
    assert row.removeprefix("Managed grazing").strip() == f"{grazed:,.0f}"
    assert "homeground show gambia measures" in homeground("show", "gambia", "plan", cwd=ran).stdout


def test_all_faults_of_all_files_are_told_before_anything_runs(tmp_path):
    """A path without a file, a table of no matrix, and regions of another country, in one answer."""
    folder = study(
        tmp_path / "mine",
        'title = "Mine"\ncountries = ["GMB"]\nregions = "custom"\n[data]\nregions = "r.geojson"\nndvi = "n.tif"\n'
        'matrix = "m.csv"\n',
    )
    (folder / "n.tif").write_text("half a download")
    (folder / "m.csv").write_text("initial,final,change\n1,9,0\n", encoding="utf-8")
    shape = {"type": "Polygon", "coordinates": [[[-16, 13], [-15, 13], [-15, 14], [-16, 13]]]}
    feature = {"type": "Feature", "properties": {"region_id": "a", "iso3": "SEN", "name": "a"}, "geometry": shape}
    (folder / "r.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    for command in ("validate", "run"):
        told = homeground(command, "mine", cwd=tmp_path)
        assert told.returncode == 3, told.stderr
        for part in (
            "cannot read n.tif",
            "m.csv",
            "one of 1, 2, 3, 4, 5, 6, 7 was expected; row 2 (9)",
            "has regions of SEN",
        ):
            assert part in told.stderr
    assert not (tmp_path / "results" / "mine" / "base" / "land.zarr").exists()


def test_results_of_an_older_form_say_run_again_and_are_renewed(ran, tmp_path):
    place = tmp_path / "copy"
    shutil.copytree(ran, place)
    record = place / "results" / "gambia" / "base" / "run.json"
    content = json.loads(record.read_text(encoding="utf-8"))
    del content["schema_version"]
    record.write_text(json.dumps(content), encoding="utf-8")
    for asked in (("show", "gambia", "land"), ("brief", "gambia")):
        done = homeground(*asked, cwd=place)
        assert done.returncode == 3
        assert "were written by an older homeground. Run again: homeground run gambia" in done.stderr
        assert done.stderr.count("\n") == 1
    assert "outdated" in homeground("status", "gambia", cwd=place).stdout
    homeground("run", "gambia", "--only", "land", cwd=place)
    assert json.loads(record.read_text(encoding="utf-8"))["schema_version"] == 3
    assert "Run again" in homeground("show", "gambia", "people", cwd=place).stderr  # the later stages are old still
    homeground("run", "gambia", cwd=place)
    assert "Aridity" in homeground("show", "gambia", "land", cwd=place).stdout
