# SPDX-License-Identifier: Apache-2.0
"""Remittances and instruments in the terminal."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from homeground.brief.money.diaspora_tables import bound_elsewhere
from homeground.catalogue import figures
from homeground.catalogue.atlas import country_names
from homeground.cli.answer import number, numbers, spans, word
from homeground.cli.console import json_text
from homeground.errors import DataError, Problems
from homeground.finance.instruments.ledger import PARTIES, by_party
from homeground.finance.instruments.presets import preset_flows, presets, published_outcomes
from homeground.finance.remittances.corridors import corridor_matrix, corridor_shock
from homeground.finance.remittances.given import assumptions, range_of
from homeground.finance.remittances.investable import two_definitions
from homeground.finance.remittances.summary import national_totals, remittance_summary
from homeground.finance.sources import household_money
from homeground.finance.steps.given import sources_of
from homeground.language.figures import listed
from homeground.language.languages import language
from homeground.language.layout import blocks, fill, heading
from homeground.language.messages import needs, phrase
from homeground.study.model import Study

SENDERS = 3  # largest ones shown of each country


def show_remittances(
    study: Study, *, falls: list[str], uptake: float | None, rural: float | None, as_json: bool
) -> None:
    """Print what the countries of a study receive, what sending costs, what could be invested, and the risk."""
    seen = figures.load("remittances", iso3=study.countries)
    own = household_money(seen, sources_of(study))
    summary = remittance_summary(study.countries, rural=rural, uptake=uptake, committed=own)
    corridors = corridor_matrix(study.countries)
    both, totals = two_definitions(seen), national_totals(study.countries)
    shock = corridor_shock(corridors, _falls(falls)) if falls else None
    if as_json:
        used = {"rural": range_of("rural", rural), "uptake": range_of("uptake", uptake)}
        content: dict[str, Any] = {
            "summary": _records(summary), "corridors": _records(corridors), "definitions": _records(both), "totals": _records(totals),
            "shock": [] if shock is None else _records(shock), "assumptions": _records(assumptions()), "used": used,
            "is": "households' own private money: no public, climate or ODA finance",
        }  # fmt: skip
        print(json_text(content, indent=1))
        return
    code, names = study.language, country_names(study.language)
    print(fill(phrase("finance.remittances.own_money", code)) + "\n")
    _print_summary(summary, code, names)
    _print_corridors(corridors, code, names)
    _print_totals(totals, code, names)
    _print_definitions(both, code, names)
    if shock is not None:
        _print_shock(shock, str(corridors["year"].iloc[0]), code, names)
    if "XKX" in study.countries:
        print(fill(phrase("page.note.kosovo", code, standard="3166")) + "\n")
    uses = {name: _percent(range_of(name, own_one), code) for name, own_one in (("rural", rural), ("uptake", uptake))}
    uses["left"] = _percent(range_of("left_over"), code)
    print(fill(phrase("finance.remittances.shares", code, **uses)))
    print(fill(phrase("finance.remittances.mind", code)) + "\n")


def show_instruments(code: str, *, as_json: bool) -> None:
    """Print every instrument that was tried, its place and what became of it."""
    code = language(code).code
    table = presets()
    names = list(dict.fromkeys(table["preset"]))
    if as_json:
        said = [{"preset": name, "became": _became(name, "en")} for name in names]
        outcomes = [one._asdict() for one in published_outcomes()]
        print(json_text({"parameters": _records(table), "became": said, "outcomes": outcomes}, indent=1))
        return
    print(fill(phrase("finance.instruments.title", code)) + "\n")
    for name in names:
        kind = table.loc[table["preset"] == name, "instrument"].iloc[0]
        print(f"{name}: {phrase(f'finance.instrument.{kind}', code)}")
        print(fill(_became(name, code), first="  ", rest="  "))
    print("\n" + fill(phrase("finance.instruments.mind", code)) + "\n")


def show_instrument(name: str, code: str, *, as_json: bool) -> None:
    """Print published terms of one instrument and the dated cash flow of each party."""
    code = language(code).code
    rows, flows = presets(name), preset_flows(name)
    parties = None if flows is None else by_party(flows)
    became = _became(name, "en" if as_json else code)
    if as_json:
        content = {"parameters": _records(rows), "became": became}
        content["payments"] = [] if flows is None else _records(flows.astype({"date": str}))
        content["by_party"] = [] if parties is None else _records(parties.reset_index().astype({"date": str}))
        print(json_text(content, indent=1))
        return
    print(_title(name, rows, code))
    print(fill(became) + "\n")
    for row in rows.to_dict("records"):
        value = number(float(row["value"]), _digits(float(row["value"])), code)
        year = f", {row['year']}" if row["year"] else ""
        what, unit = word("finance.parameter", row["parameter"], code), word("finance.unit", row["unit"], code)
        print(fill(f"{what}: {value} {unit}{year} ({row['source']})", first="  ", rest="    "))
    if parties is None or flows is None:
        print("\n" + fill(phrase("finance.instruments.no_flows", code)) + "\n")
        return
    print("\n" + fill(phrase("finance.instruments.flows", code, currency=str(flows["currency"].iloc[0]))) + "\n")
    decimals = max(_digits(x) for x in flows["amount"])
    held = [party for party in PARTIES if (parties[party] != 0).any()]
    columns = [
        (
            heading(word("finance.party", party, code)),
            numbers(parties[party], decimals, code),
        )
        for party in held
    ]
    print("\n".join(blocks([str(day) for day in parties.index], columns)))


def _title(name: str, rows: pd.DataFrame, code: str) -> str:
    return f"{name}: {phrase('finance.instrument.' + rows['instrument'].iloc[0], code)}"


def _print_summary(table: pd.DataFrame, code: str, names: dict[str, str]) -> None:
    print(fill(phrase("finance.remittances.title", code)) + "\n")
    columns = [
        (heading(phrase("finance.remittances.year", code)), [str(x) if pd.notna(x) else "" for x in table["year"]]),
        (heading(phrase("finance.remittances.received", code)), numbers(table["received"], 0, code)),
        (heading(phrase("finance.remittances.cost", code)), numbers(100 * table["cost"], 1, code)),
        (
            heading(phrase("finance.remittances.pool", code, target=number(100 * range_of("target_cost")[1], 0, code))),
            numbers(table["pool"], 0, code),
        ),
        (heading(phrase("finance.remittances.investable", code)), numbers(table["investable"], 1, code)),
        (
            [phrase("terminal.low_to_high", code)],
            spans(table["investable_low"], table["investable_high"], 1, code),
        ),
        (heading(phrase("finance.remittances.consumption", code)), numbers(table["consumption_lost_high"], 1, code)),
        (heading(phrase("finance.remittances.loss", code)), numbers(table["expected_loss"], 1, code)),
        (
            [phrase("terminal.low_to_high", code)],
            spans(table["expected_loss_low"], table["expected_loss_high"], 1, code),
        ),
        (heading(phrase("finance.remittances.committed", code)), numbers(table["committed"], 1, code)),
    ]
    places = [names.get(iso3, iso3) for iso3 in table["iso3"]]
    print("\n".join(blocks(places, columns, ends=phrase("terminal.low_to_high", code))))
    if elsewhere := bound_elsewhere(table, names, code):
        print(fill(phrase("finance.remittances.committed_other", code, sums=elsewhere)) + "\n")
    old = table[table["definition"] == "bilateral matrix"]
    if len(old):
        called = listed([names.get(iso3, iso3) for iso3 in old["iso3"]], code)
        year = str(old["year"].iloc[0])
        print(fill(phrase("finance.remittances.only_2017", code, countries=called, year=year)) + "\n")


def _print_corridors(table: pd.DataFrame, code: str, names: dict[str, str]) -> None:
    top = table.groupby("iso3", sort=False).head(SENDERS)
    if top.empty:
        return
    own, years = top["cost_of"] == "corridor", {"year": str(top["year"].iloc[0])}
    for name, part in (("price_year", top[own]), ("region_year", top[~own])):
        years[name] = str(part["cost_year"].iloc[0]) if len(part) else "-"
    print(fill(phrase("finance.remittances.corridors", code, **years)) + "\n")
    columns = [
        (heading(phrase("finance.remittances.flow", code)), numbers(top["flow"], 1, code)),
        (heading(phrase("finance.remittances.cost", code)), numbers(100 * top["cost"], 1, code)),
        (
            heading(phrase("finance.remittances.cost_of", code)),
            [word("finance.cost_of", str(x), code) for x in top["cost_of"]],
        ),
    ]
    pairs = zip(top["sender"], top["iso3"], strict=True)
    print("\n".join(blocks([f"{a} → {names.get(b, b)}" for a, b in pairs], columns)))


def _print_totals(table: pd.DataFrame, code: str, names: dict[str, str]) -> None:
    later = table[table["definition"] != "bilateral matrix"]
    if later.empty:
        return
    print(fill(phrase("finance.remittances.totals", code)) + "\n")
    columns = [
        (heading(phrase("finance.remittances.received", code)), numbers(later["value"], 0, code)),
        (heading(phrase("finance.remittances.unit", code)), [word("finance.unit", x, code) for x in later["unit"]]),
        (
            heading(phrase("finance.remittances.definition", code)),
            [word("finance.definition", x, code) for x in later["definition"]],
        ),
    ]
    pairs = zip(later["iso3"], later["year"], strict=True)
    print("\n".join(blocks([f"{names.get(iso3, iso3)} {year}" for iso3, year in pairs], columns)))


def _print_definitions(table: pd.DataFrame, code: str, names: dict[str, str]) -> None:
    known = table.dropna(subset="gap")
    if known.empty:
        return
    print(fill(phrase("finance.remittances.definitions", code)) + "\n")
    columns = [
        (heading(phrase(f"finance.remittances.{name}", code)), numbers(known[name], 1, code))
        for name in ("personal_transfers", "personal_remittances", "gap")
    ]
    columns.append(
        (
            heading(phrase("finance.remittances.unit", code)),
            [word("finance.unit", x, code) for x in known["personal_transfers_unit"]],
        )
    )
    pairs = zip(known["iso3"], known["year"], strict=True)
    print("\n".join(blocks([f"{names.get(iso3, iso3)} {year}" for iso3, year in pairs], columns)))


def _print_shock(table: pd.DataFrame, year: str, code: str, names: dict[str, str]) -> None:
    print(fill(phrase("finance.remittances.shock", code, year=year)) + "\n")
    columns = [
        (heading(phrase("finance.remittances.before", code)), numbers(table["before"], 0, code)),
        (heading(phrase("finance.remittances.after", code)), numbers(table["after"], 0, code)),
        (heading(phrase("finance.remittances.lost", code)), numbers(100 * table["lost_share"], 1, code)),
        (heading(phrase("finance.remittances.eaten", code)), numbers(table["consumption_lost"], 0, code)),
        (
            [phrase("terminal.low_to_high", code)],
            spans(table["consumption_lost_low"], table["consumption_lost_high"], 0, code),
        ),
    ]
    places = [names.get(iso3, iso3) for iso3 in table["iso3"]]
    print("\n".join(blocks(places, columns, ends=phrase("terminal.low_to_high", code))))


def _falls(words: list[str]) -> dict[str, float]:
    problems, found = Problems("--fall"), {}
    for one in words:
        sender, _, part = one.partition("=")
        try:
            found[sender.strip().upper()] = float(part)
        except ValueError:
            problems.add(f"{one!r}: a sending country and a fraction were expected, such as RUS=0.3.")
    problems.raise_if_any(DataError)
    return found


def _percent(ends: tuple[float, float, float], code: str) -> str:
    low, middle, high = (number(100 * x, 1, code) for x in ends)
    return middle if low == high else phrase("finance.remittances.percent", code, low=low, middle=middle, high=high)


def _digits(value: float) -> int:
    """Decimals that a published number was given with; cents at the most of sums above a thousand."""
    places = 2 if abs(value) >= 1000 else 5
    return len(f"{value:.{places}f}".rstrip("0").partition(".")[2])


def _became(name: str, code: str) -> str:
    """What became of an instrument, its numbers taken from the table of presets."""
    message, rows = f"finance.became.{name.replace('-', '_')}", presets(name)
    words: dict[str, Any] = {}
    for row in rows.to_dict("records"):
        words[row["parameter"]] = number(float(row["value"]), _digits(float(row["value"])), code)
        words[f"{row['parameter']}_year"] = str(row["year"]).rstrip("-")
    words["wanted"] = number(rows.loc[rows["parameter"].str.startswith("match_"), "value"].sum(), 0, code)
    words["ratio"] = next((number(one.worked_out, 2, code) for one in published_outcomes() if one.preset == name), "")
    return phrase(message, code, **{key: value for key, value in words.items() if key in needs(message)})


def _records(table: pd.DataFrame) -> Any:
    return json.loads(table.to_json(orient="records"))
