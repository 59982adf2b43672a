# SPDX-License-Identifier: Apache-2.0
"""Rows and reports of files made by hand; every expected value stands in the file above it."""

from __future__ import annotations

import io
from datetime import date

import pandas as pd
import pytest
from tests.accelerator.iati.made_activities import SOUND, document, read, spoilt, told

from homeground.accelerator.iati import duplicates, read_iati, results_of, validate_iati

REVERSAL_AND_ZERO = [("read.reversal", "notice"), ("read.zero", "notice")]  # the sound activity has one of each


def test_a_sound_activity_becomes_rows():
    file = read(SOUND)
    assert told(file) == REVERSAL_AND_ZERO
    assert (file.read, file.accepted, file.refused) == (1, 1, 0)
    project = file.tables["projects"].iloc[0]
    assert project["project"] == "XX-9-ZAI"
    assert project["title"] == "Half-moons and zaï"
    assert (project["reporting_organisation"], project["status"], project["level"]) == ("XX-9", "implementation", 1)
    assert (project["start"].date(), project["end"].date()) == (date(2023, 3, 1), date(2027, 12, 31))
    countries = file.tables["project_countries"]
    assert dict(zip(countries["iso3"], countries["share"], strict=True)) == {"NER": 60.0, "TCD": 40.0}
    sectors = file.tables["project_sectors"]
    assert dict(zip(sectors["code"], sectors["share"], strict=True)) == {"31130": 75.0, "31166": 25.0}
    assert file.tables["project_links"].values.tolist()[0][:3] == ["XX-9-ZAI", "parent", "YY-1-PROG"]
    people = file.tables["participants"]
    assert sorted(zip(people["organisation"], people["role"], strict=True)) == [
        ("Union of villages", "implementing"),
        ("XX-9", "accountable"),
    ]


def test_money_is_kept_in_whole_smallest_units():
    moneys = read(SOUND).tables["transactions"]
    assert moneys["amount_minor"].dtype == "int64"
    assert moneys["amount_minor"].tolist() == [125050, -300, 0]  # dollars have cents, CFA francs none
    assert moneys["currency"].tolist() == ["USD", "XOF", "XOF"]
    assert moneys["kind"].tolist() == ["disbursement", "disbursement", "commitment"]
    assert moneys["instrument"].tolist() == ["grant", "grant", "loan"]  # the transaction's own before the default
    assert moneys["donor"].tolist() == [
        "YY-1",
        "XX-9",
        "XX-9",
    ]  # outgoing money is the reporter's where nobody is named
    assert moneys["donor_project"].iloc[0] == "YY-1-PROG"
    assert moneys["receiver"].iloc[0] == "XX-9"
    assert moneys["transaction"].iloc[0] == "XX-9-ZAI#A1"
    budget = read(SOUND).tables["budgets"].iloc[0]
    assert (budget["amount_minor"], budget["currency"], budget["status"]) == (5000000, "XOF", "committed")


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity"),
    [
        ('code="8" significance="3"', 'code="5" significance="3"', "read.marker", "error"),
        ('code="8" significance="3"', 'code="8"', "6.14.1", "error"),
        ('code="8" significance="3"', 'code="8" significance="4"', "read.marker", "error"),
        ('<transaction-date iso-date="2024-05-01"/>', '<transaction-date iso-date="2025-07-01"/>', "11.2.1", "error"),
        ('<value currency="USD"', '<value currency="QQQ"', "read.currency", "error"),
        (">1250.50<", ">1250.505<", "read.rounded", "notice"),
        (">1250.50<", ">99999999999999999999<", "read.amount", "error"),
        ('<transaction-type code="2"/>', '<transaction-type code="14"/>', "read.kind", "error"),
        ('percentage="40"', 'percentage="39.99"', "read.near-100", "warning"),
        ('percentage="40"', 'percentage="39.98"', "3.1.2", "error"),
        ('code="TD" percentage="40"', 'code="TD"', "3.1.1", "error"),
        ('code="TD"', 'code="ZZ"', "read.country", "error"),
        ('percentage="25"', 'percentage="24"', "2.1.2", "error"),
        ('percentage="25"', 'percentage="24.99"', "read.near-100", "warning"),
        ('code="31166"', 'code="99999"', "read.code", "warning"),
        ('<activity-date type="1" iso-date="2023-01-01"/><activity-date type="2" iso-date="2023-03-01"/>', "", "6.11.1",
         "warning"),
        ('type="2" iso-date="2023-03-01"', 'type="2" iso-date="2025-12-01"', "11.1.4", "warning"),
        ('type="3" iso-date="2027-12-31"', 'type="3" iso-date="2022-12-31"', "11.1.2", "warning"),
        (' xml:lang="en"', "", "4.1.1", "warning"),
        ('iso-date="2024-12-31"', 'iso-date="2025-01-02"', "7.5.3", "warning"),  # 367 days
        ('iso-date="2024-12-31"', 'iso-date="2023-12-31"', "8.6.3", "warning"),
        (">XX-9-ZAI<", ">XX-9-ZAI <", "1.3.1", "notice"),
        (">XX-9-ZAI<", ">XX-9-Z/I<", "1.3.13", "notice"),
        (">XX-9-ZAI<", ">ZZ-9-ZAI<", "1.1.21", "notice"),
        (">XX-9-ZAI<", ">XX-9<", "1.1.3", "warning"),
        ("<narrative>Pits and half-moons.</narrative>", "<narrative/>", "4.4.1", "warning"),
        ('<related-activity ref="YY-1-PROG" type="1"/>', '<related-activity ref="YY" type="7"/>', "read.relation", "error"),
        ('role="4"', 'role="9"', "read.role", "error"),
        ("<narrative>Union of villages</narrative>", "", "6.10.1", "error"),
        ("<narrative>Union of villages</narrative>", "<narrative/>", "read.nobody", "error"),
        ('<activity-status code="2"/>', '<activity-status code="8"/>', "read.status", "warning"),
    ],
)  # fmt: skip
def test_one_fault_is_told_once_and_as_gravely_as_it_is(old: str, new: str, rule: str, severity: str):
    found = [one for one in told(read(spoilt(old, new))) if one not in REVERSAL_AND_ZERO]
    assert (rule, severity) in found
    assert found.count((rule, severity)) == 1


