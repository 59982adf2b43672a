# SPDX-License-Identifier: Apache-2.0
"""The finance stage: cash flow of the plan, its worth at several rates, who pays, and what each region bears."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.catalogue.regions import region_inputs
from homeground.errors import DataError
from homeground.numbers.units import large_number
from homeground.running.steps import Stage, Step, Work
from homeground.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

    from homeground.numbers.money import Money

NO_PLAN = "nothing is planned, so there is nothing to appraise"
# Pledges and returns of the Great Green Wall are shown beside the plan of a study with at least one of its countries.
GREAT_GREEN_WALL = ("BFA", "TCD", "DJI", "ERI", "ETH", "MLI", "MRT", "NER", "NGA", "SEN", "SDN")
APPRAISAL = ("finance_appraisal.parquet", "finance_published.parquet", "finance_sources.parquet")
REGION_COLUMNS = [f"{name}{end}" for name in ("cost_usd", "benefit_usd", "npv_usd") for end in ("", "_low", "_high")]


def _beside(*names: str, options: bool = False) -> Callable[[Study], dict[str, Path]]:
    """Tables that may lie beside the study file: values.csv (own prices and yields) and sources.csv (who pays)."""

    def find(study: Study) -> dict[str, Path]:
        found = {name: study.folder / name for name in names if (study.folder / name).is_file()}
        own = study.input("options") if options else None
        return found if own is None else found | {own.name: own}

    return find


def _appraisal_inputs(study: Study) -> dict[str, Path]:
    from homeground.catalogue import figures

    published = {f"figures {table}": figures.path(table) for table in ("cited_facts", "remittances")}
    return published | _beside("values.csv", "sources.csv", options=True)(study)


def _table(study: Study, name: str) -> pd.DataFrame | None:
    import pandas as pd

    path = study.folder / name
    if not path.is_file():
        return None
    try:
        return pd.read_csv(path, encoding="utf-8-sig", dtype={"note": "str", "source": "str", "licence": "str"})
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read {name} beside the study: {error}. Save it as CSV in UTF-8.") from error


def _values(study: Study) -> pd.DataFrame:
    """The shipped values, with the study's own rows in place of those they replace."""
    import pandas as pd

    from homeground.finance.valuation import read_values

    shipped, own = read_values(), _table(study, "values.csv")
    if own is None:
        return shipped
    missing = [name for name in ("parameter", "place") if name not in own.columns]
    if missing:
        raise DataError(f"values.csv beside the study lacks {', '.join(missing)}; place is a country code or general.")
    keys = [pd.MultiIndex.from_frame(table[["parameter", "place"]]) for table in (shipped, own)]
    kept = shipped[~keys[0].isin(keys[1])].astype(object)
    joined = pd.concat([kept, own.astype(object)], ignore_index=True)
    # A row that does not say how well it is known counts as unverified.
    joined["quality"] = pd.to_numeric(joined["quality"], errors="coerce").fillna(5)
    for name in ("low", "mid", "high", "price_year"):
        joined[name] = pd.to_numeric(joined[name], errors="coerce")
    return joined


def _options(study: Study) -> pd.DataFrame:
    import pandas as pd

    from homeground.measures.options import options
    from homeground.study.opening import read_table

    own = read_table(study, "options")
    return options(pd.DataFrame(own) if own else None)


def _cashflow(work: Work) -> None:
    import pandas as pd

    from homeground.finance.cashflow import cash_flow, split_by_cover

    allocation = pd.read_parquet(work.results / "plan.parquet")
    if allocation.empty:
        pd.DataFrame().to_parquet(work.out / "cashflow.parquet")
        reason = json.loads((work.results / "plan.json").read_text(encoding="utf-8")).get("reason", "")
        work.warn(f"No cash flow: {reason or NO_PLAN}.")
        return
    schedule = pd.read_parquet(work.results / "plan_schedule.parquet")
    first, last = int(schedule["year"].min()), int(schedule["year"].max())
    flows = cash_flow(
        split_by_cover(schedule, allocation),
        _options(work.study),
        _values(work.study),
        horizon=work.study.finance.horizon,
        first_year=first,
    )
    flows.to_parquet(work.out / "cashflow.parquet")
    end = int(flows["year"].max())
    after = float(flows.loc[flows["year"] > last, "upkeep_usd"].sum())
    work.warn(
        f"Upkeep goes on to {end}; of it {large_number(after)} USD fall after {last}, when the plan's budget ends, "
        "and nobody is named who pays them."
    )
    work.warn(
        f"Land started late has fewer years to pay back: all is looked at until {end}. Benefits are priced by land "
        "cover; coarse maps hide small fields in grassland, where only forage is counted."
    )
    _warn_of_labour(work, flows)


