# SPDX-License-Identifier: Apache-2.0
"""Run the benchmarks named on the command line, or all but those that take long; print their ratios and keep them in history.csv.

Exit code 1 if one is too slow.
"""

from __future__ import annotations

import importlib
import pkgutil
import platform
import sys
from pathlib import Path

from benchmarks import Row
from benchmarks._history import machine, record

LONG = ("growth",)  # run by name alone


def names() -> list[str]:
    """Modules of this package that can be run."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in found if not name.startswith("_"))


def lines(row: Row) -> list[str]:
    """What one comparison says, within 80 columns where it can."""
    asked = [f"{word} {value:g}x" for word, value in (("must", row.must), ("aim", row.aim)) if value is not None]
    if row.ratio is None or row.peer is None:
        verdict, peer, ratio = "no peer", "-", "-"
    else:
        verdict = "too slow" if slow(row) else "reached" if row.aim is None or row.ratio >= row.aim else "below aim"
        peer, ratio = f"{row.peer:.3g}", f"{row.ratio:.1f}x"
    return [
        row.what,
        f"  ours {row.ours:.3g}  peer {peer}  {row.unit}",
        f"  ratio {ratio}" + (f"  ({', '.join(asked)}): {verdict}" if asked else ""),
        f"  {row.agreement}",
    ]


def slow(row: Row) -> bool:
    return row.ratio is not None and row.must is not None and row.ratio < row.must


def main(chosen: list[str]) -> int:
    known = names()
    if unknown := [name for name in chosen if name not in known]:
        print(f"no benchmark named {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {platform.machine()}; work per CPU-second, medians\n")
    rows: list[Row] = []
    for name in chosen or [name for name in known if name not in LONG]:
        busy = machine()
        found = importlib.import_module(f"benchmarks.{name}").run()
        rows += found
        record(name, found, busy=busy)
        for row in found:
            print("\n".join(lines(row)), end="\n\n", flush=True)
    return int(any(slow(row) for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
