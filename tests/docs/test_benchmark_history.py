# SPDX-License-Identifier: Apache-2.0
"""The history of the benchmarks: each line can be read, its ratio follows from its rates, and a run adds to it."""

from __future__ import annotations

import csv
import re
import sys
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from benchmarks import Row, _history  # noqa: E402
from benchmarks.__main__ import names  # noqa: E402


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults(line: dict[str, str]) -> list[str]:
    """What is wrong with a line of the history."""
    found = [] if tuple(line) == _history.COLUMNS and None not in line.values() else ["columns"]
    found += [] if line["benchmark"] in names() else ["benchmark"]
    found += [] if re.fullmatch(r"([0-9a-f]{7,}\+?)?", line["commit"]) else ["commit"]
    found += [name for name in ("version", "measure", "unit", "machine") if not line[name]]
    date.fromisoformat(line["date"])
    ours, peer, ratio = (float(line[name]) for name in ("ours", "peer", "ratio"))
    return found + ([] if ratio == pytest.approx(ours / peer, rel=2e-3) else ["ratio"])


def test_each_line_of_the_history_can_be_read():
    kept = lines(_history.HISTORY)
    assert kept
    assert [problem for line in kept for problem in faults(line)] == []
    assert [line["date"] for line in kept] == sorted(line["date"] for line in kept)


def test_a_run_adds_a_line_for_each_ratio(tmp_path):
    path = tmp_path / "history.csv"
    fast = Row("SPI-12; peer: another", 54.321, 2.0, 27.1605, 15.0, 20.0, "M values/CPU-s", "equal")
    alone = Row("SPI-3; peer: none here", 54.0, None, None, None, None, "M values/CPU-s", "peer not installed")
    for _ in range(2):
        _history.record("drought", [fast, alone], busy="2 cores", history=path)
    first, second = lines(path)
    assert first == second
    assert (first["benchmark"], first["measure"], first["unit"]) == ("drought", fast.what, fast.unit)
    assert (first["ours"], first["peer"], first["ratio"], first["machine"]) == ("54.32", "2", "27.16", "2 cores")
    assert faults(first) == []
    assert faults(first | {"ratio": "28"}) == ["ratio"]


def test_the_machine_is_told_with_its_cores():
    assert re.match(r"\d+ cores, ", _history.machine())


def test_more_cells_cost_time_in_proportion_and_no_more_memory():
    """As docs/how-to/cluster.md says, of the table that its figure is drawn from."""
    rows = lines(ROOT / "benchmarks" / "growth.csv")
    cells, seconds, peak = ([float(row[name]) for row in rows] for name in ("cells", "cpu_s", "peak_mb"))
    assert cells == sorted(cells)
    assert (cells[0], cells[-1]) == (1e6, 1e8)
    paces = [used / count for used, count in zip(seconds, cells, strict=True)]
    assert paces[-1] == pytest.approx(paces[-2], rel=0.25)
    assert max(peak) < 1.5 * min(peak)