def test_marker_8_may_be_3_and_is_kept():
    markers = read(SOUND).tables["project_markers"]
    assert markers.values.tolist() == [["XX-9-ZAI", "8", 3]]
    assert read(spoilt('code="8" significance="3"', 'code="5" significance="3"')).tables["project_markers"].empty


def test_what_is_left_out_is_left_out_and_the_rest_stays():
    late = read(spoilt('<transaction-date iso-date="2024-05-01"/>', '<transaction-date iso-date="2025-07-01"/>'))
    assert late.tables["transactions"]["amount_minor"].tolist() == [-300, 0]
    unsummed = read(spoilt('percentage="40"', 'percentage="30"'))
    assert unsummed.tables["project_countries"].empty
    assert len(unsummed.tables["transactions"]) == 3
    unshared = read(spoilt('percentage="25"', 'percentage="35"')).tables["project_sectors"]
    assert unshared["code"].tolist() == ["31130", "31166"]
    assert unshared["share"].isna().all()


def test_a_transaction_may_not_be_later_than_the_day_the_file_was_made():
    made = 'version="2.03" generated-datetime="2024-05-15T00:00:00Z"'
    file = read(SOUND, attributes=made)
    late = [issue for issue in file.issues if issue.rule == "11.2.1"]
    assert [issue.severity for issue in late] == ["error", "error"]  # of June and July
    assert file.tables["transactions"]["amount_minor"].tolist() == [125050]


def test_lines_are_those_of_the_file():
    spoiled = spoilt('<activity-status code="2"/>', '<activity-status code="8"/>')
    line = next(i for i, text in enumerate(document(spoiled).decode().split("\n"), 1) if "<activity-status" in text)
    assert [issue.line for issue in read(spoiled).issues if issue.rule == "read.status"] == [line]


def test_an_invalid_activity_is_told_with_its_line_and_the_others_are_taken():
    bad = spoilt('<activity-status code="2"/>', "").replace("XX-9-ZAI", "XX-9-BAD")
    file = read(SOUND, bad, SOUND.replace("XX-9-ZAI", "XX-9-TWO"))
    assert (file.read, file.accepted, file.refused) == (3, 2, 1)
    assert file.tables["projects"]["project"].tolist() == ["XX-9-ZAI", "XX-9-TWO"]
    fault = next(issue for issue in file.issues if issue.rule.startswith("schema."))
    begins = document(SOUND, bad).decode()[: document(SOUND, bad).decode().index("XX-9-BAD")].count("\n") + 1
    assert (fault.rule, fault.severity) == ("schema.order", "error")
    assert begins < fault.line <= begins + 8
    assert "activity-status" in fault.message


def test_an_identifier_that_comes_twice_is_taken_once():
    file = read(SOUND, SOUND)
    assert (file.accepted, file.refused) == (1, 1)
    assert ("1.1.2", "error") in told(file)
    assert len(file.tables["transactions"]) == 3


def test_equal_transactions_without_reference_keep_names_of_their_own():
    twice = "<transaction><transaction-type code='2'/><transaction-date iso-date='2024-07-01'/>"
    twice += "<value value-date='2024-07-01'>7</value></transaction>"
    names = read(spoilt("<related-activity", twice + twice + "<related-activity")).tables["transactions"]["transaction"]
    assert names.tolist()[3:] == ["XX-9-ZAI#2/2024-07-01/7/XOF", "XX-9-ZAI#2/2024-07-01/7/XOF/2"]
    assert names.is_unique


def test_a_syntax_error_keeps_what_came_before_and_says_where():
    whole = document(SOUND, SOUND.replace("XX-9-ZAI", "XX-9-TWO"))
    cut = whole[: whole.index(b"XX-9-TWO") + 40]
    file = read_iati(io.BytesIO(cut), name="cut.xml")
    assert file.accepted == 1
    fault = next(issue for issue in file.issues if issue.rule == "file.syntax")
    assert fault.severity == "critical"
    assert fault.line == cut.count(b"\n") + 1


