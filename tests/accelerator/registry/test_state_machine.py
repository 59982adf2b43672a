# SPDX-License-Identifier: Apache-2.0
"""Imports, reversals, links, updates and undoing in any order, held against a plain-Python oracle of totals."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.accelerator.registry.conftest import database

from homeground.accelerator.registry.opening import open_registry
from homeground.errors import DataError

DIGITS = {"USD": 100, "XOF": 1, "TND": 1000}  # smallest units of one, by hand
PROJECTS = st.sampled_from(["P1", "P2", "P3"])
MONEY = st.tuples(
    st.integers(1, 5), PROJECTS, st.sampled_from(["commitment", "disbursement"]), st.integers(-999, 999),
    st.sampled_from(sorted(DIGITS)),
)  # fmt: skip
Key = tuple[str, str]


class Oracle:
    """What stands, and what stood: under each key a pile of (batch, row or None); an undo takes the top off."""

    def __init__(self) -> None:
        self.piles: dict[Key, list[tuple[int, Any]]] = defaultdict(list)
        self.touched: dict[int, list[Key]] = {}

    def row(self, key: Key) -> Any:
        return self.piles[key][-1][1] if self.piles[key] else None

    def put(self, batch: int, rows: dict[Key, Any]) -> None:
        changed = {key: row for key, row in rows.items() if self.row(key) != row}
        for key, row in changed.items():
            self.piles[key].append((batch, row))
        self.touched[batch] = list(changed)

    def may_undo(self, batch: int) -> bool:
        mine = self.touched[batch]
        if any(not self.piles[key] or self.piles[key][-1][0] != batch for key in mine):
            return False
        added = {key[1] for key in mine if key[0] == "projects" and len(self.piles[key]) == 1}
        return not any(
            row is not None and row[0] in added and key not in mine
            for key in list(self.piles)
            if key[0] in ("transactions", "project_links") and (row := self.row(key)) is not None
        )

    def undo(self, batch: int) -> None:
        for key in self.touched.pop(batch):
            self.piles[key].pop()

    def totals(self) -> dict[tuple[str, str, str], int]:
        found: dict[tuple[str, str, str], int] = defaultdict(int)
        for key in self.piles:
            if key[0] == "transactions" and (row := self.row(key)) is not None:
                project, kind, amount, currency = row
                found[project, kind, currency] += amount * DIGITS[currency]
        return dict(found)


class Machine(RuleBasedStateMachine):
    """One registry and one oracle."""

    server = ""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        where = database(self.server) if self.server else str(self.folder / "wall.db")
        self.registry = open_registry(where, create=True)
        self.oracle = Oracle()
        self.count = 0

    def brought(self, name: str, head: str, lines: list[str]) -> Any:
        self.count += 1
        path = self.folder / f"{self.count}" / f"{name}.csv"
        path.parent.mkdir()
        path.write_text("\n".join([head, *lines, f"# {self.count}"]))  # each file is another one
        return self.registry.import_file(path, "analyst")

    def has(self, project: str) -> bool:
        return self.oracle.row(("projects", project)) is not None

    def standing(self) -> list[str]:
        return sorted(key[1] for key in self.oracle.piles if key[1][0] == "T" and self.oracle.row(key) is not None)

    @initialize()
    def begin(self) -> None:
        self.bring_project("P1", "Wall")
        self.bring_money([(1, "P1", "commitment", 7, "TND"), (2, "P1", "disbursement", 7, "USD")])

    @rule(project=PROJECTS, title=st.sampled_from(["Wall", "Seeds"]))
    def bring_project(self, project: str, title: str) -> None:
        report = self.brought("projects", "project,title", [f"{project},{title}"])
        self.oracle.put(report.batch, {("projects", project): (title,)})

    @rule(rows=st.lists(MONEY, min_size=1, max_size=5, unique_by=lambda row: row[0]))
    def bring_money(self, rows: list[tuple[int, str, str, int, str]]) -> None:
        lines = [f"T{n},{project},{kind},2024-01-01,{amount},{currency}" for n, project, kind, amount, currency in rows]
        report = self.brought("transactions", "transaction,project,kind,date,amount,currency", lines)
        good = {("transactions", f"T{row[0]}"): row[1:] for row in rows if self.has(row[1])}
        assert report.left_out == len(rows) - len(good)
        if good:
            self.oracle.put(report.batch, good)
        else:
            assert report.batch is None

    @precondition(lambda self: self.standing())
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.standing()))
        project, kind, amount, currency = self.oracle.row(("transactions", name))
        line = f"R{name},{project},{kind},2024-01-01,{-amount},{currency}"
        report = self.brought("transactions", "transaction,project,kind,date,amount,currency", [line])
        self.oracle.put(report.batch, {("transactions", f"R{name}"): (project, kind, -amount, currency)})

    @rule(project=PROJECTS, other=PROJECTS)
    def link(self, project: str, other: str) -> None:
        report = self.brought("project_links", "project,relation,other", [f"{project},parent,{other}"])
        assert (report.batch is not None) == self.has(project)
        if report.batch is not None:
            self.oracle.put(report.batch, {("project_links", f"{project} {other}"): (project,)})

    @precondition(lambda self: self.standing())
    @rule(data=st.data(), amount=st.integers(1, 99))
    def update(self, data: st.DataObject, amount: int) -> None:
        name = data.draw(st.sampled_from(self.standing()))
        key = ("transactions", name)
        table = self.registry.table("transactions", traces=True)
        row = table[table["transaction"] == name]
        project, kind, _, currency = self.oracle.row(key)
        frame = row.assign(amount_minor=amount * DIGITS[currency])
        batch = self.registry.write("transactions", frame, actor="analyst", source="update")
        self.oracle.put(batch.id, {key: (project, kind, amount, currency)})
        stale = row.assign(amount_minor=0)
        if batch.changed:
            with pytest.raises(DataError, match="since it was read"):
                self.registry.write("transactions", stale, actor="analyst", source="stale")

    @precondition(lambda self: self.oracle.touched)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        batch = data.draw(st.sampled_from(sorted(self.oracle.touched)))
        if self.oracle.may_undo(batch):
            self.registry.undo(batch, actor="analyst")
            self.oracle.undo(batch)
        else:
            with pytest.raises(DataError, match="later changes build on it"):
                self.registry.undo(batch, actor="analyst")

    @invariant()
    def totals_agree(self) -> None:
        table = self.registry.table("transactions")
        sums = table.groupby(["project", "kind", "currency"])["amount_minor"].sum()
        assert {key: int(value) for key, value in sums.items()} == self.oracle.totals()
        projects = {key[1] for key in self.oracle.piles if key[0] == "projects" and self.oracle.row(key)}
        assert set(self.registry.table("projects")["project"]) == projects
        assert len(self.registry.table("project_links")) == sum(
            key[0] == "project_links" and self.oracle.row(key) is not None for key in list(self.oracle.piles)
        )

    def teardown(self) -> None:
        assert self.registry.verify() == []
        self.registry.close()
        shutil.rmtree(self.folder)


def run(server: str, examples: int, steps: int) -> None:
    one = type("Machine", (Machine,), {"server": server})
    case = one.TestCase
    case.settings = settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    case().runTest()


MANY = int(os.environ.get("HOMEGROUND_RUNS", "1"))


@pytest.mark.slow
def test_any_order_of_changes_on_sqlite() -> None:
    run("", 25 * MANY, 25)


@pytest.mark.slow
def test_any_order_of_changes_on_postgresql(server: str) -> None:
    run(server, 4 * MANY, 15)
