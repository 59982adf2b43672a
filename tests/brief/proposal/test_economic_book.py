# SPDX-License-Identifier: Apache-2.0
"""The economic annex recomputes the run to the cent: its formulas are computed here, not read from what was stored."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from homeground.brief.proposal.economic_book import CHECKED, Appraised, economic_book
from homeground.brief.workbook.cells import save_workbook
from homeground.errors import DataError
from homeground.finance import read_values
from homeground.finance.valuation import carbon_price

HERE = Path(__file__).parent


def _beside(name):
    """A module that lies beside this test."""
    spec = importlib.util.spec_from_file_location(f"proposal_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Book, made = _beside("evaluator").Book, _beside("conftest")


def appraised(flows, table=None):
    prices = {int(y): float(carbon_price(int(y), read_values()).mid) for y in flows["year"].unique()}
    return Appraised(flows, prices, made.appraisal_of(flows) if table is None else table, "Made")


@pytest.fixture
def run():
    return appraised(made.flows_of())


def test_the_file_computes_what_the_run_found(run, tmp_path):
    path = save_workbook(economic_book(run, "en"), tmp_path / "annex.xlsx")
    book = Book(load_workbook(path))
    rows = [[book.cell("Check", row, column) for column in range(1, 6)] for row in range(2, 2 + CHECKED)]
    assert [row[4] for row in rows] == ["agrees"] * CHECKED
    for row in rows:
        if not isinstance(row[2], str):
            assert row[1] == pytest.approx(row[2], abs=0.004)


def test_the_rows_of_all_rates_agree_with_npv_of_the_flows(run):
    book = Book(economic_book(run, "en"))
    flows = run.flows.groupby("year").sum(numeric_only=True)
    cost = flows[["establishment_usd", "upkeep_usd", "season_usd", "forgone_usd"]].sum(axis=1)
    prices = np.array([run.carbon_prices[int(y)] for y in flows.index])
    net = (flows["benefit_usd"] + flows["carbon_t_co2e"] * prices - cost).to_numpy(float)
    economic = 2 + 1 + len(made.RATES)  # first row of the second view
    for row, rate in enumerate((0.06, *made.RATES), start=economic):
        by_hand = sum(value / (1 + rate) ** t for t, value in enumerate(net))
        assert book.cell("Results", row, 5) == pytest.approx(by_hand, abs=0.005)
    rate = book.cell("Results", economic, 7)
    assert sum(value / (1 + rate) ** t for t, value in enumerate(net)) == pytest.approx(0.0, abs=1e-4)


def test_measures_add_up_to_the_plan(run):
    book = Book(economic_book(run, "en"))
    assert book.cell("Measures", 2, 2) == pytest.approx(book.cell("Results", 2, 3), abs=0.005)
    assert book.cell("Measures", 2, 5) == pytest.approx(book.cell("Results", 2, 5), abs=0.005)


def test_changing_a_setting_changes_the_result_and_says_so(run):
    made_book = economic_book(run, "en")
    before = Book(made_book)
    cost, gain = before.cell("Results", 2, 3), before.cell("Results", 2, 4)
    made_book["Settings"]["B5"] = 1.2  # all costs
    after = Book(made_book)
    assert after.cell("Results", 2, 5) == pytest.approx(gain - 1.2 * cost, abs=0.005)
    assert after.cell("Check", 2, 5) == "settings changed: no comparison"


def test_a_changed_cell_of_the_data_is_found_to_differ(run):
    made_book = economic_book(run, "en")
    made_book["Data"]["E2"] = made_book["Data"]["E2"].value + 1000  # establishment of the first year: not discounted
    book = Book(made_book)
    assert book.cell("Check", 2, 5) == "differs"
    assert book.cell("Check", 2, 4) == pytest.approx(1000, abs=1e-6)


def test_land_that_earns_nothing_has_no_rate(run):
    flows = run.flows.assign(benefit_usd=0.0, benefit_usd_low=0.0, benefit_usd_high=0.0, carbon_t_co2e=0.0,
                             carbon_t_co2e_low=0.0, carbon_t_co2e_high=0.0)  # fmt: skip
    book = Book(economic_book(appraised(flows), "fr"))
    assert book.cell("Results", 2, 7) == "aucun taux"
    assert [book.cell("Check", row, 5) for row in range(2, 2 + CHECKED)] == ["concorde"] * CHECKED


def test_what_cannot_be_appraised_is_refused(run):
    with pytest.raises(DataError, match="no flows"):
        economic_book(Appraised(run.flows.iloc[:0], run.carbon_prices, run.table, "x"), "en")
    with pytest.raises(DataError, match="price of carbon for 2030"):
        economic_book(
            Appraised(run.flows, {y: p for y, p in run.carbon_prices.items() if y != 2030}, run.table, "x"), "en"
        )
    with pytest.raises(DataError, match="discount rate of the study"):
        economic_book(Appraised(run.flows, run.carbon_prices, run.table.assign(study_rate=False), "x"), "en")


def test_the_evaluator_itself_knows_published_values():
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Flows"
    for row, value in enumerate([-70000, 12000, 15000, 18000, 21000, 26000], start=1):
        sheet.cell(row, 1, value=value)
    sheet["C1"] = "=IRR(Flows!$A$1:$A$6)"
    sheet["C2"] = '=IFERROR(IRR(Flows!$A$2:$A$6),"none")'
    assert Book(book).value("Flows", "C1") == pytest.approx(0.0866309, abs=1e-6)  # Microsoft's example of IRR: 8.7 %
    assert Book(book).value("Flows", "C2") == "none"
