# SPDX-License-Identifier: Apache-2.0
"""The page's section on finance: what comes back, who pays, and, apart, households' own money."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.drawing.charts import interval_dots
from homeground.brief.page.content import Figure, Section, Table
from homeground.brief.sections.beside.said import beside_worth
from homeground.brief.sections.tables import by_country, country_head
from homeground.language.figures import write_number
from homeground.language.messages import phrase, write_range
from homeground.language.wording import named, unit_name
from homeground.numbers.fact import Amount
from homeground.running.tables import (
    FINANCE_AGAINST,
    FINANCE_APPRAISAL,
    FINANCE_HOUSEHOLD,
    FINANCE_PUBLISHED,
    FINANCE_SOURCES,
    FINANCE_UPKEEP,
)

if TYPE_CHECKING:
    import pandas as pd

MILLION = 1e6
ENDS = ("", "_low", "_high")
DRAWN = {"low": "p05", "high": "p95"}
LINES = {"net": "npv_usd", "paid": "cost_usd"}
WHOSE = ("published", "ours")
NOT_SAID = "not said"  # payer of a table of upkeep that nobody is named in


def section(results: Path, finding: str, code: str) -> Section:
    """Worth at several rates in both views, sources of money, and private household money apart from them."""
    import pandas as pd

    title = phrase("section.finance.title", code)
    appraisal = pd.read_parquet(results / FINANCE_APPRAISAL)
    own = household(pd.read_parquet(results / FINANCE_HOUSEHOLD), code)
    if appraisal.empty:
        return Section("finance", title, finding, tables=own)
    plan = appraisal[appraisal["scope"] == "plan"]
    market, with_carbon = (plan[plan["view"] == view] for view in ("financial", "economic"))
    return Section(
        "finance",
        title,
        finding,
        body=(
            *(phrase(f"section.finance.{said}", code) for said in ("views", "ranges", "own_money")),
            *(phrase(said.message, code, **said.words) for said in beside_worth(results, code)),
        ),
        charts=charts(plan, code),
        tables=(
            _lines(market, _upkeep(results, code), code),
            _rates(market, "worth", code),
            _rates(with_carbon, "shadow", code),
            *(_against(results, code) or _published(results, code)),
            _sources(results, code),
            *own,
        ),
    )


def _percent(rate: float, decimals: int, code: str) -> str:
    return phrase("section.finance.percent", code, n=write_number(100 * rate, decimals, code))


def _rate(rate: float, code: str) -> str:
    """A discount rate with no more decimals than it has."""
    return _percent(rate, len(f"{100 * rate:g}".partition(".")[2]), code)


def charts(plan: pd.DataFrame, code: str) -> tuple[Figure, ...]:
    """What a dollar brings back; no chart where no benefit of the plan could be valued."""
    rows = plan[plan["view"] == "financial"].dropna(subset=["bcr"])
    if rows.empty:
        return ()
    frame = _with_ends(rows.assign(label=[_rate(rate, code) for rate in rows["rate"]]), "bcr")
    title = phrase("section.finance.return", code)
    svg = interval_dots(
        frame, label="label", value="bcr", low="bcr_ends_low", high="bcr_ends_high", unit=unit_name("USD per USD", code),
        decimals=2, language=code, describe=title,
    )  # fmt: skip
    years = phrase("unit.years", code, n=int(plan["horizon"].iloc[0]))
    figure = Figure(
        svg,
        title,
        phrase("section.finance.return_shows", code),
        years,
        phrase("section.finance.return_source", code),
        "modelled",
        phrase("section.finance.return_licence", code),
        note=phrase("section.finance.return_note", code),
    )
    return (figure,)


def _lines(plan: pd.DataFrame, upkeep: list[dict[str, Any]], code: str) -> Table:
    """What land users gain and what each kind of cost comes to at the study's rate; money of markets only."""
    import pandas as pd

    row = plan[plan["study_rate"]].iloc[0]
    rows = []
    for line, sign in (("benefit", 1), ("paid", -1), ("season", -1), ("forgone", -1), ("net", 1)):
        apart = {end: row[f"season_usd{end}"] + row[f"forgone_usd{end}"] for end in ENDS}
        amounts = {end: row[f"{LINES.get(line, line + '_usd')}{end}"] for end in ENDS}
        if line == "paid":
            amounts = {end: row[f"cost_usd{end}"] - (0 if apart[end] != apart[end] else apart[end]) for end in ENDS}
        ends = sorted((sign * amounts["_low"], sign * amounts["_high"]))
        rows.append({"line": phrase(f"section.finance.line.{line}", code), "amount": sign * amounts[""] / MILLION})
        rows[-1] |= {"amount_low": ends[0] / MILLION, "amount_high": ends[1] / MILLION}
    rows[2:2] = upkeep  # beneath what it is a part of
    heads = {name: phrase(f"column.finance.{name}", code) for name in ("line", "amount")}
    note = phrase("section.finance.lines_note", code, rate=_rate(row["rate"], code), year=str(int(row["price_year"])))
    title, units = phrase("section.finance.lines", code), {"amount": unit_name("million USD", code)}
    return Table(title, pd.DataFrame(rows), heads, units, note)


