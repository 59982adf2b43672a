# SPDX-License-Identifier: Apache-2.0
"""Files into the registry: what is right is taken, what is wrong is told by row, nothing is lost, twice is once."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from homeground.accelerator.registry.accepting import Rows, accept, close_batch, new_batch
from homeground.accelerator.registry.declared import registry_tables, stored_name
from homeground.accelerator.registry.engine import writing
from homeground.accelerator.registry.importing import FileReport, validate_files
from homeground.accelerator.registry.opening import Registry
from homeground.errors import DataError

File = Callable[[str, str], Path]
PROJECTS = """
project,title,currency,start,end
P1,Wall,XOF,2020-01-01,2024-12-31
P2,Seeds,EUR,,
"""
MONEY = """
transaction,project,kind,date,amount,currency,donor
T1,P1,commitment,2024-03-04,1200,,D1
T2,P1,disbursement,2024-03-05,12.50,USD,D1
T3,P2,disbursement,2024-03-06,-3.1,,D2
"""


def rules(report: FileReport) -> list[tuple[int, str, str]]:
    return [(issue.line, issue.rule, issue.severity) for issue in report.issues]


def stands(registry: Registry) -> dict[str, list[dict[str, object]]]:
    """All that the registry says, without its traces."""
    return {
        name: frame.astype(object).where(frame.notna(), None).to_dict("records")
        for name, frame in registry.tables().items()
        if len(frame)
    }


def test_money_is_kept_in_the_smallest_units_of_its_currency(registry: Registry, file: File) -> None:
    reports = registry.import_files([file("transactions.csv", MONEY), file("projects.csv", PROJECTS)], actor="analyst")
    assert [(r.rows, r.added, r.left_out) for r in reports] == [(3, 3, 0), (2, 2, 0)]
    money = registry.table("transactions").set_index("transaction")
    # by hand: 1200 XOF has no decimals; 12.50 USD are 1250 cents; -3.1 EUR are -310 cents, in the currency of P2
    assert money["amount_minor"].to_dict() == {"T1": 1200, "T2": 1250, "T3": -310}
    assert money["currency"].to_dict() == {"T1": "XOF", "T2": "USD", "T3": "EUR"}
    assert money["amount_minor"].dtype == "int64"
    assert money["date"]["T1"] == datetime.date(2024, 3, 4)
    assert registry.verify() == []


def test_twice_is_once(registry: Registry, file: File) -> None:
    paths = [file("projects.csv", PROJECTS), file("transactions.csv", MONEY)]
    registry.import_files(paths, actor="analyst")
    before, batches = stands(registry), len(registry.batches())
    again = registry.import_files(paths, actor="analyst")
    assert [r.already for r in again] == [1, 2]
    assert stands(registry) == before
    assert len(registry.batches()) == batches
    # the same rows in another file: by key
    other = registry.import_file(
        file("transactions more.csv", MONEY + "T4,P2,disbursement,2024-03-07,1,,D2"), "analyst"
    )
    assert (other.added, other.changed, other.same) == (1, 0, 3)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_files_does_not_matter(registry: Registry, file: File, order: tuple[int, ...]) -> None:
    shares = "project,iso3,share\nP1,NER,60\nP1,MLI,40\n"
    paths = [file("projects.csv", PROJECTS), file("transactions.csv", MONEY), file("project_countries.csv", shares)]
    registry.import_files([paths[i] for i in order], actor="analyst")
    found = registry.tables()
    assert [len(found[name]) for name in ("projects", "transactions", "project_countries")] == [2, 3, 2]
    batches = registry.batches()
    assert batches["source"].tolist() == ["projects.csv", "project_countries.csv", "transactions.csv"]


def test_other_values_under_a_key_are_a_change_with_its_trace(registry: Registry, file: File) -> None:
    registry.import_files([file("projects.csv", PROJECTS), file("transactions.csv", MONEY)], actor="analyst")
    report = registry.import_file(file("transactions.csv", MONEY.replace("12.50", "13.75")), "donor officer")
    assert (report.added, report.changed, report.same) == (0, 1, 2)
    change = registry.changes("transactions", "T2")[-1]
    assert (change.what, change.actor) == ("changed", "donor officer")
    assert (change.before, change.after) == ({"amount_minor": 1250}, {"amount_minor": 1375})
    # a file without a column leaves it as it is
    report = registry.import_file(file("projects.csv", "project,title\nP1,Great Wall"), "analyst")
    assert report.changed == 1
    assert registry.table("projects")["currency"].tolist() == ["XOF", "EUR"]


def test_a_bad_row_is_left_out_and_told_and_can_be_mended(registry: Registry, file: File) -> None:
    registry.import_file(file("projects.csv", PROJECTS), "analyst")
    bad = """
