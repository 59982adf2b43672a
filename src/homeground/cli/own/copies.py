# SPDX-License-Identifier: Apache-2.0
"""A study of one's own from another: its file and small inputs are copied, large layers are read where they lie."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from glob import escape
from pathlib import Path

from homeground.errors import StudyError
from homeground.study.model import LEGENDS, Study, matching
from homeground.study.opening import find_study, open_study
from homeground.study.sections import LayerFile, PolygonFile, slashes
from homeground.study.tables import given_tables

SMALL_BYTES = 10_000_000  # of all files of one input; a series of maps is soon gigabytes, a table never
TEXTS = (".csv", ".toml", ".geojson", ".json", ".gpkg", ".parquet", ".xlsx")  # no rasters: nothing lies beside them
# Comments and strings of TOML: a path is a string, and the word in a comment is left alone.
TOKEN = re.compile(
    r'#[^\n]*|"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)


def copy_study(study: str | Path, folder: Path) -> list[str]:
    """Copy a study into a folder and return what was done, a line each; the copy is opened to see that it is valid.

    Raises
    ------
    StudyError
        The study is not valid, or the folder is a file or already holds what would be written. Nothing is written then.
    """
    source = find_study(study)
    home = source.parent
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"{folder} is a file; a folder was expected. Choose another name.")
    if (folder / "study.toml").exists():
        raise StudyError(f"{folder / 'study.toml'} exists already. Choose another folder, or edit that file.")
    copied: dict[Path, Path] = {}  # a file of the copy, and whence it comes
    elsewhere: dict[str, str] = {}  # a path as written, and as the copy must write it
    said: list[str] = []
    base = open_study(source)
    opened = [base, *(open_study(source, name) for name in base.scenario_names)]
    for written in dict.fromkeys(path for one in opened for path in named_paths(one)):
        files = [file for found in matching(home, written) for file in with_companions(found)]
        size = sum(file.stat().st_size for file in files)
        if Path(written).is_absolute():  # reaches the same files from anywhere
            said.append(f"left where it is: {written} ({_size(files, size)})")
        elif size <= SMALL_BYTES and all(file.is_relative_to(home) for file in files):
            copied |= {folder / file.relative_to(home): file for file in files}
        else:
            elsewhere[written] = (home / written).as_posix()
            said.append(f"left where it is, study.toml says where: {elsewhere[written]} ({_size(files, size)})")
    # Tables that are read by their name, though study.toml does not name them: without them a copy finds other results.
    by_name = [name for name in given_tables() if not name.startswith("data.")]
    copied |= {folder / name: home / name for name in by_name if (home / name).is_file()}
    if taken := [str(place) for place in copied if place.exists()]:
        raise StudyError(f"{', '.join(taken[:5])} would be written over. Choose another folder, or move what is there.")
    text = source.read_bytes().decode("utf-8-sig")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_bytes(with_paths(text, elsewhere).encode("utf-8"))
    for place, file in copied.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    open_study(folder)
    unnamed = sorted(p.name for p in home.iterdir() if p.is_file() and p != source and p not in copied.values())
    if unnamed:
        listed = ", ".join(unnamed[:5]) + (", ..." if len(unnamed) > 5 else "")
        said.append(f"not copied, study.toml does not name it: {listed}")
    return [f"wrote {place}" for place in (folder / "study.toml", *copied)] + said


def named_paths(study: Study) -> list[str]:
    """Every path that [data] names, as it is written."""
    found: list[str] = []
    for name in type(study.data).model_fields:
        value = getattr(study.data, name)
        if isinstance(value, LayerFile):
            found += [value.path, *([value.legend] if value.legend and value.legend not in LEGENDS else [])]
        elif isinstance(value, PolygonFile):
            found.append(value.path)
        elif value is not None and name != "cover_legend":
            found.append(value)
    return found


def with_companions(path: Path) -> list[Path]:
    """The files of one input: all of a folder (Zarr), and what lies beside a shapefile or a raster and is read with it."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    if path.suffix == ".shp":
        return sorted(path.parent.glob(f"{escape(path.stem)}.*"))
    if path.suffix.lower() in TEXTS:
        return [path]
    from homeground.catalogue.layers.series import companions

    return sorted({path, *companions(path)})


def with_paths(text: str, elsewhere: dict[str, str]) -> str:
    """A study file with some of its strings written anew; comments and all else stay as they are."""

    def anew(found: re.Match[str]) -> str:
        token = found[0]
        if token.startswith("#"):
            return token
        value = slashes(tomllib.loads(f"x = {token}")["x"])
        return json.dumps(elsewhere[value], ensure_ascii=False) if value in elsewhere else token

    return TOKEN.sub(anew, text)


def _size(files: list[Path], size: int) -> str:
    return f"{len(files)} file{'s' if len(files) != 1 else ''}, {size / 1e6:,.1f} MB"
