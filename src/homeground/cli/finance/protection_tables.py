# SPDX-License-Identifier: Apache-2.0
"""The gate of an instrument in a host country, in the terminal."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from homeground.catalogue.atlas import country_names
from homeground.cli.console import json_text
from homeground.cli.options import day_of
from homeground.errors import StudyError
from homeground.finance.protection.gate import Gate, protection_gate
from homeground.finance.protection.signing import COLUMNS, read_signatures
from homeground.language.languages import language as setting_of
from homeground.language.layout import fill
from homeground.language.messages import phrase
from homeground.numbers.fact import Amount


def show_protection(
    instrument: str,
    host: str,
    signed: Path | None,
    form: Path | None,
    *,
    language: str,
    on: str | None,
    as_json: bool,
) -> None:
    """Print what is known and what must be signed."""
    setting_of(language)
    day = day_of(on)
    rows = () if signed is None else read_signatures(signed, on=day)
    gate = protection_gate(instrument, host, signed=rows, on=day)
    if form is not None:
        _write_form(gate, form)
    if as_json:
        print(json_text(_plain(gate), indent=1))
        return
    place = country_names(language).get(host, host)
    words = {"instrument": phrase(f"protection.instrument.{instrument}", language), "host": place}
    print(fill(phrase(f"protection.state.{gate.state}", language, **words)))
    for topic in gate.unknown:
        print(fill(phrase("protection.unknown", language, topic=phrase(f"protection.topic.{topic}", language))))
    print(phrase("protection.known", language))
    for fact in gate.facts:
        told: dict[str, Any] = {}
        if fact.value is not None:
            told["n"] = Amount(fact.value, fact.unit, 0 if fact.value.is_integer() else 2)
        says = phrase(f"protection.fact.{fact.key}", language, **told)
        checked = fact.checked or phrase("protection.unverified", language)
        print(fill(f"{says} [{fact.source}; {fact.year}; {fact.quality}; {checked}]", first="- ", rest="  "))
    print(phrase("protection.to_sign", language))
    for _, item, role, one in gate.items:
        done = (
            phrase("protection.nobody", language)
            if one is None
            else f"{one.date} {phrase(f'protection.{one.outcome}', language)}"
        )
        line = f"{phrase(f'protection.item.{item}', language)} [{phrase(f'protection.role.{role}', language)}: {done}]"
        print(fill(line, first="- ", rest="  "))
    if form is not None:
        print(f"wrote {form}")


def _write_form(gate: Gate, path: Path) -> None:
    if path.exists():
        raise StudyError(f"{path} is there already. Name a new file: signatures are not written over.")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for _, item, role, _ in gate.items:
            writer.writerow([gate.instrument, gate.host, item, role, "", "", "", ""])


def _plain(gate: Gate) -> dict[str, Any]:
    return {
        "instrument": gate.instrument,
        "host": gate.host,
        "state": gate.state,
        "ready": gate.ready,
        "unknown": list(gate.unknown),
        "facts": [vars(fact) for fact in gate.facts],
        "open": list(gate.open_items),
    }
