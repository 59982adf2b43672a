# SPDX-License-Identifier: Apache-2.0
"""The workbook of annexes: what is missing, criteria, gender and youth plan, roles, consultation log, safeguards, numbers."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.accelerator.cop_report.content import CopReport
from homeground.brief.policy_brief.content import BriefTable
from homeground.brief.proposal.fund_book import add_fund_sheet
from homeground.brief.proposal.fund_tables import BUILDERS
from homeground.brief.proposal.ledger import Ledger
from homeground.brief.proposal.origins import all_numbers
from homeground.brief.workbook.cells import BOLD, HEAD, SMALL, TITLE, WRAP, put
from homeground.language.messages import stated
from homeground.language.quantities import Text

LOG = ("date", "place", "group", "women", "men", "youth", "asked", "said", "changed", "evidence")
SHEETS = (("Criteria", "gcf_d", "criteria"), ("Indicators", "gcf_e", "indicators"), ("Gender and youth", "gender", "by_group"),
          ("Roles", "arrangements", "roles"), ("Sources", "gcf_c", "sources"), ("Safeguards", "safeguards", "screening"),
          ("Climate", "climate", "climate"), ("Projections", "climate", "projections"))  # fmt: skip
WIDE = 34.0


def annex_book(report: CopReport, book: Ledger) -> Workbook:
    """Numbers stand as numbers with their unit; the log of consultations is an empty form."""
    made = Workbook()
    first = made.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook has no sheet")
    first.title = "Missing"
    missing = report.sections[0]
    _table(first, missing.title, missing.paragraphs[0].said[0].plain, missing.paragraphs[0].tables[0], book.code)
    for name, title, builder in SHEETS:
        table = BUILDERS[builder](book)
        if table is not None:
            _table(made.create_sheet(name), book.say(f"title.{title}").plain, report.subtitle, table, book.code)
    add_fund_sheet(made, book)
    _log(made.create_sheet("Consultation"), book)
    _numbers(made.create_sheet("Numbers"), report, book)
    return made


def _heads(sheet: Worksheet, row: int, heads: Sequence[str]) -> None:
    for column, head in enumerate(heads, start=1):
        cell = put(sheet, row, column, head)
        cell.font, cell.fill = BOLD, HEAD
        sheet.column_dimensions[get_column_letter(column)].width = WIDE
    sheet.freeze_panes = sheet.cell(row + 1, 1).coordinate


def _table(sheet: Worksheet, title: str, shows: str, table: BriefTable, code: str) -> None:
    put(sheet, 1, 1, title).font = TITLE
    put(sheet, 2, 1, shows).font = SMALL
    _heads(sheet, 4, table.head)
    for row, line in enumerate(table.rows, start=5):
        for column, said in enumerate(line, start=1):
            _cell(sheet, row, column, said, code)


def _cell(sheet: Worksheet, row: int, column: int, said: Text, code: str) -> None:
    if len(said.facts) == 1 and said == stated(said.facts[0], code):  # a number alone, not a sentence
        fact = said.facts[0]
        unit = "" if fact.unit == "1" else f' "{fact.unit}"'
        cell = put(sheet, row, column, float(fact.value))
        cell.number_format = "#,##0" + ("." + "0" * fact.decimals if fact.decimals else "") + unit
    else:
        put(sheet, row, column, said.plain).alignment = WRAP


def _log(sheet: Worksheet, book: Ledger) -> None:
    put(sheet, 1, 1, book.say("title.consultation").plain).font = TITLE
    put(sheet, 2, 1, book.say("sheet.empty").plain).font = SMALL
    _heads(sheet, 4, [book.say(f"sheet.{name}").plain for name in LOG])


def _numbers(sheet: Worksheet, report: CopReport, book: Ledger) -> None:
    rows = all_numbers(book, report)
    put(sheet, 1, 1, book.say("title.numbers").plain).font = TITLE
    _heads(sheet, 4, list(rows[0]) if rows else ["number"])
    for at, row in enumerate(rows, start=5):
        for column, value in enumerate(row.values(), start=1):
            put(sheet, at, column, value)
