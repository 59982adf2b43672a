# SPDX-License-Identifier: Apache-2.0
"""What works out no number loads no library that could: a command answers before the hand leaves the key."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    *(
        "numpy",
        "pandas",
        "xarray",
        "geopandas",
        "rasterio",
        "scipy",
        "pyarrow",
        "shapely",
        "pyproj",
        "zarr",
        "openpyxl",
    ),
    *("numba", "dask", "highspy", "typst", "matplotlib"),
)


def loaded(*words: str, cwd: Path) -> list[str]:
    """Heavy libraries that a command has loaded when it ends well."""
    code = (
        "import sys\nfrom homeground.cli import app\n"
        f"sys.argv = ['homeground', *{list(words)!r}]\n"
        "try:\n    app.main()\nexcept SystemExit as ended:\n    assert not ended.code, ended.code\n"
        f"print(*sorted({set(HEAVY)!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stderr.split()


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("run", "--help"),
        ("schema",),
        ("data", "list"),
        ("validate", "great-green-wall"),
        ("new", "great-green-wall", "mine"),
        ("new", "--help"),
        ("status", "great-green-wall"),
    ],
    ids=" ".join,
)
def test_a_light_command_loads_no_heavy_library(tmp_path, words):
    assert loaded(*words, cwd=tmp_path) == []


def test_a_run_whose_steps_all_stand_loads_none_and_one_that_works_does(tmp_path):
    folder = tmp_path / "gambia"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "Small"\ncountries = ["GMB"]\n', encoding="utf-8")
    only = ("run", "gambia", "--only", "land")
    assert {"numpy", "pandas", "xarray"} <= set(loaded(*only, cwd=tmp_path))
    assert loaded(*only, cwd=tmp_path) == []
    assert loaded("status", "gambia", cwd=tmp_path) == []
