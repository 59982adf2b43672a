# SPDX-License-Identifier: Apache-2.0
"""Small IATI files made by hand: one sound activity, and ways to spoil it."""

from __future__ import annotations

import datetime
import io

from homeground.accelerator.iati.reading import IatiFile, read_iati

TODAY = datetime.date(2025, 6, 30)
SOUND = """<iati-activity xml:lang="en" default-currency="XOF" hierarchy="1" last-updated-datetime="2025-01-02T03:04:05Z">
<iati-identifier>XX-9-ZAI</iati-identifier>
<reporting-org ref="XX-9" type="10"><narrative>Ministry of the Sahel</narrative></reporting-org>
<title><narrative>Half-moons and zaï</narrative></title>
<description type="1"><narrative>Pits and half-moons.</narrative></description>
<participating-org ref="XX-9" type="10" role="2"><narrative>Ministry of the Sahel</narrative></participating-org>
<participating-org role="4"><narrative>Union of villages</narrative></participating-org>
<activity-status code="2"/>
<activity-date type="1" iso-date="2023-01-01"/><activity-date type="2" iso-date="2023-03-01"/>
<activity-date type="3" iso-date="2027-12-31"/>
<recipient-country code="NE" percentage="60"/><recipient-country code="TD" percentage="40"/>
<sector vocabulary="1" code="31130" percentage="75"/><sector vocabulary="1" code="31166" percentage="25"/>
<policy-marker vocabulary="1" code="8" significance="3"/>
<default-finance-type code="110"/>
<budget status="2"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<value value-date="2024-01-01">5000000</value></budget>
<transaction ref="A1"><transaction-type code="3"/><transaction-date iso-date="2024-05-01"/>
<value currency="USD" value-date="2024-05-01">1250.50</value>
<provider-org ref="YY-1" provider-activity-id="YY-1-PROG"><narrative>A donor</narrative></provider-org>
<receiver-org ref="XX-9"/></transaction>
<transaction><transaction-type code="3"/><transaction-date iso-date="2024-06-01"/>
<value value-date="2024-06-01">-300</value></transaction>
<transaction><transaction-type code="2"/><transaction-date iso-date="2024-07-01"/>
<value value-date="2024-07-01">0</value><finance-type code="421"/></transaction>
<related-activity ref="YY-1-PROG" type="1"/>
</iati-activity>"""


def document(*activities: str, attributes: str = 'version="2.03"') -> bytes:
    """A file of activities."""
    return f"<iati-activities {attributes}>\n{''.join(activities)}\n</iati-activities>\n".encode()


def read(*activities: str, attributes: str = 'version="2.03"') -> IatiFile:
    """What is read of a file of activities."""
    return read_bytes(document(*activities, attributes=attributes))


def read_bytes(data: bytes) -> IatiFile:
    return read_iati(io.BytesIO(data), name="made.xml", today=TODAY)


def spoilt(old: str, new: str) -> str:
    """The sound activity with one thing changed; it is an error if that thing is not in it exactly once."""
    assert SOUND.count(old) == 1, old
    return SOUND.replace(old, new)


def told(file: IatiFile) -> list[tuple[str, str]]:
    """Rules that were broken and how gravely, in order."""
    return [(issue.rule, issue.severity) for issue in file.issues]