def _with_ends(plan: pd.DataFrame, name: str) -> pd.DataFrame:
    """The ends of nine of ten draws; where costs are so skewed that these lie to one side of the middle value, the envelope."""
    inside = plan[name].between(plan[f"{name}_p05"], plan[f"{name}_p95"]) | (f"{name}_low" not in plan)
    ends = {
        end: plan[f"{name}_{drawn}"].where(inside, plan.get(f"{name}_{end}", float("nan")))
        for end, drawn in DRAWN.items()
    }
    return plan.assign(**{f"{name}_ends_{end}": values for end, values in ends.items()})


def _rates(plan: pd.DataFrame, said: str, code: str) -> Table:
    shown = ("rate", "worth", "ratio", "irr", "payback") if said == "worth" else ("rate", "worth", "ratio")
    plan = _with_ends(_with_ends(plan, "npv_usd"), "bcr")
    worth = dict(zip(ENDS, ("npv_usd", "npv_usd_ends_low", "npv_usd_ends_high"), strict=True))
    ratio = dict(zip(ENDS, ("bcr", "bcr_ends_low", "bcr_ends_high"), strict=True))
    frame = plan.assign(
        rate=[_rate(rate, code) for rate in plan["rate"]],
        irr=[_internal(rate, why, code) for rate, why in zip(plan["irr"], plan["irr_reason"], strict=True)],
        payback=[_years(years, code) for years in plan["payback_years"]],
        **{f"worth{end}": plan[name] / MILLION for end, name in worth.items()},
        **{f"ratio{end}": plan[name] for end, name in ratio.items()},
    ).reset_index(drop=True)
    heads = {name: phrase(f"column.finance.{name}", code) for name in shown}
    note = phrase(f"section.finance.{said}_note", code, year=str(int(plan["price_year"].iloc[0])))
    title, units = phrase(f"section.finance.{said}", code), {"worth": unit_name("million USD", code)}
    return Table(title, frame, heads, units, note)


def _internal(rate: float, why: str, code: str) -> str:
    """An internal rate, or why there is none; numbers inside the reason are left out."""
    if rate == rate:  # noqa: PLR0124 (NaN is not itself)
        return _percent(rate, 1, code)
    return named("irr", re.sub(r"[-\d.]*\d", "", str(why)) or "none", code)


def _years(years: float, code: str) -> str:
    if years == years:  # noqa: PLR0124
        return phrase("unit.years", code, n=round(years))
    return phrase("section.finance.never", code)


def _sources(results: Path, code: str) -> Table:
    import pandas as pd

    rows = pd.read_parquet(results / FINANCE_SOURCES)
    frame = rows.assign(
        amount=rows["amount"] / MILLION,
        who=[named("place", who, code) if who else "" for who in rows["who"]],
        counted=rows["counted"].map({True: phrase("page.yes", code), False: phrase("page.no", code)}),
        source=[named("source.finance", source, code) for source in rows["source"]],
        **{"class": [named("money", name, code) for name in rows["class"]]},
        status=[named("money", name, code) for name in rows["status"]],
    )
    names = ("class", "who", "status", "counted", "amount", "currency", "source")
    heads = {name: phrase(f"column.finance.{name}", code) for name in names}
    note = phrase("section.finance.sources_note", code)
    title, units = phrase("section.finance.sources", code), {"amount": unit_name("million", code)}
    return Table(title, frame, heads, units, note)


