# SPDX-License-Identifier: Apache-2.0
"""A trust fund, and what diaspora money could carry: in the terminal and as files."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd

from homeground.brief.money.diaspora_sheet import Carried, diaspora_sheet
from homeground.brief.money.fund_sheet import fund_sheet
from homeground.brief.money.write import write_money_sheet
from homeground.catalogue import figures
from homeground.chain.folders import results_folder
from homeground.cli.console import json_text
from homeground.cli.finance.carried.sheet_text import show_sheet
from homeground.cli.finance.flows import flows_of
from homeground.cli.options import day_of
from homeground.errors import DataError
from homeground.finance.diaspora.carrying import carried, plan_beside
from homeground.finance.diaspora.hosts import host_gates
from homeground.finance.diaspora.ways import ways_to_carry
from homeground.finance.flows.plan_years import plan_years
from homeground.finance.protection.reading import checklist
from homeground.finance.protection.signing import read_signatures
from homeground.finance.remittances.corridors import corridor_matrix
from homeground.finance.remittances.summary import national_totals, remittance_summary
from homeground.finance.sources import household_money
from homeground.finance.steps.given import sources_of
from homeground.finance.trust_fund.books import balance_gap, fund_books
from homeground.finance.trust_fund.summary import fund_layers, fund_ratios
from homeground.finance.trust_fund.terms import TABLE, fund_terms
from homeground.running.tables import FINANCE_VALUES
from homeground.running.writing import writes_to
from homeground.study.model import Study


def show_trust_fund(
    study: Study, *, default: float | None, to: Path | None, on: str | None, root: Path, as_json: bool
) -> None:
    """Print the fund's books, or write them."""
    day, terms = day_of(on), fund_terms(study)
    if terms is None:
        raise DataError(
            f"{study.id} declares no trust fund. Put {TABLE} beside its study.toml; "
            f"an empty one to fill in: homeground template trust_fund"
        )
    flows = flows_of(study, root)
    fund = fund_books(flows, terms, default=default)
    layers, ratios = fund_layers(fund, flows), fund_ratios(fund)
    sheet = fund_sheet(study, fund, layers, ratios, study.language, day=day)
    written: list[Path] = []
    if to is not None:
        with writes_to(to, "the sheet"):
            tables = {
                "years": fund.by_date,
                "parts": layers,
                "payments": _payments(fund.paid.payments, fund.plan.first),
            }
            written = write_money_sheet(sheet, tables, f"trust-fund-{study.id}", to)
    if as_json:
        content: dict[str, Any] = {
            "currency": fund.currency, "size": fund.size, "paid_in": fund.paid_in, "balance_gap": balance_gap(fund.by_date),
            "ratios": {name: None if math.isnan(value) else value for name, value in ratios.items()},
            "parts": _records(layers), "years": _records(fund.by_date.astype({"date": str})),
            "unverified": list(terms.unverified), "written": [str(path) for path in written],
        }  # fmt: skip
        print(json_text(content, indent=1))
        return
    show_sheet(sheet)
    print("\n".join(f"wrote {path}" for path in written))


def show_diaspora(
    study: Study,
    instrument: str,
    signed: Path | None,
    *,
    shares: dict[str, float | None],
    to: Path | None,
    on: str | None,
    root: Path,
    as_json: bool,
) -> None:
    """Print what diaspora money could carry, or write it."""
    day = day_of(on)
    checklist(instrument)  # an unknown instrument is told before anything is worked out
    flows = flows_of(study, root)
    own = household_money(figures.load("remittances", iso3=study.countries), sources_of(study))
    used = {name: shares[name] for name in ("uptake", "rural", "default")}
    summary = remittance_summary(study.countries, committed=own, **used)
    plan, beside, corridors = plan_years(flows), plan_beside(flows, summary), corridor_matrix(study.countries)
    values = results_folder(study, root) / FINANCE_VALUES
    found = Carried(
        summary=summary,
        beside=beside,
        rates=carried(flows, beside["investable"] * plan.years, default=shares["default"]),
        ways=ways_to_carry(default=shares["default"]),
        gates=host_gates(
            corridors,
            instrument,
            signed=() if signed is None else read_signatures(signed, on=day),
            on=day,
            own=study.countries,
        ),
        values=pd.read_parquet(values) if values.is_file() else pd.DataFrame(),
        instrument=instrument,
        years=plan.years,
        price_year=plan.price_year,
        corridors=corridors,
        totals=national_totals(study.countries),
    )
    sheet = diaspora_sheet(study, found, study.language, day=day)
    written: list[Path] = []
    if to is not None:
        with writes_to(to, "the sheet"):
            tables = {"countries": summary, "returns": found.rates, "instruments": found.ways, "hosts": found.gates}
            written = write_money_sheet(sheet, tables, f"diaspora-{study.id}", to)
    if as_json:
        content: dict[str, Any] = {
            "is": "households' own private money: no public, climate or ODA finance; a possibility, no promise",
            "beside_plan": beside, "countries": _records(summary), "returns": _records(found.rates),
            "instruments": _records(found.ways), "hosts": _records(found.gates), "written": [str(path) for path in written],
        }  # fmt: skip
        print(json_text(content, indent=1))
        return
    show_sheet(sheet)
    print("\n".join(f"wrote {path}" for path in written))


def _payments(table: pd.DataFrame, first: int) -> pd.DataFrame:
    """Payments of each part with the day on which they are made."""
    return table.assign(date=[f"{first + period - 1}-12-31" for period in table["period"]]).drop(columns="period")


def _records(table: pd.DataFrame) -> Any:
    return json.loads(table.to_json(orient="records"))