def _warn_of_labour(work: Work, flows: pd.DataFrame) -> None:
    """Say where costs cannot hold the land users' own work: the wage of the person-days is above the whole cost."""
    sums = flows.groupby("measure")[["establishment_usd", "upkeep_usd", "labour_usd"]].sum()
    short = sums.index[sums["labour_usd"] > sums["establishment_usd"] + sums["upkeep_usd"]]
    if len(short):
        work.warn(
            f"For {', '.join(name.replace('_', ' ') for name in short)} the person-days at the wage cost more than the "
            "whole measure: its costs leave out land users' own work, so its worth is overstated."
        )


def _appraisal(work: Work) -> None:
    import pandas as pd

    from homeground.finance.appraisal import RATES, appraise

    _household(work)
    flows = pd.read_parquet(work.results / "cashflow.parquet")
    if flows.empty:
        for name in APPRAISAL:
            pd.DataFrame().to_parquet(work.out / name)
        return
    study = work.study
    rate = study.finance.discount_rate
    table = appraise(flows, _values(study), rates=sorted({*RATES, rate}))
    table = table.merge(_draws(work, sorted({*RATES, rate})), on=["scope", "view", "rate"], validate="one_to_one")
    table["study_rate"] = table["rate"] == rate
    table["horizon"] = study.finance.horizon
    table.to_parquet(work.out / "finance_appraisal.parquet")
    _published(work).to_parquet(work.out / "finance_published.parquet")
    _sources(work, table).to_parquet(work.out / "finance_sources.parquet")
    work.warn(
        "Low and high take all factors at their worse or better end at once; p05 and p95 enclose nine of ten draws from "
        "the same ranges. Neither is surer than the ranges, most of which nobody has verified."
    )
    notes = table.loc[table["scope"] == "plan", "note"].iloc[0]
    if notes:
        for measure in flows["measure"].unique():
            notes = notes.replace(measure, measure.replace("_", " "))
        work.warn(f"Benefits that could not be valued are absent, not zero. {notes}.")
    work.warn(
        "The shadow price of carbon stands in the economic view only; no carbon is sold unless the study says so."
    )


def _draws(work: Work, rates: list[float]) -> pd.DataFrame:
    import pandas as pd

    from homeground.finance.cashflow import split_by_cover
    from homeground.finance.draws import draw_returns

    schedule = pd.read_parquet(work.results / "plan_schedule.parquet")
    return draw_returns(
        split_by_cover(schedule, pd.read_parquet(work.results / "plan.parquet")),
        _options(work.study),
        _values(work.study),
        horizon=work.study.finance.horizon,
        first_year=int(schedule["year"].min()),
        rates=rates,
    )


def _published(work: Work) -> pd.DataFrame:
    """Published returns beside ours: other costs, benefits and horizons, so never mixed in."""
    from homeground.catalogue import figures

    seen = figures.load("cited_facts", indicator="return_per_usd")
    here = any(iso3 in GREAT_GREEN_WALL for iso3 in work.study.countries)
    out = seen if here else seen.iloc[:0]
    return out.assign(
        compare_with="economic view, bcr: market and non-market benefits by another model; a published figure, not ours"
    )


def _total_budget(study: Study) -> Money | None:
    from homeground.numbers.money import Money, parse_amount

    budget = study.plan.budget
    if budget is None:
        return None
    amount, currency = parse_amount(budget.amount)
    years = budget.years[1] - budget.years[0] + 1
    price_year = None if budget.price_year == "as published" else budget.price_year
    return Money(amount * (years if budget.per == "year" else 1), currency, price_year)


def _sources(work: Work, table: pd.DataFrame) -> pd.DataFrame:
    from homeground.catalogue import figures
    from homeground.finance.sources import source_stack

    budget = _total_budget(work.study)
    if budget is None:
        raise DataError("the results hold a plan and the study no budget. Run the measures stage again.")
    here = any(iso3 in GREAT_GREEN_WALL for iso3 in work.study.countries)
    pledges = figures.load("cited_facts", indicator="pledged") if here else None
    stack = source_stack(budget, _table(work.study, "sources.csv"), pledges=pledges)
    open_share = float(stack.loc[stack["class"] == "not committed", "share"].iloc[0])
    work.warn(
        f"Of the budget {100 * open_share:.0f} % is not known to be committed by anybody. Pledges are listed and not "
        "counted; name commitments in sources.csv beside the study."
    )
    if budget.price_year is None:
        work.warn(f"The budget is taken as published; costs and benefits are in USD of {table['price_year'].iloc[0]}.")
    return stack


