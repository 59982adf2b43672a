# SPDX-License-Identifier: Apache-2.0
"""The economic annex as a live workbook: data, flows by year and results are formulas that anyone can follow and change.

Nothing is computed here. The sheet "Check" holds what homeground found beside what the formulas give.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from homeground.brief.workbook.cells import BOLD, HEAD, SMALL, TITLE, put
from homeground.errors import DataError
from homeground.language.messages import phrase

COSTS = ("establishment_usd", "upkeep_usd", "season_usd", "forgone_usd")
GAINS = ("benefit_usd", "carbon_revenue_usd")
DATA = ("iso3", "measure", "year", "hectares", *COSTS, *GAINS, "transfers_usd", "carbon_t_co2e")
FLOWS = ("year", "period", *COSTS, *GAINS, "transfers_usd", "carbon_t_co2e",
         "carbon_price", "cost", "financial_benefit", "economic_benefit", "financial_net", "economic_net")  # fmt: skip
VIEWS = ("financial", "economic")
RATE, COST_TIMES, GAIN_TIMES, PRICE_TIMES = "Settings!$B$3", "Settings!$B$5", "Settings!$B$6", "Settings!$B$7"
MONEY = "#,##0.00"
TOLERANCE = 0.005  # half a cent
CHECKED = 8  # rows of the check: four numbers in each view


@dataclass(frozen=True)
class Appraised:
    """What a run found: flows by country, measure and year; prices of carbon by year; rows of the appraisal."""

    flows: pd.DataFrame
    carbon_prices: dict[int, float]
    table: pd.DataFrame
    title: str

    @property
    def years(self) -> list[int]:
        """Every year of the flows."""
        return list(range(int(self.flows["year"].min()), int(self.flows["year"].max()) + 1))


def economic_book(run: Appraised, code: str) -> Workbook:
    """The workbook.

    Raises
    ------
    DataError
        There are no flows, no price of carbon for a year, or no discount rate of the study.
    """
    if run.flows.empty:
        raise DataError("there are no flows: without a plan there is nothing to appraise. Run the study first.")
    without = [str(year) for year in run.years if year not in run.carbon_prices]
    if without:
        raise DataError(f"there is no price of carbon for {', '.join(without)}. Give one for each year of the flows.")
    chosen = run.table[run.table["study_rate"]]
    if chosen.empty:
        raise DataError("the appraisal has no row at the discount rate of the study. Run the study again.")
    book = Workbook()
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook has no sheet")
    first.title = "Settings"
    _settings(first, run, float(chosen["rate"].iloc[0]), code)
    rows = _data(book.create_sheet("Data"), run, code)
    _flows(book.create_sheet("Flows"), run, rows, code)
    _results(book.create_sheet("Results"), run, code)
    _measures(book.create_sheet("Measures"), run, rows, code)
    _check(book.create_sheet("Check"), run, chosen, code)
    book.calculation.fullCalcOnLoad = True  # no value is stored: programs compute when they open it
    return book


def _words(name: str, code: str, **words: Any) -> str:
    return phrase(f"proposal.economic.{name}", code, **words)


def _head(sheet: Worksheet, row: int, heads: Sequence[str], widths: Sequence[float] = ()) -> None:
    for column, text in enumerate(heads, start=1):
        cell = put(sheet, row, column, text)
        cell.font, cell.fill = BOLD, HEAD
        sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1] if widths else 18


def _formula(sheet: Worksheet, row: int, column: int, text: str, form: str = MONEY) -> None:
    cell = sheet.cell(row, column, value=text)
    cell.number_format = form


def _settings(sheet: Worksheet, run: Appraised, rate: float, code: str) -> None:
    put(sheet, 1, 1, _words("title", code, title=run.title)).font = TITLE
    put(sheet, 2, 1, _words("how", code)).font = SMALL
    rows: tuple[tuple[str, Any], ...] = (
        ("rate", rate), ("first_year", run.years[0]), ("cost_times", 1), ("gain_times", 1), ("price_times", 1),
        ("price_year", int(run.flows["price_year"].iloc[0])),
    )  # fmt: skip
    for row, (name, value) in enumerate(rows, start=3):
        put(sheet, row, 1, _words(name, code))
        sheet.cell(row, 2, value=value)
    for row, name in enumerate(("low_high", "not_stored", "check"), start=10):
        put(sheet, row, 1, _words(name, code)).font = SMALL
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 70, 14


def _data(sheet: Worksheet, run: Appraised, code: str) -> int:
    """The flows of the run as they are, without formulas; gives the last row."""
    _head(sheet, 1, [_words(f"col.{name}", code) for name in DATA])
    table = run.flows.reindex(columns=list(DATA))
    for row, values in enumerate(table.itertuples(index=False, name=None), start=2):
        for column, value in enumerate(values, start=1):
            if isinstance(value, str):
                put(sheet, row, column, value)
            elif value is not None and not pd.isna(value):
                sheet.cell(row, column, value=float(value) if column > 3 else int(value))
    sheet.freeze_panes = "D2"
    return len(table) + 1


def _flows(sheet: Worksheet, run: Appraised, last: int, code: str) -> None:
    _head(sheet, 1, [_words(f"col.{name}", code) for name in FLOWS])
    at = {name: get_column_letter(i) for i, name in enumerate(FLOWS, start=1)}
    source = {name: get_column_letter(i) for i, name in enumerate(DATA, start=1)}
    years = f"Data!${source['year']}$2:${source['year']}${last}"
    for row, year in enumerate(run.years, start=2):
        sheet.cell(row, 1, value=year)
        _formula(sheet, row, 2, f"=A{row}-Settings!$B$4", "0")
        for name in (*COSTS, *GAINS, "transfers_usd", "carbon_t_co2e"):
            column = f"Data!${source[name]}$2:${source[name]}${last}"
            times = f"*{COST_TIMES}" if name in COSTS else f"*{GAIN_TIMES}" if name == "benefit_usd" else ""
            _formula(sheet, row, FLOWS.index(name) + 1, f"=SUMIFS({column},{years},A{row}){times}")
        price = FLOWS.index("carbon_price") + 1
        _formula(sheet, row, price, f"={run.carbon_prices[year]!r}*{PRICE_TIMES}")
        cell = {name: f"{letter}{row}" for name, letter in at.items()}
        sums = {
            "cost": "+".join(cell[name] for name in COSTS),
            "financial_benefit": "+".join(cell[name] for name in (*GAINS, "transfers_usd")),
            "economic_benefit": f"{cell['benefit_usd']}+{cell['carbon_t_co2e']}*{cell['carbon_price']}",
            "financial_net": f"{cell['financial_benefit']}-{cell['cost']}",
            "economic_net": f"{cell['economic_benefit']}-{cell['cost']}",
        }
        for name, text in sums.items():
            _formula(sheet, row, FLOWS.index(name) + 1, f"={text}")
    sheet.freeze_panes = "B2"


def flow_range(name: str, years: int) -> str:
    """Where a column of the sheet of flows stands."""
    letter = get_column_letter(FLOWS.index(name) + 1)
    return f"Flows!${letter}$2:${letter}${years + 1}"


def present(name: str, years: int, rate: str) -> str:
    """Formula of the present value of a column of the flows, first year not discounted."""
    return f"SUMPRODUCT({flow_range(name, years)}/(1+{rate})^{flow_range('period', years)})"


def _results(sheet: Worksheet, run: Appraised, code: str) -> None:
    n = len(run.years)
    heads = ("view", "rate_short", "pv_cost", "pv_benefit", "npv", "bcr", "irr")
    _head(sheet, 1, [_words(f"col.{name}", code) for name in heads])
    rates = sorted(set(run.table["rate"].astype(float)))
    row = 2
    for view in VIEWS:
        for rate in ("study", *rates):
            put(sheet, row, 1, _words(f"view.{view}", code))
            _formula(sheet, row, 2, f"={RATE}" if rate == "study" else f"={rate!r}", "0.00%")
            _formula(sheet, row, 3, f"={present('cost', n, f'$B{row}')}")
            _formula(sheet, row, 4, f"={present(f'{view}_benefit', n, f'$B{row}')}")
            _formula(sheet, row, 5, f"=D{row}-C{row}")
            _formula(sheet, row, 6, f"=D{row}/C{row}", "0.000")
            none = _words("no_rate", code)
            _formula(sheet, row, 7, f'=IFERROR(IRR({flow_range(f"{view}_net", n)}),"{none}")', "0.00%")
            row += 1


def _measures(sheet: Worksheet, run: Appraised, last: int, code: str) -> None:
    heads = ("measure", "pv_cost", "pv_farm", "pv_carbon_sold", "npv_financial")
    _head(sheet, 1, [_words(f"col.{name}", code) for name in heads], (38, 18, 18, 18, 18))
    source = {name: get_column_letter(i) for i, name in enumerate(DATA, start=1)}

    def worth(names: Sequence[str], row: int) -> str:
        whole = "+".join(f"Data!${source[n]}$2:${source[n]}${last}" for n in names)
        chosen = f"(Data!${source['measure']}$2:${source['measure']}${last}=$A{row})"
        period = f"(Data!${source['year']}$2:${source['year']}${last}-Settings!$B$4)"
        return f"SUMPRODUCT({chosen}*({whole})/(1+{RATE})^{period})"

    for row, measure in enumerate(sorted(run.flows["measure"].unique()), start=2):
        put(sheet, row, 1, str(measure))
        _formula(sheet, row, 2, f"={worth(COSTS, row)}*{COST_TIMES}")
        _formula(sheet, row, 3, f"={worth(('benefit_usd',), row)}*{GAIN_TIMES}")
        _formula(sheet, row, 4, f"={worth(('carbon_revenue_usd', 'transfers_usd'), row)}")
        _formula(sheet, row, 5, f"=C{row}+D{row}-B{row}")


def _check(sheet: Worksheet, run: Appraised, chosen: pd.DataFrame, code: str) -> None:
    """What the run found beside the formulas: held at the settings of the run only."""
    heads = ("what", "by_formula", "by_run", "difference", "verdict")
    _head(sheet, 1, [_words(f"col.{name}", code) for name in heads], (44, 22, 22, 16, 40))
    plan = chosen[chosen["scope"] == "plan"].set_index("view")
    steps = len(set(run.table["rate"].astype(float))) + 1
    yes, no, changed = (_words(name, code) for name in ("agrees", "differs", "changed"))
    unchanged = f"AND({COST_TIMES}=1,{GAIN_TIMES}=1,{PRICE_TIMES}=1,{RATE}={float(chosen['rate'].iloc[0])!r})"
    row = 2
    for v, view in enumerate(VIEWS):
        at = 2 + v * steps
        found = plan.loc[view]
        silent = bool(pd.isna(found["benefit_usd"]))
        numbers = (
            ("pv_cost", "C", "cost_usd"),
            ("pv_benefit", "D", "benefit_usd"),
            ("npv", "E", "npv_usd"),
            ("irr", "G", "irr"),
        )
        for name, column, given in numbers:
            put(sheet, row, 1, f"{_words(f'view.{view}', code)}: {_words(f'col.{name}', code)}")
            form = "0.0000%" if name == "irr" else MONEY
            _formula(sheet, row, 2, f"=Results!{column}{at}", form)
            value = 0.0 if name == "pv_benefit" and silent else float(pd.to_numeric(plan[given]).loc[view])
            if math.isnan(value):
                put(sheet, row, 3, _words("no_rate", code))
                _formula(sheet, row, 5, f'=IF({unchanged},IF(B{row}=C{row},"{yes}","{no}"),"{changed}")')
            else:
                sheet.cell(row, 3, value=value).number_format = form
                _formula(sheet, row, 4, f"=B{row}-C{row}", "0.000000")
                most = 1e-7 if name == "irr" else TOLERANCE
                _formula(sheet, row, 5, f'=IF({unchanged},IF(ABS(D{row})<{most!r},"{yes}","{no}"),"{changed}")')
            row += 1
