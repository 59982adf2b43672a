# SPDX-License-Identifier: Apache-2.0
"""What a run warned of, in the order in which it should be read: what can turn an answer stands first.

The order is in ``warnings.csv``. Ranks: 0, before all else; 1, can turn an answer over; 2, shifts its numbers; 3, says how
to read them. They are expert defaults. What no plan was made for is not warned of, so that a study without a budget reads of
land and people first.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

from homeground.language.messages import Saying
from homeground.numbers.table import read_rows
from homeground.running.record import read_run

SHOWN = 5  # in the terminal: as many as people read before they stop
CONCERNS = ("land", "plan", "worth", "people", "risk", "evidence")  # within a rank
BEFORE_BRIEF = (
    "land",
    "people",
    "evidence",
    "measures",
    "finance",
    "risk",
    "chain",
)  # the brief tells nothing of itself
UNRANKED = (2, len(CONCERNS))  # the text of an older version


def run_warnings(results: Path, stages: Collection[str] = ()) -> list[Saying | str]:
    """What the steps of a run warned of, each once; what can turn an answer stands first.

    Parameters
    ----------
    results : Path
        Folder of one scenario's results.
    stages : collection of str
        Only what these stages warned of; empty: all.

    Returns
    -------
    list of Saying or str
        A text is from an older version. Empty where nothing was warned of, or nothing has run.

    Examples
    --------
    >>> run_warnings(Path("no such folder"))
    []
    """
    steps = read_run(results)["steps"]
    found = [
        w for key in steps if not stages or key.partition(".")[0] in stages for w in steps[key].get("warnings", [])
    ]
    said = {str(w): w if isinstance(w, str) else Saying.read(w) for w in found}.values()
    return sorted(said, key=lambda w: UNRANKED if isinstance(w, str) else ranks().get(w.message, UNRANKED))


@cache
def ranks() -> dict[str, tuple[int, int]]:
    """Rank of each warning, and the place of what it concerns within the rank, by its message.

    Returns
    -------
    dict of (int, int)

    Examples
    --------
    >>> ranks()["warning.no_verdict"]
    (0, 0)
    """
    rows = read_rows(Path(__file__).with_suffix(".csv"))
    return {f"warning.{row['warning']}": (int(row["rank"]), CONCERNS.index(row["concerns"])) for row in rows}
