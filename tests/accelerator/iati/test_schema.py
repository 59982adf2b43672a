# SPDX-License-Identifier: Apache-2.0
"""The schema composed from the tables of facts: small cases by hand, and the official tests where they lie beside."""

from __future__ import annotations

import io
import random
import tarfile
from pathlib import Path

import pytest
from lxml import etree
from tests.accelerator.iati.made_activities import SOUND, document, spoilt

from homeground.accelerator.iati import read_iati
from homeground.accelerator.iati.schema import HERE, ROOTS, children, composed, schema
from homeground.numbers.table import read_rows


def valid(text: str) -> bool:
    return schema().validate(etree.fromstring(text))


def test_the_sound_activity_is_valid_alone_and_in_a_file():
    assert valid(SOUND)
    assert schema().validate(etree.fromstring(document(SOUND)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' type="10"><narrative>Ministry of the Sahel</narrative></reporting-org>',
         "><narrative>Ministry of the Sahel</narrative></reporting-org>"),  # an attribute is missing
        ("<title><narrative>Half-moons and zaï</narrative></title>", ""),  # an element is missing
        ("<title><narrative>Half-moons and zaï</narrative></title>", "<title/>"),  # it has no words
        ('<activity-status code="2"/>', '<activity-status code="2"/><activity-status code="2"/>'),  # once too often
        ('<related-activity ref="YY-1-PROG" type="1"/>', '<related-activity ref="YY-1-PROG" type="1" extra="1"/>'),
        ('iso-date="2023-01-01"', 'iso-date="1 January 2023"'),
        ('percentage="60"', 'percentage="60 %"'),
        (' value-date="2024-01-01">5000000', ">5000000"),
        ('hierarchy="1"', 'hierarchy="first"'),
        ('xml:lang="en"', 'xml:lang="English of the year 2024, written"'),
    ],
)  # fmt: skip
def test_what_the_standard_forbids_is_refused(old: str, new: str):
    assert not valid(spoilt(old, new))


def test_the_order_of_children_is_part_of_the_standard():
    status, region = '<activity-status code="2"/>', '<recipient-country code="NE" percentage="60"/>'
    assert not valid(spoilt(status, "").replace(region, region + status))


def test_other_namespaces_may_stand_at_the_end_but_not_in_between():
    foreign = '<o:note xmlns:o="urn:o"/>'
    assert valid(spoilt("</iati-activity>", foreign + "</iati-activity>"))
    assert not valid(spoilt("<title>", foreign + "<title>"))


def test_every_type_of_the_tables_is_used_and_known():
    types = {row["type"] for row in read_rows(HERE / "types.csv")}
    used = {kind for held in children().values() for kind in held.values() if kind} | set(ROOTS)
    assert used == types
    assert set(children()) <= types
    assert {row["type"] for row in read_rows(HERE / "attributes.csv")} <= types


def test_an_empty_language_is_allowed_as_xml_says():
    assert valid(spoilt('xml:lang="en"', 'xml:lang=""'))
    assert "anyType" in composed()


# Against the official files

FOLDERS = {
    "activity-tests/should-pass": (58, True),
    "activity-tests/should-fail": (225, False),
    "organisation-tests/should-pass": (12, True),
    "organisation-tests/should-fail": (127, False),
    "should-pass": (163, True),
    "should-fail": (101, False),
}


@pytest.fixture(scope="module")
def official(shared_data: Path) -> dict[str, bytes]:
    with tarfile.open(shared_data / "accelerator" / "schema-tests.tar.gz") as archive:
        members = [member for member in archive.getmembers() if member.name.endswith(".xml")]
        return {member.name.split("/tests/", 1)[1]: archive.extractfile(member).read() for member in members}


@pytest.mark.parametrize("folder", FOLDERS)
def test_official_tests_pass_and_fail_as_they_should(folder: str, official: dict[str, bytes]):
    count, passes = FOLDERS[folder]
    files = {name: data for name, data in official.items() if name.startswith(folder + "/")}
    assert len(files) == count
    wrong = [name for name, data in files.items() if schema().validate(etree.parse(io.BytesIO(data))) is not passes]
    assert wrong == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_official_tests_hold_in_streaming_too(folder: str, official: dict[str, bytes]):
    """Activity by activity, with the attributes of the root by hand, nothing valid is refused and no fault is missed."""
    passes, wrong = FOLDERS[folder][1], []
    for name, data in official.items():
        if name.startswith(folder + "/"):
            file = read_iati(io.BytesIO(data), name=name)
            faults = [i for i in file.issues if i.rule.startswith("schema.") or i.rule in ("file.none", "file.outside")]
            faults += [i for i in file.issues if i.severity == "critical"]
            if bool(faults) is passes:
                wrong.append((name, [i.message for i in faults]))
    assert wrong == []


@pytest.fixture(scope="module")
def official_schemas(shared_data: Path) -> dict[str, etree.XMLSchema]:
    folder = shared_data / "accelerator" / "xsd"
    for name in ("iati-common.xsd", "xml.xsd"):  # which the two include
        assert (folder / name).is_file()
    return {
        "iati-activities": etree.XMLSchema(etree.parse(folder / "iati-activities-schema.xsd")),
        "iati-organisations": etree.XMLSchema(etree.parse(folder / "iati-organisations-schema.xsd")),
    }


def test_spoilt_files_are_judged_as_the_official_schemas_judge_them(official, official_schemas):
    """3000 files, each with something taken out, doubled, moved, renamed or rewritten: the same verdict on each."""
    random_ = random.Random(16)  # noqa: S311 (the same every time)
    sources = sorted(name for name in official if "should-pass" in name and "registry" not in name)
    verdicts = {True: 0, False: 0}
    for _ in range(3000):
        root = etree.fromstring(official[random_.choice(sources)])
        _spoil(root, random_)
        text = etree.tostring(root)
        verdict = official_schemas[root.tag].validate(etree.fromstring(text))
        assert schema().validate(etree.fromstring(text)) is verdict, text.decode()
        verdicts[verdict] += 1
    assert min(verdicts.values()) > 300, "the spoiling must leave some files valid and make others not"


def _spoil(root: etree._Element, random_: random.Random) -> None:
    below = [one for one in root.iter() if isinstance(one.tag, str) and one is not root]
    one = random_.choice(below)
    way = random_.randrange(6)
    if way == 0:
        one.getparent().remove(one)
    elif way == 1:
        one.addnext(etree.fromstring(etree.tostring(one)))
    elif way == 2:
        random_.choice(below[:1] + list(one.getparent())).addnext(one) if len(one.getparent()) > 1 else None
    elif way == 3 and one.attrib:
        del one.attrib[random_.choice(list(one.attrib))]
    elif way == 4 and one.attrib:
        one.set(
            random_.choice(list(one.attrib)),
            random_.choice(["", "1", "true", "2024-02-29", "2024-02-30", "1.5", "a b"]),
        )
    else:
        one.text = random_.choice(["", "12.50", "words", None])
