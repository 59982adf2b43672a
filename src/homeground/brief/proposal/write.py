# SPDX-License-Identifier: Apache-2.0
"""A proposal as files: DOCX to be completed, PDF to be read, two workbooks, and the file of its numbers."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from homeground.brief.accelerator.cop_report.word_file import word_file
from homeground.brief.accelerator.cop_report.write import left_out, render_report
from homeground.brief.facts.sources import study_words
from homeground.brief.proposal.annex_book import annex_book
from homeground.brief.proposal.compose import compose_proposal
from homeground.brief.proposal.economic_book import Appraised, economic_book
from homeground.brief.proposal.origins import all_numbers
from homeground.brief.workbook.cells import save_workbook
from homeground.errors import DataError
from homeground.extras import absent
from homeground.finance.steps.given import values_of
from homeground.finance.valuation import carbon_price
from homeground.running.tables import CASHFLOW, FINANCE_APPRAISAL
from homeground.study.model import Study

COLUMNS = ("paragraphs", "number", "value", "low", "high", "unit", "kind", "period", "table", "row", "source")


def write_proposal(
    results: Path,
    study: Study,
    fund: str,
    language: str,
    out: Path,
    *,
    on: datetime.date,
    given: Mapping[str, pd.DataFrame] | None = None,
) -> list[Path]:
    """Write the proposal, its annexes and its numbers.

    Raises
    ------
    StudyError
        The fund or the language is unknown.
    DataError
        The study has no plan that was appraised.
    """
    run = appraised(results, study, language)
    report, book = compose_proposal(results, study, fund, language, on=on, given=given)
    out.mkdir(parents=True, exist_ok=True)
    name = f"{fund}-{study.id}-{language}"
    written = []
    missing = " ".join(left_out(language))
    if not absent("docx"):
        written.append(out / f"{name}.docx")
        written[-1].write_bytes(word_file(report))
    if "no PDF" not in missing:
        written.append(out / f"{name}.pdf")
        written[-1].write_bytes(render_report(report))
    written.append(save_workbook(economic_book(run, language), out / f"{name}-economic.xlsx"))
    written.append(save_workbook(annex_book(report, book), out / f"{name}-annexes.xlsx"))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(all_numbers(book, report))
    written.append(out / f"{name}-numbers.csv")
    written[-1].write_text(stream.getvalue(), encoding="utf-8")
    return written


def appraised(results: Path, study: Study, code: str) -> Appraised:
    """Flows, prices of carbon and appraisal of a run.

    Raises
    ------
    DataError
        There is no plan, or its finance has not run.
    """
    tables = []
    for name in (CASHFLOW, FINANCE_APPRAISAL):
        path = results / name
        table = pd.read_parquet(path) if path.is_file() else pd.DataFrame()
        if table.empty:
            raise DataError(
                f"the results hold no {name}: a proposal needs a plan with a budget. "
                f"Give [plan].budget in the study, and run it."
            )
        tables.append(table)
    flows, table = tables
    values = values_of(study)
    years = range(int(flows["year"].min()), int(flows["year"].max()) + 1)
    prices = {year: float(carbon_price(year, values).mid) for year in years}
    return Appraised(flows, prices, table, study_words(study.title, code))
