# SPDX-License-Identifier: Apache-2.0
"""Real files: each is read or told, whole, cut or with a bit turned over, and never a traceback.

HOMEGROUND_CUTS says at how many places each file is cut and turned over (10; 200 takes some minutes).
"""

from __future__ import annotations

import gzip
import io
import os
import random
import time
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from homeground.accelerator.iati import duplicates, read_iati, results_of, write_iati
from homeground.accelerator.iati.ruleset import breaches
from homeground.accelerator.iati.schema import schema

# file: activities or organisations in it, those the schema takes, its own transactions
FILES = {
    "UNHCR-Activities-2023.xml.gz": (134, 134, 2678),
    "dportal_covid.xml.gz": (401, 282, 1033),
    "dportal_foodsecurity.xml.gz": (7, 7, 63),
    "example-annotated-2.03.xml.gz": (1, 1, 1),
    "example-org-annotated-2.03.xml.gz": (1, 1, 0),
    "okfn_CAF-ActivityFile-2025-10-10.xml.gz": (478, 478, 945),
    "okfn_org_world-bank-2024.xml.gz": (1, 1, 0),
    "okfn_worldbank-679.xml.gz": (5, 5, 400),
}
OLD = {"dfid_valid-activity-1.02.xml.gz": 16, "ds_missing_dates.xml.gz": 49, "schemas_worldbank.xml.gz": 16}
CUTS = int(os.environ.get("HOMEGROUND_CUTS", "10"))
TODAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "accelerator" / "activities"


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_read_within_a_minute(name: str, folder: Path):
    """How many are read and taken is counted here by a plain walk over the tree and the official order of things."""
    begun = time.process_time()
    file = read_iati(folder / name, today=TODAY)
    tables = file.tables
    assert time.process_time() - begun < 60
    assert (file.read, file.accepted) == FILES[name][:2]
    root = etree.fromstring(gzip.decompress((folder / name).read_bytes()))
    inner = {"iati-activities": "iati-activity", "iati-organisations": "iati-organisation"}[root.tag]
    elements = root.findall(inner)
    assert len(elements) == FILES[name][0]
    assert len(root.findall(f"{inner}/transaction")) == FILES[name][2]
    taken = [one for one in elements if schema().validate(one)]
    assert len(taken) == FILES[name][1]
    left_out = sum(issue.severity == "error" and "/transaction" in issue.path for issue in file.issues)
    refused = [i for i in file.issues if i.rule.startswith("schema.")]
    if not refused:
        assert len(tables["transactions"]) == FILES[name][2] - left_out
    assert all(issue.line > 0 and issue.fix for issue in file.issues)
    assert bool(refused) == (file.refused > 0)


@pytest.mark.parametrize("name", FILES)
def test_the_schema_refuses_in_real_files_what_the_official_one_refuses(name: str, folder: Path):
    root = etree.fromstring(gzip.decompress((folder / name).read_bytes()))
    official = etree.XMLSchema(etree.parse(folder.parent / "xsd" / f"{root.tag}-schema.xsd"))
    for element in root:
        if element.tag in ("iati-activity", "iati-organisation"):
            assert schema().validate(element) is official.validate(element), element.sourceline


@pytest.mark.parametrize("name", FILES)
def test_the_fast_reading_breaks_the_rules_that_the_table_breaks(name: str, folder: Path):
    file = read_iati(folder / name, today=TODAY)
    root = etree.fromstring(gzip.decompress((folder / name).read_bytes()))
    made = root.get("generated-datetime")
    day = min(TODAY, date.fromisoformat(made[:10])) if made else TODAY
    slow = []
    for element in root:
        if element.tag in ("iati-activity", "iati-organisation") and schema().validate(element):
            slow += [rule for rule, _ in breaches(element, today=TODAY, made=day)]
    assert sorted(i.rule for i in file.issues if i.rule[0].isdigit()) == sorted(slow)


@pytest.mark.parametrize("name", OLD)
def test_a_real_file_of_version_1_is_to_be_converted_first(name: str, folder: Path):
    file = read_iati(folder / name)
    assert [issue.rule for issue in file.issues] == ["file.old-version"]
    assert f"with {OLD[name]} activities" in file.issues[0].message


@pytest.mark.parametrize("name", [name for name in FILES if "org" not in name])
def test_a_real_file_is_written_and_comes_back(name: str, folder: Path, tmp_path: Path):
    tables = read_iati(folder / name, today=TODAY).tables
    write_iati(tables, tmp_path / "1.xml")
    back = read_iati(tmp_path / "1.xml", today=TODAY)
    assert back.refused == 0
    assert schema().validate(etree.parse(tmp_path / "1.xml"))
    write_iati(back.tables, tmp_path / "2.xml")
    assert (tmp_path / "1.xml").read_bytes() == (tmp_path / "2.xml").read_bytes()
    for table in ("transactions", "projects", "project_countries", "project_sectors", "project_links", "participants"):
        order = list(tables[table].columns)
        one, other = (t[table].astype(str).sort_values(order).reset_index(drop=True) for t in (tables, back.tables))
        assert one.equals(other), table


@pytest.mark.parametrize("name", [*FILES, *OLD])
def test_a_cut_or_turned_file_is_told_and_never_a_traceback(name: str, folder: Path):
    random_ = random.Random(name)  # noqa: S311 (the same every time)
    packed = (folder / name).read_bytes()
    whole = gzip.decompress(packed)
    for _ in range(CUTS):
        for data in (whole, packed):
            place = random_.randrange(len(data))
            turned = data[:place] + bytes([data[place] ^ (1 << random_.randrange(8))]) + data[place + 1 :]
            for spoilt in (data[:place], turned):
                file = read_iati(io.BytesIO(spoilt), name=name, today=TODAY)
                assert file.issues or spoilt is turned
                assert 0 <= file.accepted <= file.read
                assert all(issue.message for issue in file.issues)
    assert file.tables


def test_results_of_a_real_file_are_as_many_as_its_values(folder: Path):
    name = "okfn_worldbank-679.xml.gz"
    rows = list(results_of(folder / name))
    root = etree.fromstring(gzip.decompress((folder / name).read_bytes()))
    indicator = "iati-activity/result/indicator"
    for kind, path in (("baseline", "baseline"), ("target", "period/target"), ("actual", "period/actual")):
        assert sum(row["kind"] == kind for row in rows) == len(root.findall(f"{indicator}/{path}")) > 0


def test_a_file_beside_itself_is_all_duplicates(folder: Path):
    name = "okfn_worldbank-679.xml.gz"
    found = duplicates([folder / name, folder / name])
    assert len(found) == 2 * FILES[name][0]
    assert found.groupby("identifier")["proposed"].sum().tolist() == [1] * FILES[name][0]
