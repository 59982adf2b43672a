# SPDX-License-Identifier: Apache-2.0
"""Draw what more cells cost from ``benchmarks/growth.csv``: ``python -m tools.draw_growth``."""

from __future__ import annotations

import pandas as pd
from tools.draw_land_figures import GAIN, INK, LOSS, QUIET, ROOT, save, styled


def main() -> None:
    """Two panels: CPU seconds and peak memory by cells, both measured; the line through the two largest goes on dashed."""
    plt = styled()
    table = pd.read_csv(ROOT / "benchmarks" / "growth.csv")
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.2), constrained_layout=True)
    cells = table["cells"]
    pace = table["cpu_s"].iloc[-1] / cells.iloc[-1]
    beyond = pd.Series([cells.iloc[-1], 10 * cells.iloc[-1]])
    left.loglog(cells, table["cpu_s"], "o-", color=GAIN, markersize=5)
    left.loglog(beyond, pace * beyond, "--", color=QUIET, linewidth=1)
    left.annotate(
        "by arithmetic", (beyond[1], pace * beyond[1]), (-6, 0), textcoords="offset points", ha="right", color=QUIET
    )
    left.set(title="CPU seconds, all threads", xlabel="cells", ylim=(2, 5000))
    for count, seconds in zip(cells, table["cpu_s"], strict=True):
        left.annotate(
            f"{seconds:,.0f} s", (count, seconds), (6, -10), textcoords="offset points", fontsize=8, color=INK
        )
    right.semilogx(cells, table["peak_mb"] / 1024, "o-", color=LOSS, markersize=5)
    right.set(title="Peak memory, GB", xlabel="cells", ylim=(0, 1.5 * table["peak_mb"].max() / 1024))
    for count, peak in zip(cells, table["peak_mb"] / 1024, strict=True):
        right.annotate(
            f"{peak:.2f}", (count, peak), (0, 8), textcoords="offset points", ha="center", fontsize=8, color=INK
        )
    last = table.iloc[-1]
    save(
        plt,
        figure,
        "growth",
        f"Both walks of SDG 15.3.1 over {last['years']} years of made land, measured on {last['date']} ({last['machine']}). Reading, "
        "judging and writing; without the making of the files.",
    )


if __name__ == "__main__":
    main()
