# SPDX-License-Identifier: Apache-2.0
"""What each run of the benchmarks measured, kept in history.csv so that a slower engine shows."""

from __future__ import annotations

import csv
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import Row

HISTORY = Path(__file__).parent / "history.csv"
COLUMNS = ("date", "version", "commit", "benchmark", "measure", "ours", "peer", "unit", "ratio", "machine")


def commit() -> str:
    """Short hash of the checkout, with "+" where files differ from it; "" outside a checkout."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=HISTORY.parent, capture_output=True, text=True, check=False)  # noqa: S603, S607 (our own words)
        return done.stdout.strip() if done.returncode == 0 else ""

    found = git("rev-parse", "--short=7", "HEAD")
    changed = git("status", "--porcelain", "--", ":/", ":(exclude,top)benchmarks/history.csv")
    return found + "+" if found and changed else found


def machine() -> str:
    """Cores and kind of the machine, Python, and how busy it was in the last minute."""
    words = [f"{os.cpu_count()} cores", platform.machine(), f"Python {platform.python_version()}"]
    if hasattr(os, "getloadavg"):
        words.append(f"load {os.getloadavg()[0]:.1f}")
    return ", ".join(words)


def record(benchmark: str, rows: Iterable[Row], *, busy: str, history: Path = HISTORY) -> None:
    """Append one line for each comparison that has a ratio; ``busy`` is `machine` as it was before the work began."""
    known = history.is_file()
    with history.open("a", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        if not known:
            write.writerow(COLUMNS)
        for row in rows:
            if row.ratio is None or row.peer is None:
                continue
            numbers = f"{row.ours:.4g}", f"{row.peer:.4g}", row.unit, f"{row.ratio:.4g}"
            today = f"{datetime.now(UTC):%Y-%m-%d}"
            write.writerow([today, version("homeground"), commit(), benchmark, row.what, *numbers, busy])
