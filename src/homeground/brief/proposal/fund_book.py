# SPDX-License-Identifier: Apache-2.0
"""The sheet of the trust fund in the workbook of annexes: its books by date, a live check of each row, and a chart."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.utils import get_column_letter

from homeground.brief.proposal.fund_tables import fund_of
from homeground.brief.proposal.ledger import Ledger
from homeground.brief.workbook.cells import BOLD, HEAD, SMALL, TITLE, put
from homeground.finance.trust_fund.books import IN, OUT

HELD = ("unspent", "reserve")
COLUMNS = ("date", *IN, *OUT, *HELD, "check")
TOP = 4  # row of heads
MONEY = "#,##0.00"


def add_fund_sheet(made: Workbook, book: Ledger) -> None:
    """Add the sheet; nothing where the study declares no fund.

    In each row the check is what comes in, less what goes out, less the change of what is held: a formula, 0 to the cent.
    """
    found = fund_of(book)
    if found is None:
        return
    sheet = made.create_sheet("Trust fund")
    put(sheet, 1, 1, book.say("title.trust_fund").plain).font = TITLE
    put(sheet, 2, 1, book.say("fund_sheet", currency=found.books.currency).plain).font = SMALL
    for column, name in enumerate(COLUMNS, start=1):
        cell = put(sheet, TOP, column, book.say(f"fund_column.{name}").plain)
        cell.font, cell.fill = BOLD, HEAD
        sheet.column_dimensions[get_column_letter(column)].width = 18
    letters = {name: get_column_letter(i) for i, name in enumerate(COLUMNS, start=1)}
    for row, values in enumerate(found.books.by_date.to_dict("records"), start=TOP + 1):
        put(sheet, row, 1, values["date"].isoformat())
        for column, name in enumerate(COLUMNS[1:-1], start=2):
            sheet.cell(row, column, value=float(values[name])).number_format = MONEY
        flow = {
            side: f"SUM({letters[names[0]]}{row}:{letters[names[-1]]}{row})"
            for side, names in (("in", IN), ("out", OUT))
        }
        before = "" if row == TOP + 1 else f"-SUM({letters[HELD[0]]}{row - 1}:{letters[HELD[1]]}{row - 1})"
        held = f"(SUM({letters[HELD[0]]}{row}:{letters[HELD[1]]}{row}){before})"
        sheet.cell(row, len(COLUMNS), value=f"={flow['in']}-{flow['out']}-{held}").number_format = MONEY
    last = TOP + len(found.books.by_date)
    sheet.freeze_panes = sheet.cell(TOP + 1, 2).coordinate
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap = "col", "stacked", 100
    chart.title = book.say("fund_chart", currency=found.books.currency).plain
    first, end = (COLUMNS.index(name) + 1 for name in (OUT[0], OUT[-1]))
    chart.add_data(Reference(sheet, min_col=first, max_col=end, min_row=TOP, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=TOP + 1, max_row=last))
    chart.width, chart.height = 28, 11
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, f"A{last + 3}")
