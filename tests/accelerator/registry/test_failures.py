# SPDX-License-Identifier: Apache-2.0
"""What may happen in the middle of a write: a kill, a full disk, other writers. Nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pandas as pd
import pytest

from homeground.accelerator.registry.opening import Registry, open_registry
from homeground.errors import DataError

KILLS = int(os.environ.get("HOMEGROUND_KILLS", "10"))
ROWS = 400  # of each file that is imported while the process is killed

IMPORTER = """
import sys
from pathlib import Path
from homeground.accelerator.registry.opening import open_registry

where, folder, name = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
with open_registry(where) as registry:
    for number in range(1000):
        path = folder / f"{name}_{number}.csv"
        lines = [f"{name}-{number}-{i},P1,disbursement,2024-01-01,{i + 1},XOF" for i in range(ROWS)]
        path.write_text("transaction,project,kind,date,amount,currency\\n" + "\\n".join(lines))
        report = registry.import_file(path, "importer")
        assert report.added == ROWS, report
        print(number, flush=True)
""".replace("ROWS", str(ROWS))

WRITER = """
import sys
import pandas as pd
from homeground.accelerator.registry.opening import open_registry
from homeground.errors import DataError

where, name = sys.argv[1], sys.argv[2]

def raised(registry, currency):
    table = registry.table("exchange_rates", traces=True)
    row = table[table["currency"] == currency]
    registry.write("exchange_rates", row.assign(usd=row["usd"] + 1), actor=name, source="counting")

with open_registry(where) as registry:
    for number in range(100):
        raised(registry, name)
    refused = 0
    for number in range(10):
        while True:
            try:
                raised(registry, "EUR")
                break
            except DataError as error:
                assert "changed since it was read" in str(error), error
                refused += 1
print("done", refused)
"""


def started(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


def seed(registry: Registry) -> None:
    projects = pd.DataFrame({"project": ["P1"], "title": ["Wall"], "currency": ["XOF"]})
    registry.write("projects", projects, actor="analyst", source="made")


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(where: str, tmp_path: Path) -> None:
    draw = random.Random(7)  # noqa: S311
    with open_registry(where, create=True) as registry:
        seed(registry)
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        process = started(IMPORTER, where, str(tmp_path), f"k{kill}")
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()  # it works
        assert first.strip() == "0", process.stderr.read()
        time.sleep(draw.uniform(0, 0.4))
        process.kill()
        rest, _ = process.communicate(timeout=60)
        acknowledged |= {f"k{kill}-{number}" for number in ("0\n" + rest).split()}
    with open_registry(where) as registry:
        table = registry.table("transactions")
        counts = table["transaction"].str.rpartition("-")[0].value_counts()
        assert acknowledged <= set(counts.index)
        assert set(counts) == {ROWS}  # and no import stands in part
        assert len(counts) <= len(acknowledged) + KILLS  # at most the one that was under way each time
        total = sum(range(1, ROWS + 1)) * len(counts)
        assert int(table["amount_minor"].sum()) == total
        assert registry.verify() == []
        registry.import_file(tmp_path / "k0_0.csv", "analyst")  # and it goes on


@pytest.mark.slow
def test_four_writers_that_read_then_write(where: str) -> None:
    names = ["CHF", "GBP", "JPY", "USD"]
    with open_registry(where, create=True) as registry:
        frame = pd.DataFrame({"currency": [*names, "EUR"], "year": 2021, "usd": 1.0, "source": "made"})
        registry.write("exchange_rates", frame, actor="analyst", source="made")
    processes = [started(WRITER, where, name) for name in names]
    told = [process.communicate(timeout=240) for process in processes]
    assert [error for _, error in told] == [""] * 4
    assert all(said.startswith("done") for said, _ in told)
    with open_registry(where) as registry:
        found = registry.table("exchange_rates").set_index("currency")["usd"].to_dict()
        # 1 and a hundred times 1; of the one that all four raise ten times: no raise is lost
        assert found == {"CHF": 101.0, "EUR": 41.0, "GBP": 101.0, "JPY": 101.0, "USD": 101.0}
        assert len(registry.batches()) == 1 + 4 * 110
        assert registry.verify() == []


LIMITED = """
import resource, sys
from homeground.cli.app import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are of Unix")
@pytest.mark.parametrize("room", [0, 20_000, 100_000, 300_000])
def test_a_full_disk_ends_in_one_message_and_loses_nothing(tmp_path: Path, room: int) -> None:
    where = tmp_path / "wall.db"
    with open_registry(where, create=True) as registry:
        seed(registry)
    lines = [f"T{i},P1,disbursement,2024-01-01,{i + 1},XOF" for i in range(20_000)]
    path = tmp_path / "transactions.csv"
    path.write_text("transaction,project,kind,date,amount,currency\n" + "\n".join(lines))
    limit = where.stat().st_size + room
    for command in (
        ["import", str(path), "--registry", str(where)],
        ["backup", str(tmp_path / "copy.db"), "--registry", str(where)],
    ):
        limit = limit if command[0] == "import" else where.stat().st_size // 2 + room // 10
        process = started(LIMITED, str(limit), "accelerator", *command)
        said, error = process.communicate(timeout=120)
        assert process.returncode == 3, (said, error)
        assert "disk is full or fails" in error
        assert error.count("\n") == 1
        assert "Traceback" not in error
    with open_registry(where) as registry:
        assert len(registry.table("transactions")) == 0
        assert len(registry.table("projects")) == 1
        assert registry.verify() == []
        assert registry.import_file(path, "analyst").added == 20_000
    assert not list(tmp_path.glob("copy*"))


def test_an_import_that_fails_at_any_step_leaves_nothing(registry: Registry, tmp_path: Path) -> None:
    """The N-th statement of an import fails, for each N until none does."""
    import sqlalchemy as sa

    seed(registry)
    path = tmp_path / "transactions.csv"
    path.write_text("transaction,project,kind,date,amount,currency\nT1,P1,disbursement,2024-01-01,1,XOF")
    before = registry.tables()
    state = {"left": -1}

    @sa.event.listens_for(registry.engine, "before_cursor_execute")
    def _fails(*_: object) -> None:
        state["left"] -= 1
        if state["left"] == 0:
            raise OSError(28, "No space left on device")

    sa.event.listen(registry.engine, "commit", _fails)

    for number in range(1, 100):
        state["left"] = number
        said = ""
        try:
            registry.import_file(path, "analyst")
        except DataError as error:
            said = str(error)
        state["left"] = -1
        if not said:
            break
        assert "disk is full" in said
        assert all(registry.table(name).equals(table) for name, table in before.items())
        assert registry.verify() == []
    assert number > 5
    assert registry.table("transactions")["amount_minor"].tolist() == [1]
