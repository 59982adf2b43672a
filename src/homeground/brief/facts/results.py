# SPDX-License-Identifier: Apache-2.0
"""Tables of a results folder, read for the facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def read(results: Path, name: str) -> pd.DataFrame | None:
    """A table of the results folder; None where it is not there or empty."""
    import pandas as pd

    path = results / name
    if not path.is_file():
        return None
    table = pd.read_parquet(path)
    return None if table.empty else table
