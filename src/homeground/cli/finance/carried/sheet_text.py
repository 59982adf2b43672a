# SPDX-License-Identifier: Apache-2.0
"""A sheet on money in the terminal: the same words, numbers and tables as its page."""

from __future__ import annotations

from homeground.brief.accelerator.sheet import Sheet
from homeground.language.layout import blocks, fill, heading


def show_sheet(sheet: Sheet) -> None:
    """Print findings, tables, what is missing and sources."""
    print(
        fill(f"{sheet.title}. {sheet.question}" if sheet.language != "zh" else f"{sheet.title}：{sheet.question}")
        + "\n"
    )
    for said in sheet.findings:
        print(fill(said, first="- ", rest="  "))
    for table in sheet.tables:
        print("\n" + fill(table.title) + "\n")
        columns = [(heading(head, 11), [row[at] for row in table.rows]) for at, head in enumerate(table.head) if at]
        print("\n".join(blocks([row[0] for row in table.rows], columns)))
    print(sheet.missing_title)
    for said in sheet.missing:
        print(fill(said, first="- ", rest="  "))
    print("\n" + fill("; ".join(sheet.sources)) + "\n")
