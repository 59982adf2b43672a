# SPDX-License-Identifier: Apache-2.0
"""Spoilt files of every kind end in an answer or in one of our errors: never in a traceback, never in a hang.

`make fuzz` tries many more of them (HOMEGROUND_FUZZ, how many of each kind; HOMEGROUND_FUZZ_SEED, the first seed).
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import warnings
from pathlib import Path

import pytest
from tests.fuzz import mutations

from homeground.chain.checks import validate
from homeground.errors import HomegroundError
from homeground.study.opening import open_study

EACH = int(os.environ.get("HOMEGROUND_FUZZ", "200"))
SEED = int(os.environ.get("HOMEGROUND_FUZZ_SEED", "0"))
LONGEST = 60  # seconds


@pytest.fixture(params=list(mutations.LEFT_OUT))
def kind(request) -> str:
    return request.param


@pytest.fixture
def sound(kind, tmp_path) -> Path:
    folder = tmp_path / "sound"
    folder.mkdir()
    mutations.write_study(folder, kind)
    return folder


def test_the_sound_study_is_taken(sound):
    validate(open_study(sound))


def spoilt(kind: str, folder: Path, rng: random.Random) -> str:
    if kind == "study":
        (folder / "study.toml").write_bytes(mutations.spoil_text(mutations.STUDY, rng))
        return "study.toml"
    if kind == "tables":
        name = rng.choice(list(mutations.TABLES))
        (folder / name).write_bytes(mutations.spoil_text(mutations.TABLES[name], rng))
        return name
    name = rng.choice(mutations.POLYGONS if kind == "polygons" else mutations.RASTERS)
    path = folder / name
    if kind == "polygons":
        path.write_bytes(mutations.spoil_polygons(path.read_text("utf-8"), rng))
    else:
        mutations.spoil_raster(path, rng)
    return name


@contextlib.contextmanager
def in_time():
    """Ends what hangs; systems without this signal rely on the suite's own limit."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def late(*_):
        raise TimeoutError(f"took over {LONGEST} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.slow
def test_spoilt_files_end_in_an_answer_or_in_our_errors(sound, tmp_path, kind):
    found, refused = [], 0
    for seed in range(SEED, SEED + EACH):
        rng = random.Random(f"{kind} {seed}")  # noqa: S311, no secret is drawn
        folder = tmp_path / "study"
        shutil.copytree(sound, folder)
        name = spoilt(kind, folder, rng)
        with in_time(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                study = open_study(folder)
                validate(study)
            except HomegroundError as error:
                refused += 1
                if not str(error).strip():
                    found.append(f"seed {seed}, {name}: an error without words")
            except Exception as error:
                found.append(f"seed {seed}, {name}: {type(error).__name__}: {error}"[:300])
        shutil.rmtree(folder)
    assert "\n".join(found) == ""
    assert refused > EACH // 4  # most of what was spoilt is found