def test_a_syntax_error_between_activities_keeps_what_came_before():
    three = document(SOUND, "</title>", SOUND.replace("XX-9-ZAI", "XX-9-TWO"))
    file = read_iati(io.BytesIO(three), name="broken.xml")
    assert file.tables["projects"]["project"].tolist() == ["XX-9-ZAI"]
    fault = next(issue for issue in file.issues if issue.rule == "file.syntax")
    assert fault.line == three[: three.index(b"</title><iati-activity") + 1].count(b"\n") + 1


def test_root_attributes_are_checked():
    assert ("schema.root", "warning") in told(read(SOUND, attributes=""))
    assert ("schema.root", "warning") in told(read(SOUND, attributes='version="2.03" generated-datetime="yesterday"'))
    assert ("schema.root", "warning") in told(
        read(SOUND, attributes='version="2.03" generated-datetime="2024-02-30T00:00:00"')
    )
    assert "schema.root" not in dict(
        told(read(SOUND, attributes='version="2.03" generated-datetime="2024-02-29T00:00:00"'))
    )


def test_duplicates_across_files_propose_the_newer(tmp_path):
    older = tmp_path / "older.xml"
    newer = tmp_path / "newer.xml"
    newer.write_bytes(document(SOUND.replace("2025-01-02T03:04:05Z", "2025-01-02T04:04:06+00:30")))
    older.write_bytes(document(SOUND, SOUND.replace("XX-9-ZAI", "XX-9-ONCE")))
    found = duplicates([newer, older])
    assert found["identifier"].tolist() == ["XX-9-ZAI", "XX-9-ZAI"]
    assert found["proposed"].tolist() == [True, False]  # 04:04:06 at +00:30 is 03:34:06 UTC, after 03:04:05
    assert duplicates([older]).empty


def test_the_forward_budgets_of_an_organisation_become_rows():
    text = """<iati-organisations version="2.03"><iati-organisation xml:lang="en" default-currency="USD">
    <organisation-identifier>44002</organisation-identifier><name><narrative>A bank</narrative></name>
    <reporting-org ref="44000" type="40"><narrative>A group</narrative></reporting-org>
    <recipient-country-budget status="1"><recipient-country code="BF"/><period-start iso-date="2025-07-01"/>
    <period-end iso-date="2026-06-30"/><value value-date="2025-01-01">12.34</value>
    <budget-line><value value-date="2024-01-01">1</value><narrative>a line</narrative></budget-line>
    </recipient-country-budget></iati-organisation></iati-organisations>"""
    file = read_iati(io.BytesIO(text.encode()), name="bank.xml")
    row = file.tables["budgets"].iloc[0]
    assert (row["organisation"], row["kind"], row["iso3"], row["amount_minor"]) == (
        "44002",
        "for a country",
        "BFA",
        1234,
    )
    assert pd.isna(row["project"])
    assert told(file) == [("11.3.1", "warning")]


RESULT = """<result type="1" aggregation-status="1"><title><narrative>Land</narrative></title>
<indicator measure="1"><title><narrative>Hectares restored</narrative></title>
<reference vocabulary="99" code="GGW-1" indicator-uri="https://example.org/ggw"/>
<baseline year="2023" value="0"/>
<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<target value="120"/><actual value="many"><dimension name="sex" value="female"/></actual></period></indicator>
<indicator measure="5"><title><narrative>Trust</narrative></title><baseline year="2023" value="3"/></indicator>
<indicator measure="2"><title><narrative>Survival</narrative></title><baseline year="2023"/></indicator></result>"""


def test_results_are_rows_and_percentages_never_sum():
    rows = list(results_of(io.BytesIO(document(spoilt("</iati-activity>", RESULT + "</iati-activity>")))))
    assert [(row["kind"], row["value"], row["measure"]) for row in rows] == [
        ("baseline", "0", "unit"),
        ("target", "120", "unit"),
        ("actual", "many", "unit"),
        ("baseline", "3", "qualitative"),
        ("baseline", None, "percentage"),
    ]
    assert rows[1]["code"] == "GGW-1"
    assert rows[1]["framework"] == "99 https://example.org/ggw"
    assert (rows[1]["start"], rows[1]["end"]) == ("2024-01-01", "2024-12-31")
    assert rows[2]["dimensions"] == {"sex": "female"}
    assert [row["may_sum"] for row in rows] == [True, True, True, True, False]


def test_results_are_checked():
    found = dict(told(read(spoilt("</iati-activity>", RESULT + "</iati-activity>"))))
    assert {"8.10.2", "8.8.3", "8.8.1"} <= set(found)


def test_validation_gives_the_same_issues(tmp_path):
    path = tmp_path / "made.xml"
    path.write_bytes(document(SOUND))
    assert [issue.rule for issue in validate_iati(path)] == [rule for rule, _ in REVERSAL_AND_ZERO]