transaction,project,kind,date,amount,currency
T1,P1,commitment,2024-03-04,1,USD
T2,P9,commitment,2024-03-04,1,USD
T3,P1,comitment,2024-03-04,1,USD
T4,P1,commitment,2024-02-30,1,USD
T5,P1,commitment,2024-03-04,one,USD
T6,P1,commitment,2024-03-04,1,USX
T7,P1,commitment,2024-03-04,0.001,USD
T8,P1,commitment,2024-03-04,0,USD
,P1,commitment,2024-03-04,1,USD
T9,P1,commitment,2024-03-04,,USD
"""
    path = file("transactions.csv", bad)
    report = registry.import_file(path, "analyst")
    assert (report.rows, report.added, report.left_out) == (10, 2, 8)
    assert sorted(rules(report)) == [
        (3, "reference", "error"), (4, "values", "error"), (5, "dates", "error"), (6, "number", "error"),
        (7, "currency", "error"), (8, "amount", "error"), (9, "zero", "warning"), (10, "needed", "error"),
        (11, "needed", "error"),
    ]  # fmt: skip
    by_line = {issue.line: issue for issue in report.issues}
    assert by_line[4].fix == "Did you mean commitment?"
    assert "P1" not in by_line[3].fix  # nothing near enough is made up
    assert "USD (US dollar)" in by_line[7].fix
    # the project comes: the same file again takes what it had to leave out
    registry.import_file(file("projects.csv", "project,title\nP9,New"), "analyst")
    again = registry.import_file(path, "analyst")
    assert (again.added, again.same, again.left_out) == (1, 2, 7)


def test_every_row_is_accounted_for(registry: Registry, file: File) -> None:
    registry.import_file(file("projects.csv", PROJECTS), "analyst")
    text = (
        MONEY
        + "T1,P1,commitment,2024-03-04,1200,,D1\nT2,P1,disbursement,2024-03-05,99,USD,D1\nT5,P1,interest,2024-01-01,1,,"
    )
    report = registry.import_file(file("transactions.csv", text), "analyst")
    # T1 stands twice alike: once is enough. T2 stands twice and differs: nobody knows which is right.
    assert (report.rows, report.added, report.same, report.left_out) == (6, 3, 1, 2)
    assert report.added + report.changed + report.same + report.left_out == report.rows
    assert {(line, rule) for line, rule, _ in rules(report)} == {(5, "key"), (3, "key"), (6, "key")}
    assert registry.table("transactions")["transaction"].tolist() == ["T1", "T3", "T5"]


@pytest.mark.parametrize(
    ("shares", "severity", "taken"),
    [
        ("NER,50|MLI,50", None, 2), ("NER,33.33|MLI,33.33|TCD,33.33", "warning", 3), ("NER,50|MLI,40", "error", 0),
        ("NER,33.33|MLI,33.33|TCD,33.33|SEN,0.02", "warning", 4), ("NER,60|MLI,60", "error", 0), ("NER,100", None, 1),
    ],
)  # fmt: skip
def test_shares_sum_to_100(registry: Registry, file: File, shares: str, severity: str | None, taken: int) -> None:
    rows = "".join(f"P1,{one}\n" for one in shares.split("|"))
    paths = [file("projects.csv", PROJECTS), file("project_countries.csv", "project,iso3,share\n" + rows)]
    report = registry.import_files(paths, actor="analyst")[1]
    assert {issue.severity for issue in report.issues} == ({severity} if severity else set())
    assert len(registry.table("project_countries")) == taken
    assert report.left_out == (0 if taken else report.rows)


@pytest.mark.parametrize(
    ("shares", "severity", "taken"),
    [
        ("15110,|31130,", "warning", 2),
        ("15110,", None, 1),
        ("15110,40|31130,", "error", 0),
        ("15110,40|31130,60", None, 2),
    ],
)
def test_purposes_may_stand_without_shares(
    registry: Registry, file: File, shares: str, severity: str | None, taken: int
) -> None:
    rows = "".join(f"P1,1,{one}\n" for one in shares.split("|"))
    text = "project,vocabulary,code,share\n" + rows + "P1,2,151,100\n"  # another vocabulary has its own hundred
    report = registry.import_files(
        [file("projects.csv", PROJECTS), file("project_sectors.csv", text)], actor="analyst"
    )[1]
    assert {issue.severity for issue in report.issues} == ({severity} if severity else set())
    assert len(registry.table("project_sectors")) == taken + 1


def test_shares_count_what_stands(registry: Registry, file: File) -> None:
    first = "project,iso3,share\nP1,NER,50\nP1,MLI,50\n"
    registry.import_files([file("projects.csv", PROJECTS), file("project_countries.csv", first)], actor="analyst")
    report = registry.import_file(file("project_countries.csv", "project,iso3,share\nP1,NER,100\n"), "analyst")
    assert report.left_out == 1
    assert "150" in report.issues[0].message
    assert "MLI" in report.issues[0].message
    report = registry.import_file(
        file("project_countries.csv", "project,iso3,share\nP1,NER,100\nP1,MLI,0\n"), "analyst"
    )
    assert report.changed == 2


def test_dates_that_can_be_read_in_two_ways_are_never_guessed_silently(registry: Registry, file: File) -> None:
    registry.import_file(file("projects.csv", PROJECTS), "analyst")
    head = "transaction,project,kind,date,amount,currency\n"

    def dated(name: str, *dates: str) -> tuple[FileReport, dict[str, datetime.date]]:
        rows = [f"{name}{i},P1,disbursement,{date},1,USD\n" for i, date in enumerate(dates)]
        report = registry.import_file(file("transactions.csv", head + "".join(rows)), "analyst")
        table = registry.table("transactions").set_index("transaction")["date"]
        return report, {key: date for key, date in table.items() if str(key).startswith(name)}

    report, found = dated("A", "03/04/2024", "2024-05-06", "07/07/2024")
    assert [(i.line, i.severity) for i in report.issues] == [(2, "error")]
    assert "2024-04-03 or 2024-03-04" in report.issues[0].fix
    assert found == {"A1": datetime.date(2024, 5, 6), "A2": datetime.date(2024, 7, 7)}
    report, found = dated("B", "03/04/2024", "25/12/2023")  # the second settles the first, and that is said
    assert [(i.line, i.severity) for i in report.issues] == [(3, "warning")]
    assert found["B0"] == datetime.date(2024, 4, 3)
    report, found = dated("C", "03/04/2024", "12/25/2023")
    assert found["C0"] == datetime.date(2024, 3, 4)
    report, found = dated("D", "03/04/2024", "12/25/2023", "25/12/2023")  # both ways: only those that are sure
    assert [(i.line, i.severity) for i in report.issues] == [(2, "error")]
    assert found == {"D1": datetime.date(2023, 12, 25), "D2": datetime.date(2023, 12, 25)}
    report, found = dated("E", "31.12.23", "2024", "45000", "0024-01-01x")
    assert [i.severity for i in report.issues] == ["error"] * 4
    assert not found


def test_decimal_commas(registry: Registry, file: File) -> None:
    registry.import_file(file("projects.csv", PROJECTS), "analyst")
    head = "transaction;project;kind;date;amount;currency\n"
    text = head + "A;P1;disbursement;2024-01-01;1.234,50;USD\nB;P1;disbursement;2024-01-01;1.234;USD\n"
    registry.import_file(file("transactions.csv", text), "analyst")
    text = head + "C;P1;disbursement;2024-01-01;1,234;TND\nD;P1;disbursement;2024-01-01;1 234;TND\n"
    report = registry.import_file(file("transactions.csv", text), "analyst")
    assert [(i.line, i.severity) for i in report.issues] == [(2, "error")]
    assert report.issues[0].fix == "Write 1234 or 1.234."
    money = registry.table("transactions").set_index("transaction")["amount_minor"].to_dict()
    # 1234.50 USD; 1234 USD (the comma above is decimal, so the point parts thousands); 1234 TND of 1000 millimes
    assert money == {"A": 123450, "B": 123400, "D": 1234000}


def test_codes_are_held_against_their_lists(registry: Registry, file: File) -> None:
    paths = [
        file("projects.csv", PROJECTS),
        file("project_countries.csv", "project,iso3,share\nP1,Niger,100\nP2,ner,100\n"),
    ]
    report = registry.import_files(paths, actor="analyst")[1]
    assert rules(report) == [(2, "country", "error")]
    assert "NER (Niger)" in report.issues[0].fix
    assert registry.table("project_countries")["iso3"].tolist() == ["NER"]


def test_identifiers_with_blanks(registry: Registry, file: File) -> None:
    report = registry.import_file(file("projects.csv", "project,title\n  P 1\u00a0,Wall\nP2 ,Seeds"), "analyst")
    assert rules(report) == [(2, "identifier", "warning")]
    assert registry.table("projects")["project"].tolist() == ["P 1", "P2"]
    money = "transaction,project,kind,date,amount,currency\nT1, P2 ,interest,2024-01-01,1,USD\nT2,P1,interest,2024-01-01,1,USD"
    report = registry.import_file(file("transactions.csv", money), "analyst")
    assert rules(report) == [(3, "reference", "error")]
    assert report.issues[0].fix == 'Did you mean "P 1"?' or "Add it" in report.issues[0].fix


def test_a_file_is_told_by_its_columns(registry: Registry, file: File) -> None:
    report = registry.import_file(file("our list 2024.csv", "Project,Title,Budget\nP1,Wall,5"), "analyst")
    assert report.added == 1
    assert [(i.path, i.severity) for i in report.issues] == [("Budget", "warning")]
    report = registry.import_file(file("notes.csv", "a,b\n1,2"), "analyst")
    assert (report.added, report.issues[0].severity) == (0, "critical")
    report = registry.import_file(file("projects.csv", "project,name\nP1,Wall"), "analyst")
    assert (report.added, report.issues[0].severity, report.issues[0].rule) == (0, "critical", "columns")


def test_remarks_are_told_and_a_mark_keeps_them(registry: Registry, file: File) -> None:
    report = registry.import_file(file("projects.csv", "# fill in\nproject,title\n#old,Wall\n'#1,Seeds"), "analyst")
    assert [(i.rule, i.severity) for i in report.issues] == [("remarks", "notice")]
    assert registry.table("projects")["project"].tolist() == ["#1"]


def test_validate_changes_nothing_and_says_the_same(registry: Registry, file: File) -> None:
    paths = [file("projects.csv", PROJECTS), file("transactions.csv", MONEY.replace("P2", "P3"))]
    said = validate_files(paths, registry.engine)
    assert len(registry.table("projects")) == 0
    assert [r.left_out for r in said] == [0, 1]
    done = registry.import_files(paths, actor="analyst")
    assert [r.issues for r in done] == [r.issues for r in said]


def test_rows_of_programs_are_held_to_the_same_rules(registry: Registry) -> None:
    frame = pd.DataFrame({"project": ["P1"], "title": ["Wall"], "status": ["going"]})
    with pytest.raises(Exception, match="none of those that may stand here"):
        registry.write("projects", frame, actor="analyst", source="a program")
    assert len(registry.table("projects")) == 0
    with pytest.raises(Exception, match="not declared"):
        registry.write("projects", frame.rename(columns={"status": "state"}), actor="analyst", source="a program")
    batch = registry.write("projects", frame.assign(status="closed"), actor="analyst", source="a program")
    assert (batch.id, batch.added) == (1, 1)


def test_who_did_something_is_a_role_in_rows_and_in_the_log(registry: Registry, file: File) -> None:
    head = "overlap,step,amount,currency,reason,approved_by\n"
    rows = "A,spent,1,USD,twice,amina@example.org\nB,spent,1,USD,twice,Amina Issa\nC,spent,1,USD,twice,focal point: NER"
    report = registry.import_file(file("overlaps.csv", head + rows), "analyst")
    assert (report.added, report.left_out) == (2, 1)
    assert [(i.line, i.path, i.severity) for i in report.issues] == [
        (2, "approved_by", "error"),
        (3, "approved_by", "warning"),
    ]
    assert "amina" not in " ".join(i.message + i.fix for i in report.issues).lower()
    with pytest.raises(DataError, match="who does this holds an e-mail address"):
        registry.import_file(file("more.csv", head + rows), "amina@example.org")


def test_every_table_takes_and_gives_a_row(registry: Registry) -> None:
    """Also where its name, or that of a column, is a word of SQL: overlaps, end, year."""
    made = {"text": "x", "integer": 2, "number": 2.0, "date": datetime.date(2024, 3, 4)}
    with writing(registry.engine) as connection:
        batch = new_batch(connection, actor="analyst", kind="write", source="made")
        for name, one in registry_tables().items():
            row = {}
            for column in one.table.columns:
                stored = stored_name(column)
                row[stored] = 125 if stored != column.column else (column.values or (made[column.types[0]],))[0]
            accept(connection, batch, Rows(name, tuple(row), [tuple(row.values())], [None]))
        close_batch(connection, batch)
    assert {name for name, table in registry.tables().items() if len(table) != 1} == set()
    assert registry.table("overlaps")["amount_minor"].tolist() == [125]
    assert registry.verify() == []
    registry.undo(batch.id, actor="analyst")
    assert sum(map(len, registry.tables().values())) == 0


DONORS_FILE = """
<iati-activities version="2.03"><iati-activity xml:lang="en" default-currency="EUR">
<iati-identifier>XM-DAC-5-7-A</iati-identifier>
<reporting-org ref="XM-DAC-5-7" type="10"><narrative>Ministry</narrative></reporting-org>
<title><narrative>Green jobs, phase 2</narrative></title><description><narrative>Work</narrative></description>
<participating-org ref="XM-DAC-5-7" role="1"/><activity-status code="2"/>
<activity-date type="2" iso-date="2022-01-01"/><recipient-country code="NE"/><sector code="41081" percentage="100"/>
<transaction ref="1"><transaction-type code="3"/><transaction-date iso-date="2022-05-01"/>
<value value-date="2022-05-01">10.00</value><receiver-org ref="NE-GOV"/></transaction>
<related-activity ref="XM-DAC-5-7-B" type="1"/>
</iati-activity></iati-activities>
"""
KNOWN_OF_IT = {
    "organisations": """
