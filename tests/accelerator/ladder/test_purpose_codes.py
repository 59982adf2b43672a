# SPDX-License-Identifier: Apache-2.0
"""The purposes of the crosswalk against the list that is published."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from homeground.accelerator.vocabularies.reading import purpose_codes


def test_purpose_codes_are_those_of_the_published_list(shared_data: Path):
    listed = ElementTree.parse(shared_data / "accelerator/codelists/nonembedded/xml/Sector.xml")  # noqa: S314 - a published list
    names = {item.findtext("code"): item.findtext("name/narrative") for item in listed.iter("codelist-item")}
    codes = purpose_codes()
    assert dict(zip(codes["code"], codes["name"], strict=True)).items() <= names.items()
