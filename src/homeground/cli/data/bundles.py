# SPDX-License-Identifier: Apache-2.0
"""`homeground data bundle` and `check`: a study and its data as one file, and whether such a file is whole."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.live.bundle import check_bundle, write_bundle
from homeground.cli.own.copies import named_paths, with_companions, with_paths
from homeground.errors import StudyError
from homeground.language.layout import fill
from homeground.language.messages import Word, phrase
from homeground.study.model import Study, matching
from homeground.study.opening import open_study

# Read or worth reading, though not named.
BESIDE = ("values.csv", "sources.csv", "trust_fund.csv", "README.md", "data/SOURCES.csv")
ELSEWHERE = "elsewhere"


def bundle_study(name: str, to: Path | None) -> None:
    """Write the bundle of a study and say what is in it."""
    study = open_study(name)
    files, text = contents(study)
    target = to or Path(f"{study.id}.zip")
    write_bundle(study, files, text, target)
    size = f"{target.stat().st_size / 1e6:,.1f}"
    words: dict[str, Word] = {"file": str(target), "n": len(files) + 1, "mb": size}
    words["command"] = f"homeground data check {target.name}"
    print(fill(phrase("terminal.bundle.wrote", study.language, **words), break_long=False))


def check_bundle_file(bundle: Path) -> None:
    """Say that a bundle is whole; all that is wrong with it is told."""
    found = check_bundle(bundle)
    print(fill(phrase("terminal.bundle.whole", "en", file=str(bundle), n=len(found)), break_long=False))


def contents(study: Study) -> tuple[dict[str, Path], str]:
    """Files of a study by their path in the bundle, and its study file with these paths.

    What lies beside the study keeps its place; what lies elsewhere comes into a folder of its own.

    Raises
    ------
    StudyError
        A pattern of files elsewhere that reaches over several folders.
    """
    home = study.folder.resolve()
    files: dict[str, Path] = {}
    anew: dict[str, str] = {}
    opened = [study, *(open_study(study.file, name) for name in study.scenario_names)]
    for written in dict.fromkeys(path for one in opened for path in named_paths(one)):
        found = matching(home, written)
        beside = all(path.is_relative_to(home) for path in found) and not Path(written).is_absolute()
        last = Path(written).name
        if not beside and any(mark in str(Path(written).parent) for mark in "*?["):
            raise StudyError(f'"{written}" reaches over folders elsewhere. Copy its files beside study.toml first.')
        room = f"{ELSEWHERE}/{len(anew) + 1}"
        if not beside:
            anew[written] = f"{room}/{last}"
        for path in found:
            for file in with_companions(path):
                place = file.relative_to(home) if beside and file.is_relative_to(home) else None
                inner = file.relative_to(path.parent) if file.is_relative_to(path.parent) else Path(file.name)
                files[f"{room}/{inner.as_posix()}" if place is None else place.as_posix()] = file
    for name in BESIDE:
        if (home / name).is_file():
            files[name] = home / name
    text = study.file.read_bytes().decode("utf-8-sig")
    return files, with_paths(text, anew)
