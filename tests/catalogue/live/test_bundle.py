# SPDX-License-Identifier: Apache-2.0
"""A bundle holds all that a study reads, runs elsewhere, and is refused when it was changed or would write elsewhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from homeground.catalogue.examples.own_land import write_own_land
from homeground.catalogue.live.bundle import MANIFEST, check_bundle
from homeground.chain import checks
from homeground.cli.data.bundles import bundle_study, check_bundle_file
from homeground.errors import DataError, StudyError
from homeground.study.opening import open_study


@pytest.fixture
def bundle(tmp_path):
    write_own_land(tmp_path / "mine")
    (tmp_path / "mine/data").mkdir()
    (tmp_path / "mine/data/SOURCES.csv").write_text("file\n", encoding="utf-8")
    bundle_study(str(tmp_path / "mine"), tmp_path / "mine.zip")
    return tmp_path / "mine.zip"


def changed(bundle: Path, *, without: str = "", add: tuple = (), **anew: bytes) -> Path:
    """The bundle with a member left out, added or of other content."""
    to = bundle.with_name("changed.zip")
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(to, "w") as new:
        for info in old.infolist():
            if info.filename != without:
                new.writestr(info, anew.get(info.filename, old.read(info.filename)))
        for info, content in add:
            new.writestr(info, content)
    return to


def test_a_bundle_is_whole_and_its_study_valid_elsewhere(bundle, tmp_path, capsys):
    check_bundle_file(bundle)
    assert "is whole" in capsys.readouterr().out
    with zipfile.ZipFile(bundle) as file:
        file.extractall(tmp_path / "theirs" / "mine")
    there = open_study(tmp_path / "theirs/mine")
    checks.validate_all(there)
    files = {path.relative_to(there.folder).as_posix() for path in there.folder.rglob("*") if path.is_file()}
    assert {"cover/cover_2001.tif", "ndvi.tif", "population.csv", "data/SOURCES.csv", "README.md"} <= files
    assert "truth.csv" not in files  # no input of the study


def test_the_same_study_gives_the_same_bytes(bundle, tmp_path):
    bundle_study(str(tmp_path / "mine"), tmp_path / "again.zip")
    assert bundle.read_bytes() == (tmp_path / "again.zip").read_bytes()


def test_what_lies_elsewhere_comes_along_and_is_found(tmp_path):
    write_own_land(tmp_path / "mine")
    (tmp_path / "maps").mkdir()
    (tmp_path / "mine/ndvi.tif").rename(tmp_path / "maps/ndvi.tif")
    for path in (tmp_path / "mine/cover").iterdir():
        path.rename(tmp_path / "maps" / path.name)
    text = (tmp_path / "mine/study.toml").read_text("utf-8")
    text = text.replace('"ndvi.tif"', f'"{(tmp_path / "maps/ndvi.tif").as_posix()}"').replace(
        "cover/cover_*", "../maps/cover_*"
    )
    (tmp_path / "mine/study.toml").write_text(text, "utf-8")
    bundle_study(str(tmp_path / "mine"), tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as file:
        file.extractall(tmp_path / "theirs/mine")
    for path in (tmp_path / "maps").iterdir():
        path.unlink()
    there = open_study(tmp_path / "theirs/mine")
    checks.validate_all(there)
    assert str(tmp_path) not in there.file.read_text("utf-8")
    assert len(there.layer_files("cover_series")) == 22


def test_a_bundle_is_not_written_over(bundle, tmp_path):
    with pytest.raises(StudyError, match="exists already"):
        bundle_study(str(tmp_path / "mine"), bundle)


@pytest.mark.parametrize(
    ("name", "why"),
    [("../evil.sh", "leads out of the folder"), ("/etc/cron.d/evil", "absolute path"), ("C:/evil.exe", "absolute path"), ("a/../../b", "leads out"), ("a\\..\\b", "signs that no path")],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(bundle, name, why):
    with pytest.raises(DataError, match=why):
        check_bundle(changed(bundle, add=[(zipfile.ZipInfo(name), b"x")]))


def test_a_link_is_refused(bundle):
    link = zipfile.ZipInfo("data/link")
    link.external_attr = 0o120777 << 16
    with pytest.raises(DataError, match="is a link"):
        check_bundle(changed(bundle, add=[(link, b"/etc/passwd")]))


def test_missing_changed_and_added_files_are_told_at_once(bundle):
    broken = changed(
        bundle, without="ndvi.tif", add=[(zipfile.ZipInfo("new.csv"), b"x")], **{"population.csv": b"region_id\n"}
    )  # fmt: skip
    with pytest.raises(DataError) as told:
        check_bundle(broken)
    text = str(told.value)
    assert '"ndvi.tif" is missing' in text
    assert '"population.csv" is not what was packed' in text
    assert '"new.csv" is not named' in text


def test_a_member_larger_than_said_is_refused(bundle):
    with zipfile.ZipFile(bundle) as file:
        manifest = json.loads(file.read(MANIFEST))
    manifest["files"]["README.md"]["bytes"] = 3
    with pytest.raises(DataError, match=r'"README\.md" is not what was packed'):
        check_bundle(changed(bundle, **{MANIFEST: json.dumps(manifest).encode()}))


def test_one_name_twice_is_refused(bundle):
    with pytest.raises(DataError, match="more than once"):
        check_bundle(changed(bundle, add=[(zipfile.ZipInfo("NDVI.tif"), b"x")]))


def test_what_is_no_bundle_is_told(tmp_path, bundle):
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(DataError, match="no whole ZIP"):
        check_bundle(tmp_path / "text.zip")
    (tmp_path / "short.zip").write_bytes(bundle.read_bytes()[:-500])
    with pytest.raises(DataError, match="no whole ZIP"):
        check_bundle(tmp_path / "short.zip")
    with pytest.raises(DataError, match="was not made by"):
        check_bundle(changed(bundle, without=MANIFEST))
    with pytest.raises(DataError, match="another form"):
        check_bundle(changed(bundle, **{MANIFEST: b'{"form": 9, "files": {}}'}))
    with pytest.raises(DataError, match="there is no file"):
        check_bundle(tmp_path / "none.zip")