def _published(results: Path, code: str) -> tuple[Table, ...]:
    import pandas as pd

    rows = pd.read_parquet(results / FINANCE_PUBLISHED)
    if rows.empty:
        return ()
    frame = rows.assign(
        place=[named("place", place, code) for place in rows["place"]],
        indicator=[named("indicator", name, code) for name in rows["indicator"]],
        unit=[unit_name(unit, code) for unit in rows["unit"]],
        value_low=rows["low"],
        value_high=rows["high"],
    )
    heads = {name: phrase(f"column.finance.{name}", code) for name in ("place", "indicator", "value", "unit", "source")}
    note = phrase("section.finance.published_note", code)
    return (Table(phrase("section.finance.published", code), frame, heads, {}, note),)


def _against(results: Path, code: str) -> tuple[Table, ...]:
    """The published return line by line beside ours, with what makes each line differ."""
    import pandas as pd

    rows = pd.read_parquet(results / FINANCE_AGAINST)
    if rows.empty:
        return ()
    records = rows.to_dict("records")
    frame = rows.assign(
        line=[phrase(f"against.line.{line}", code) for line in rows["line"]],
        why=[phrase(f"against.why.{line}", code) for line in rows["why"]],
        unit=[unit_name(unit, code) for unit in rows["unit"]],
        **{what: [_told({str(k): v for k, v in row.items()}, what, code) for row in records] for what in WHOSE},
    )[["line", *WHOSE, "unit", "why"]]
    heads = {name: phrase(f"column.finance.{name}", code) for name in ("line", "published", "ours", "unit", "why")}
    return (
        Table(
            phrase("section.finance.against", code),
            frame,
            heads,
            {},
            phrase("section.finance.against_note", code, source=str(rows["source"].iloc[0])),
        ),
    )


def _told(row: dict[str, Any], what: str, code: str) -> str:
    """A figure of one line with its ends, in the digits of its unit; lines are of unlike units."""
    low, value, high = (float(row[f"{what}{end}"]) for end in ("_low", "", "_high"))
    if value != value:  # noqa: PLR0124 (NaN is not itself)
        return phrase("section.finance.none", code)
    if row["line"] == "non_market":
        return phrase("page.yes" if value else "page.no", code)
    decimals = 2 if row["unit"] == "USD/USD" else 0
    middle = write_number(value, decimals, code)
    if not low < high:  # also false where an end is missing
        return middle
    return phrase("section.finance.ends", code, value=middle, range=write_range(low, high, decimals, code))


def _upkeep(results: Path, code: str) -> list[dict[str, Any]]:
    """Upkeep of all years after the plan, in present value, with who pays it: a part of what is paid, and no sum of its own."""
    import pandas as pd

    rows = pd.read_parquet(results / FINANCE_UPKEEP)
    if rows.empty:
        return []
    payer = str(rows["payer"].iloc[0])
    who = phrase("section.finance.nobody", code) if payer == NOT_SAID else payer
    line = phrase("section.finance.line.after", code, first=str(int(rows["year"].iloc[0])), payer=who)
    amounts = sorted(-float(rows[f"present_usd{end}"].sum()) / MILLION for end in ("_low", "_high"))
    middle = -float(rows["present_usd"].sum()) / MILLION
    return [{"line": line, "amount": middle, "amount_low": amounts[0], "amount_high": amounts[1]}]


def household(rows: pd.DataFrame, code: str) -> tuple[Table, ...]:
    """The latest figure of each definition; what is committed stands in one sentence, for it is mostly nothing."""
    if rows.empty:
        return ()
    received = rows[rows["what"] != "committed"].sort_values("year")
    latest = received.drop_duplicates(["iso3", "what", "definition"], keep="last").sort_values(["iso3", "what"])
    frame = latest.assign(
        received=[_money(value, unit, code) for value, unit in zip(latest["value"], latest["unit"], strict=True)],
        definition=[named("definition", text, code) for text in latest["definition"]],
    )
    heads = country_head(code)
    heads |= {name: phrase(f"column.finance.{name}", code) for name in ("year", "received", "definition", "source")}
    committed = float(rows.loc[rows["what"] == "committed", "value"].sum())
    note = phrase("section.finance.household_note", code, committed=Amount(committed, "1"))
    return (Table(phrase("section.finance.household", code), by_country(frame, code), heads, {}, note),)


def _money(value: float, unit: str, code: str) -> str:
    return phrase("page.value_unit", code, value=write_number(value, 1, code), unit=unit_name(unit, code))
