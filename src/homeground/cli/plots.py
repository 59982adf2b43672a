# SPDX-License-Identifier: Apache-2.0
"""Plots to be visited, drawn from the map of a study and written for those who go there."""

from __future__ import annotations

from pathlib import Path

from homeground.catalogue.classes import class_names
from homeground.catalogue.plot_files import write_plots
from homeground.chain.folders import results_folder
from homeground.chain.status import require_current
from homeground.cli.answer import head, numbers
from homeground.cli.console import json_text
from homeground.land.reference.draw import draw_plots
from homeground.land.reference.plots import STATES
from homeground.language.layout import blocks, fill
from homeground.language.messages import phrase
from homeground.study.model import Study


def make_plots(
    study: Study, *, precision: float, accuracy: float, least: int, to: Path | None, root: Path, as_json: bool
) -> None:
    """Draw the plots, write them, and say how many each class of the map got."""
    results, code = results_folder(study, root), study.language
    if results.is_dir():
        require_current(study, results, root)
    drawn = draw_plots(study, results, precision=precision, accuracy=accuracy, least=least)
    folder = to if to is not None else Path(f"{study.id}-plots")
    written = [str(path) for path in write_plots(drawn.plots, folder, year=study.period[1])]
    if as_json:
        print(json_text({"files": written, "sizes": drawn.sizes.to_dict("records")}, indent=1))
        return
    print("\n".join(phrase("terminal.plots.wrote", code, file=path) for path in written) + "\n")
    sizes = drawn.sizes
    names = {state: class_names("degradation", code)[number] for number, state in STATES.items()}
    rows = [f"{iso3} {names[state]}" for iso3, state in zip(sizes["iso3"], sizes["state"], strict=True)]
    columns = [
        (head("terminal.reference.mapped", code), numbers(sizes["mapped_km2"], 0, code)),
        (head("terminal.reference.plots", code), numbers(sizes["plots"], 0, code)),
    ]
    print("\n".join(blocks(rows, columns)))
    print(fill(phrase("terminal.plots.mind", code, file=written[-1], column="seen", classes=", ".join(names))))
