# SPDX-License-Identifier: Apache-2.0
"""Each kind of rule on small elements, and the fast reading held against the table of rules evaluated by XPath."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from lxml import etree
from tests.accelerator.iati.made_activities import SOUND, TODAY, document, read

from homeground.accelerator.iati.findings import rules
from homeground.accelerator.iati.ruleset import KINDS, breaches, ruleset
from homeground.accelerator.iati.schema import schema
from homeground.accelerator.issues import SEVERITIES

RESULT = """<result type="1"><title><narrative>Land</narrative></title><reference vocabulary="99" code="a"/>
<indicator measure="1"><title><narrative>ha</narrative></title>
<baseline year="2023" value="0"/>
<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<target value="120"/><actual value="110"/></period></indicator></result>"""
MORE = {  # what the sound activity does not have, with the element that it stands before
    '<other-identifier ref="B" type="B1"><owner-org/></other-identifier>': "<activity-status",
    '<recipient-region code="298" vocabulary="1" percentage="10"/>': "<sector vocabulary=\"1\" code=\"31130\"",
    '<sector vocabulary="99" code="x"/>': "<policy-marker",
    '<country-budget-items vocabulary="1"><budget-item code="1" percentage="40"/><budget-item code="2" percentage="60"/>'
    "</country-budget-items>": "<policy-marker",
    '<policy-marker vocabulary="99" code="z"/>': "<default-finance-type",
    '<default-aid-type code="A01"/><default-aid-type code="B01"/>': "<budget",
    '<planned-disbursement><period-start iso-date="2024-01-01"/><value value-date="2024-01-01">5</value><provider-org/>'
    "</planned-disbursement>": "<transaction ref",
    '<capital-spend percentage="20"/>': "<transaction ref",
    RESULT: "</iati-activity>",
}  # fmt: skip


def found(activity: str) -> Counter[str]:
    element = etree.fromstring(activity)
    return Counter(rule for rule, _ in breaches(element, today=TODAY, made=TODAY))


def test_the_table_is_well_formed():
    assert {row["severity"] for row in rules().values()} <= set(SEVERITIES)
    kinds = Counter(row["kind"] for context in ("activity", "organisation", "file") for row in ruleset(context))
    assert set(kinds) - set(KINDS) == {"file"} - {"file"}
    assert set(kinds) == set(KINDS)  # every kind has a rule
    for row in rules().values():
        assert row["message"].strip()
        assert row["fix"].strip()


@pytest.mark.parametrize(
    ("kind", "rule", "activity"),
    [
        ("unique", "1.1.3", SOUND.replace(">XX-9-ZAI<", ">XX-9<")),
        ("startswith", "1.1.21", SOUND.replace(">XX-9-ZAI<", ">XX-90<")),
        ("atleast_one", "6.2.2", "<iati-activity xml:lang='en'/>"),
        ("no_more_than_one", "8.11.1", "<iati-activity><result><reference/><indicator><reference/></indicator></result>"
                                       "</iati-activity>"),
        ("one_or_all", "7.8.1", "<iati-activity><budget><value>1</value></budget></iati-activity>"),
        ("date_order", "11.1.2", "<iati-activity><activity-date type='1' iso-date='2024-02-02'/>"
                                 "<activity-date type='3' iso-date='2024-02-01'/></iati-activity>"),
        ("date_now", "11.1.1", "<iati-activity last-updated-datetime='2025-07-01T00:00:00'/>"),
        ("regex_matches", "1.3.13", "<iati-activity><iati-identifier>a|b</iati-identifier></iati-activity>"),
        ("no_spaces", "1.3.1", "<iati-activity><iati-identifier>a </iati-identifier></iati-activity>"),
        ("strict_sum", "3.1.2", "<iati-activity><recipient-country percentage='50'/><recipient-country percentage='49'/>"
                                "</iati-activity>"),
        ("range", "12.2.1", "<iati-activity><capital-spend percentage='101'/></iati-activity>"),
        ("if_then", "6.6.2", "<iati-activity><sector/><transaction><sector/></transaction></iati-activity>"),
        ("loop strict_sum", "2.1.2", "<iati-activity><sector vocabulary='7' percentage='50'/>"
                                     "<sector vocabulary='7' percentage='49'/></iati-activity>"),
        ("loop if_then", "2.1.1", "<iati-activity><sector/><sector vocabulary='1' percentage='49'/></iati-activity>"),
        ("loop no_more_than_one", "107.1.2", "<iati-activity><default-aid-type/><default-aid-type/></iati-activity>"),
        ("time_limit", "7.5.3", "<iati-activity><budget><period-start iso-date='2024-01-01'/>"
                                "<period-end iso-date='2025-01-02'/></budget></iati-activity>"),
    ],
)  # fmt: skip
def test_each_kind_of_rule_finds_its_fault(kind: str, rule: str, activity: str):
    assert rules()[rule]["kind"] == kind
    assert found(activity)[rule] == 1
    assert found(SOUND)[rule] == 0


def test_dates_between_two_dates():
    text = """<iati-organisation xml:lang="en"><recipient-country-budget><period-start iso-date="2024-01-01"/>
    <period-end iso-date="2024-12-31"/><budget-line><value value-date="{day}"/></budget-line></recipient-country-budget>
    </iati-organisation>"""
    for day, count in (("2024-01-01", 0), ("2024-12-31", 0), ("2023-12-31", 1), ("2025-01-01", 1)):
        assert found(text.format(day=day))["11.3.1"] == count


def test_decimal_thirds_are_near_enough():
    countries = "".join(f"<recipient-country percentage='{share}'/>" for share in ("33.33", "33.33", "33.33"))
    assert found(f"<iati-activity>{countries}</iati-activity>")["3.1.2"] == 0
    assert found(f"<iati-activity>{countries.replace('33.33', '33.32', 1)}</iati-activity>")["3.1.2"] == 1


def test_the_fast_reading_and_the_table_say_the_same_of_spoilt_activities():
    """3000 activities, spoilt at one to three places: the same rules broken, at the same lines.

    Rules that weigh several elements have no line of their own in the table; there the lines are not compared.
    """
    random_ = random.Random(16)  # noqa: S311 (the same every time)
    broken: Counter[str] = Counter()
    for _ in range(3000):
        root = etree.fromstring(document(_with_more(random_)))
        for _ in range(random_.randint(1, 3)):
            _spoil(root, random_)
        root = etree.fromstring(etree.tostring(root))
        if not (len(root) and schema().validate(root[0])):
            continue
        data = etree.tostring(root).decode()
        file = read(data.partition(">")[2].rpartition("</")[0].strip("\n"))
        if not file.accepted:
            continue
        fast = sorted(_placed((i.rule, i.line)) for i in file.issues if i.rule[0].isdigit())
        again = etree.fromstring(document(data.partition(">")[2].rpartition("</")[0].strip("\n")))
        slow = sorted(map(_placed, breaches(again[0], today=TODAY, made=TODAY)))
        assert fast == slow, data
        broken.update(rule for rule, _ in fast)
    assert len(broken) > 45, "the spoiling must break many rules"


def _placed(breach: tuple[str, int]) -> tuple[str, int]:
    rule, line = breach
    several = rules()[rule]["kind"] in ("if_then", "strict_sum", "unique", "range") or "loop" in rules()[rule]["kind"]
    return rule, 0 if several else line


def _with_more(random_: random.Random) -> str:
    activity = SOUND
    for text, before in MORE.items():
        if random_.random() < 0.5:
            place = activity.rindex(before)
            activity = activity[:place] + text + activity[place:]
    return activity


def _spoil(root: etree._Element, random_: random.Random) -> None:
    activity = root[0]
    one = random_.choice([x for x in activity.iter() if isinstance(x.tag, str)])
    way = random_.choice((0, 1, 2, 3, 3, 3, 4))
    texts = [
        "1",
        "5",
        "99",
        "100",
        " 50",
        "150",
        "-1",
        "2024-02-29",
        "2026-01-01",
        "XX-9 ",
        "a|b",
        "",
        "2022-01-01",
        "7.5",
    ]
    if way == 0 and one is not activity:
        one.getparent().remove(one)
    elif way == 1 and one is not activity:
        one.addnext(etree.fromstring(etree.tostring(one)))
    elif way == 2 and one.attrib:
        del one.attrib[random_.choice(list(one.attrib))]
    elif way == 3 and one.attrib:
        one.set(random_.choice(list(one.attrib)), random_.choice(texts))
    elif one.tag in ("narrative", "iati-identifier"):
        one.text = random_.choice(["", " ", "XX-9", "XX-9-a/b", None])


def test_days_that_no_calendar_has_are_no_reason_to_stop():
    activity = SOUND.replace('type="3" iso-date="2027-12-31"', 'type="3" iso-date="12027-12-31"')
    assert schema().validate(etree.fromstring(activity))
    assert "read.date" in {issue.rule for issue in read(activity).issues}
    assert list(breaches(etree.fromstring(activity), today=date.max, made=date.max)) == []