organisation,name,type,iso3,aliases
XM-DAC-5-7,Ministry,10,DEU,BMZ
NE-GOV,Ministry of the Environment,10,NER,
""",
    "projects": """
project,title,portfolio,source
XM-DAC-5-7-A,Green jobs,legacy,a sheet
""",
    "project_links": """
project,relation,other,evidence
XM-DAC-5-7-A,parent,XM-DAC-5-7-B,separate money
""",
    "transactions": """
transaction,project,kind,date,amount,currency,pillar,confirmed_by,confirmed_on
XM-DAC-5-7-A#1,XM-DAC-5-7-A,disbursement,2022-05-01,9,EUR,2,country,2022-06-01
""",
}


def test_a_donors_file_takes_away_nothing_that_iati_has_no_place_for(registry: Registry, file: File) -> None:
    """Else a ministry of Niger is of no country, and what the country confirmed is not, once the donor publishes anew."""
    registry.import_files([file(f"{name}.csv", text) for name, text in KNOWN_OF_IT.items()], actor="focal point: NER")
    before = stands(registry)
    (report,) = registry.import_files([file("donor.xml", DONORS_FILE)], actor="analyst")
    assert report.left_out == 0
    found = stands(registry)
    assert found["organisations"] == before["organisations"]
    assert found["project_links"] == before["project_links"]
    (project,), (payment,) = found["projects"], found["transactions"]
    assert (project["title"], project["portfolio"]) == ("Green jobs, phase 2", "legacy")
    assert (payment["amount_minor"], payment["pillar"]) == (1000, 2)
    assert (payment["confirmed_by"], str(payment["confirmed_on"])) == ("country", "2022-06-01")
    assert report.batch is not None
    registry.undo(report.batch, actor="analyst")
    assert stands(registry) == before
