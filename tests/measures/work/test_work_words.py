# SPDX-License-Identifier: Apache-2.0
"""Words on work and movement: moving is no fault, nobody is to be held back or sent back by a measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeground.language.catalogues import catalogue
from homeground.running.tables.register import register

DOCS = Path(__file__).resolve().parents[3] / "docs"
IDS = (
    "terminal.work",
    "terminal.rights",
    "warning.access",
    "warning.look_first",
    "warning.labour",
    "warning.work",
    "warning.rights",
)
FORBIDDEN = {
    "en": (
        "keep people", "keep them", "stay put", "stay at home", "root cause", "stem migration", "curb migration",
        "stop migration", "prevent migration", "reduce migration", "less migration", "illegal", "encourage return",
        "should return", "return home", "go back home", "reason to return", "hold people",
    ),
    "fr": ("retenir", "fixer les populations", "freiner", "endiguer", "rester chez", "clandestin", "retourner chez", "inciter au retour"),
    "zh": ("留住", "遏制", "阻止迁移", "减少迁移", "非法移民", "劝返", "应当返回"),
}  # fmt: skip


@pytest.mark.parametrize("code", FORBIDDEN)
def test_messages_never_argue_for_return_or_for_holding_people(code):
    said = {key: " ".join(message.forms) for key, message in catalogue(code).items() if key.startswith(IDS)}
    assert len(said) > 20
    found = {key: word for key, text in said.items() for word in FORBIDDEN[code] if word in text.lower()}
    assert found == {}


def test_pages_and_declared_tables_never_do_either():
    texts = {
        path.name: path.read_text(encoding="utf-8").lower()
        for path in DOCS.glob("*.md")
        if path.stem in ("work", "rights")
    }
    for name in ("work_regions.parquet", "labour.parquet"):
        texts[name] = " ".join(column.meaning for column in register()[name].table.columns).lower()
    assert len(texts) >= 3
    assert {(name, word) for name, text in texts.items() for word in FORBIDDEN["en"] if word in text} == set()


def test_the_reader_is_told_that_looking_first_is_no_reason_for_return():
    for name in ("origin", "host"):
        assert "no reason for return" in catalogue("en")[f"warning.look_first_{name}"].forms[0]
    assert "no reason for anybody’s return" in catalogue("en")["terminal.work.moved_mind"].forms[0]