def _household(work: Work) -> None:
    import pandas as pd

    from homeground.catalogue import figures
    from homeground.finance.sources import household_money

    wanted = ["remittances_received", "remittances_received_share"]
    seen = [figures.load(name, iso3=work.study.countries, indicator=wanted) for name in ("remittances", "cited_facts")]
    table = household_money(pd.concat(seen, ignore_index=True), _table(work.study, "sources.csv"))
    table.to_parquet(work.out / "finance_household.parquet")
    unseen = [iso3 for iso3 in work.study.countries if iso3 not in set(table["iso3"])]
    if unseen:
        work.warn(f"No published figure of remittances lies here for {', '.join(unseen)}: not known, not zero.")
    work.warn(
        "Remittances are private household money: shown apart, counted for land only where committed by contract or "
        "consent, never as public, climate or ODA finance."
    )


def _regions(work: Work) -> None:
    import pandas as pd

    from homeground.catalogue.regions import regions_of
    from homeground.finance.regional import share_by_region

    regions = regions_of(work.study)
    flows = pd.read_parquet(work.results / "cashflow.parquet")
    table = regions[["region_id"]].copy()
    (work.out / "regions").mkdir()
    if flows.empty:
        for name in (*REGION_COLUMNS, "benefit_cover"):
            table[f"finance_{name}"] = pd.Series(float("nan"), index=table.index, dtype="float64")
    else:
        allocation = pd.read_parquet(work.results / "plan.parquet")
        shared = share_by_region(flows, allocation, rate=work.study.finance.discount_rate)
        out = shared.reindex(regions["region_id"])
        # A region that the plan leaves out costs and gains nothing; NaN is kept for benefits that cannot be valued.
        out.loc[~out.index.isin(shared.index), REGION_COLUMNS] = 0.0
        for name in (*REGION_COLUMNS, "benefit_cover"):
            table[f"finance_{name}"] = out[name].to_numpy(float)
    table.to_parquet(work.out / "regions" / "finance.parquet")


def _finding(results: Path) -> str:
    import pandas as pd

    table = pd.read_parquet(results / "finance_appraisal.parquet")
    if table.empty:
        reason = json.loads((results / "plan.json").read_text(encoding="utf-8")).get("reason", "")
        return f"No appraisal: {reason or NO_PLAN}."
    row: Any = table[(table["scope"] == "plan") & (table["view"] == "financial") & table["study_rate"]].iloc[0]
    cost, low, high = (large_number(row[f"cost_usd{end}"]) for end in ("", "_low", "_high"))
    text = (
        f"At {100 * row['rate']:g} % over {row['horizon']} years the plan costs {cost} USD ({low} to {high}) of "
        f"{row['price_year']} in present value; "
    )
    if pd.isna(row["bcr"]):
        return f"{text}none of its farm benefits can be valued."
    return (
        f"{text}farm benefits, valued for {100 * row['benefit_cover']:.0f} % of it, return {row['bcr_p05']:.1f} to {row['bcr_p95']:.1f} per USD in nine of "
        f"ten draws (middle values: {row['bcr']:.1f}); {100 * row['unverified_benefit']:.0f} % of them rest on unverified defaults."
    )


STAGE = Stage(
    "finance",
    (
        Step(
            "cashflow",
            _cashflow,
            ("cashflow.parquet",),
            settings=("finance.horizon",),
            needs=("measures.plan",),
            inputs=_beside("values.csv", options=True),
        ),
        Step(
            "appraisal",
            _appraisal,
            (*APPRAISAL, "finance_household.parquet"),
            settings=("countries", "finance.discount_rate", "finance.horizon", "plan.budget"),
            needs=("measures.plan", "finance.cashflow"),
            inputs=_appraisal_inputs,
        ),
        Step(
            "regions",
            _regions,
            ("regions/finance.parquet",),
            settings=("countries", "regions", "finance.discount_rate"),
            needs=("measures.plan", "finance.cashflow"),
            inputs=region_inputs,
        ),
    ),
    _finding,
)
