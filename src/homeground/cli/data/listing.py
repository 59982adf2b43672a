# SPDX-License-Identifier: Apache-2.0
"""The catalogue of data sets in the terminal."""

from __future__ import annotations

import textwrap

from homeground.catalogue.datasets import datasets
from homeground.cli.console import json_text

CHANNELS = {
    "embedded": "maps and tables inside the package; a run reads them without internet",
    "figures": "published numbers inside the package, each with its source",
    "live": "sources that `homeground data fetch` brings; a run never downloads",
}


def show_data(*, as_json: bool) -> None:
    """Print the catalogue of data sets."""
    rows = datasets()
    if as_json:
        print(json_text(rows, indent=1))
        return
    for channel in dict.fromkeys(row["channel"] for row in rows):
        print(f"{channel}: {CHANNELS.get(channel, '')}".rstrip(": "))
        for row in (r for r in rows if r["channel"] == channel):
            print(f"  {row['id']:<24} {row['licence']}")
            print(textwrap.fill(row["what"], 78, initial_indent=" " * 4, subsequent_indent=" " * 4))
