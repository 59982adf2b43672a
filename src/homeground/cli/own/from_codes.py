# SPDX-License-Identifier: Apache-2.0
"""A study of one's own from the codes of its countries, and polygons of one's own where they are given."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from string import Template

from homeground.catalogue import atlas_files
from homeground.catalogue.countries import check_countries
from homeground.cli.own.copies import SMALL_BYTES, with_companions
from homeground.errors import Problems, StudyError
from homeground.language.figures import listed
from homeground.study.opening import open_study

TEMPLATE = Path(__file__).parent / "study.toml"


def new_study(
    countries: list[str],
    folder: Path,
    regions: Path | None = None,
    id_column: str | None = None,
    name: str | None = None,
    iso3: str | None = None,
) -> list[str]:
    """Write a commented study of some countries into a folder and return what was done, a line each.

    Parameters
    ----------
    countries : list of str
        ISO 3166-1 alpha-3 codes (Kosovo: XKX), in capitals or small letters.
    folder : Path
        New, or without a study.
    regions : Path, optional
        Polygons of one's own. A file of at most 10 MB is copied beside the study.
    id_column, name, iso3 : str, optional
        Columns that tell the regions apart, name them and say their country; left out: region_id, name and iso3 (which may
        be absent in a study of one country).

    Raises
    ------
    StudyError, DataError
        A country that the atlas does not hold, a folder that holds a study, polygons that cannot be used: nothing is
        written then.
    """
    codes = list(dict.fromkeys(code.strip().upper() for code in countries))
    problems = Problems("homeground new")
    problems.extend(check_countries(codes))
    if folder.exists() and not folder.is_dir():
        problems.add(f"{folder} is a file; a folder was expected. Choose another name.")
    if (folder / "study.toml").exists():
        problems.add(f"{folder / 'study.toml'} exists already. Choose another folder, or edit that file.")
    if regions is None and (id_column or name or iso3):
        problems.add(
            "--id, --name and --iso3 name columns of --regions, which is not given. Give --regions FILE, or leave them out."
        )
    if regions is not None and not regions.is_file():
        problems.add(f"--regions: there is no file {regions}.")
    problems.raise_if_any(StudyError)
    files, said = [], []
    polygons = '# regions = { path = "districts.gpkg", id = "ADM2_PCODE", name = "ADM2_FR" }   # your own polygons'
    if regions is not None:
        columns = {"region_id": id_column, "name": name, "iso3": iso3}
        count = _regions_of(codes, regions, {key: column for key, column in columns.items() if column})
        files = with_companions(regions)
        small = sum(file.stat().st_size for file in files) <= SMALL_BYTES
        place = regions.name if small or regions.resolve().parent == folder.resolve() else regions.resolve().as_posix()
        here = regions.resolve().parent == folder.resolve()  # data first, then the study: nothing is copied
        files = [] if here or not small else files
        if taken := [str(folder / file.name) for file in files if (folder / file.name).exists()]:
            raise StudyError(f"{', '.join(taken)} would be written over. Choose another folder, or move what is there.")
        given = {"path": place, "id": id_column, "name": name, "iso3": iso3}
        pairs = ", ".join(f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in given.items() if text)
        polygons = f"regions = {{ {pairs} }}"
        said = [f"{count} regions of {regions.name}" + ("" if small or here else f", left where it is: {place}")]
    names = {row["iso3"]: row["name_en"] for row in atlas_files.rows("countries.csv")}
    where = listed([names[code] for code in codes], "en")
    words = {
        "title": f"Land and people of {where}",
        "question": f"Where in {where} is the land degrading and dry, who lives there and who moves, and what would help?",
        "countries": codes,
        "regions": "admin1" if regions is None else "custom",
    }
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        {key: json.dumps(word, ensure_ascii=False) for key, word in words.items()},
        polygons=polygons,
        folder=shlex.quote(str(folder)),
    )
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(file, folder / file.name)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    open_study(folder)
    return [f"wrote {place}" for place in (folder / "study.toml", *(folder / file.name for file in files))] + said


def _regions_of(codes: list[str], path: Path, columns: dict[str, str]) -> int:
    """How many regions there are; all that is wrong with them is told."""
    from homeground.catalogue.regions import load_regions

    return len(load_regions(codes, path, columns=columns))
