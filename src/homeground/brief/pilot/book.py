# SPDX-License-Identifier: Apache-2.0
"""The workbook of a pilot: sample sizes by formulas that follow the settings, screened projects, arms, segments, the funnel."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.accelerator.cop_report.content import CopReport
from homeground.brief.pilot.compose import Pack
from homeground.brief.policy_brief.content import BriefTable
from homeground.brief.proposal.origins import all_numbers
from homeground.brief.workbook.cells import BOLD, HEAD, SMALL, TITLE, WRAP, put
from homeground.finance.pilot.given import parts

STEPS = ("reached", "aware", "interested", "eligible", "committed", "paid", "repeat")
FIRST = 4  # row of the first setting


def pilot_book(pack: Pack, report: CopReport) -> Workbook:
    """Everything in a table; the sheet of the sample recomputes when a setting is changed."""
    made = Workbook()
    first = made.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook has no sheet")
    first.title = "Sample"
    _sample(first, pack)
    for section, name in zip(report.sections, ("Missing", "", "Projects", "Segments", "Arms"), strict=False):
        for i, table in enumerate(section.paragraphs[0].tables if name else ()):
            _table(made.create_sheet(name if i == 0 else f"{name} {i + 1}"), section.title, table)
    _funnel(made.create_sheet("Funnel"), pack)
    _numbers(made.create_sheet("Numbers"), report, pack)
    made.calculation.fullCalcOnLoad = True
    return made


def _sample(sheet: Worksheet, pack: Pack) -> None:
    say = pack.book.say
    put(sheet, 1, 1, report_title(pack)).font = TITLE
    put(sheet, 2, 1, say("pilot.sheet_how").plain).font = SMALL
    at = {}
    settings = {name: (one.value, one.source) for name, one in pack.settings.items()}
    settings["comparisons"] = (float(pack.comparisons), "")
    for row, (name, (value, source)) in enumerate(settings.items(), start=FIRST):
        put(sheet, row, 1, say(f"pilot.setting.{name}").plain)
        sheet.cell(row, 2, value=value)
        put(sheet, row, 3, source)
        at[name] = f"$B${row}"
    row = FIRST + len(settings) + 1
    p0, p1, m, loss = (at[name] for name in ("share_control", "share_treated", "cluster_size", "attrition"))
    z = f"NORMSINV(1-{at['alpha']}/{at['comparisons']}/2)"
    zb = f"NORMSINV({at['power']})"
    formulas = {
        "left": f"MAX(1,{m}*(1-{loss}))",
        "effect": f"1+(({at['size_cv']}^2+1)*B{row}-1)*{at['icc']}",
        "alone_shares": f"(({z}*SQRT(2*({p0}+{p1})/2*(1-({p0}+{p1})/2))+{zb}*SQRT({p0}*(1-{p0})+{p1}*(1-{p1})))/({p1}-{p0}))^2",
        "alone_means": f"2*(({z}+{zb})/{at['mean_difference']})^2",
        "clusters_shares": f"ROUNDUP(B{row + 2}*B{row + 1}/B{row},0)",
        "clusters_means": f"ROUNDUP(B{row + 3}*B{row + 1}/B{row},0)",
        "recruited": f"MAX(B{row + 4},B{row + 5})*{m}",
        "recruited_all": f"B{row + 6}*({at['comparisons']}+1)",
    }
    for i, (name, text) in enumerate(formulas.items()):
        put(sheet, row + i, 1, say(f"pilot.result.{name}").plain).font = BOLD
        sheet.cell(row + i, 2, value=f"={text}")
    for column, width in zip("ABC", (62, 16, 60), strict=True):
        sheet.column_dimensions[column].width = width


def report_title(pack: Pack) -> str:
    """The title of the sheet of the sample."""
    return pack.book.say("pilot.title.sample").plain


def _table(sheet: Worksheet, title: str, table: BriefTable) -> None:
    put(sheet, 1, 1, title).font = TITLE
    _heads(sheet, list(table.head))
    for row, line in enumerate(table.rows, start=4):
        for column, said in enumerate(line, start=1):
            put(sheet, row, column, said.plain).alignment = WRAP


def _heads(sheet: Worksheet, heads: list[str]) -> None:
    for column, head in enumerate(heads, start=1):
        cell = put(sheet, 3, column, head)
        cell.font, cell.fill = BOLD, HEAD
        sheet.column_dimensions[get_column_letter(column)].width = 34


def _funnel(sheet: Worksheet, pack: Pack) -> None:
    """An empty table of counts by arm, segment and step: counts only, no person stands in it."""
    say = pack.book.say
    put(sheet, 1, 1, say("pilot.funnel").plain).font = TITLE
    put(sheet, 2, 1, say("pilot.funnel_how").plain).font = SMALL
    _heads(
        sheet, [say("head.arm").plain, say("head.segment").plain, *(say(f"pilot.step.{step}").plain for step in STEPS)]
    )
    row = 4
    for arm in parts("arm"):
        for segment in parts("segment"):
            put(sheet, row, 1, say(f"pilot.arm.{arm}").plain)
            put(sheet, row, 2, say(f"pilot.segment.{segment}").plain)
            row += 1


def _numbers(sheet: Worksheet, report: CopReport, pack: Pack) -> None:
    rows = all_numbers(pack.book, report)
    put(sheet, 1, 1, pack.book.say("title.numbers").plain).font = TITLE
    _heads(sheet, list(rows[0]))
    for at, row in enumerate(rows, start=4):
        for column, value in enumerate(row.values(), start=1):
            put(sheet, at, column, value)
