# SPDX-License-Identifier: Apache-2.0
"""`homeground data fetch`: the table before, the bars while, and what landed or did not."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from homeground.catalogue.live.job import Landed
from homeground.catalogue.live.plan import Wish, wishes
from homeground.cli.answer import head, numbers
from homeground.cli.console import json_text
from homeground.cli.own.copies import copy_study
from homeground.errors import CatalogueError, StudyError
from homeground.extras import advice
from homeground.language.layout import blocks, fill
from homeground.language.messages import phrase
from homeground.study.model import Study
from homeground.study.opening import SHIPPED, in_language, open_study

EXTRA = "fetch"


def fetch_study(
    name: str, layers: Sequence[str], *, resolution: float | None, dry_run: bool, to: Path | None, language: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Say what would come, and bring it.

    Raises
    ------
    StudyError
        A shipped study without ``--to``, or a layer that is not known.
    CatalogueError
        Something could not be fetched: the way by hand is told for each.
    """
    study = in_language(open_study(name), language)
    if missing := advice(EXTRA):
        raise CatalogueError(missing)
    if resolution is not None and not 0 < resolution <= 10:
        raise StudyError(f"--resolution is {resolution:g}; degrees above 0 and at most 10 were expected.")
    shipped = study.folder.is_relative_to(SHIPPED)
    found = wishes(study, layers, resolution)
    wanted = [wish for wish in found if wish.state == "fetch"]
    _tell(study, found, wanted, as_json=as_json)
    if dry_run or not wanted:
        return
    if shipped and to is None:
        raise StudyError(
            f"{study.id} comes with homeground and is not written into. Say where a copy of it goes: "
            f"{_command(name, layers, resolution, Path('my-' + study.id))}"
        )
    from homeground.catalogue.live import fetch as live
    from homeground.catalogue.live.transfer import Transfer
    from homeground.cli.data.zones import fetch_zones

    get = Transfer()
    dead = live.unreachable(wanted, get)
    asked = [wish for wish in wanted if wish.source.address]
    if asked and len(dead) == len(asked):
        raise CatalogueError(_not_fetched(study, asked, dead, name, layers, resolution, to))
    if to is not None:
        live.require_disk(to, sum(wish.mb for wish in wanted))
        copy_study(name, to)
        study = in_language(open_study(to), language)
    code = study.language
    with _Bars(wanted, code, quiet=as_json) as bars:
        get.on_bytes = bars.bytes
        outcome = live.fetch(study, wanted, get, bars.files, {"ipcc-climate-zones": fetch_zones})
    _tell_landed(outcome.landed, code, as_json)
    if outcome.failed:
        left = [wish for wish in wanted if wish.source.id in outcome.failed]
        raise CatalogueError(_not_fetched(study, left, outcome.failed, name, layers, resolution, to))
    if as_json:
        print(json_text({"landed": [_as_json(wish) | {"file": str(one.file)} for wish, one in outcome.landed]}))
        return
    if study.cannot_say:
        _say(phrase("terminal.fetch.cannot_say", code, key="cannot_say"), as_json)
    _say(phrase("terminal.fetch.next", code, command=shlex.join(["homeground", "run", str(study.folder)])), as_json)


def _tell_landed(landed: Sequence[tuple[Wish, Landed]], code: str, as_json: bool) -> None:
    """A line for each file: which layer, from where, and what to mind."""
    for wish, one in landed:
        words = {"layer": wish.source.layer, "file": str(one.file), "source": wish.source.id}
        said = phrase("terminal.fetch.landed", code, **words)
        if not wish.reportable:
            said += " " + phrase("terminal.fetch.not_reportable", code, sdg="15.3.1")
        if not one.key:
            said += " " + phrase("terminal.fetch.no_key", code)
        if one.note:
            said += f" ({one.note})"
        _say(said, as_json)


def _tell(study: Study, found: list[Wish], wanted: list[Wish], *, as_json: bool) -> None:
    """The table of what would come, and the lines that study.toml would get."""
    from homeground.catalogue.live.fetch import planned_file
    from homeground.catalogue.live.register import difference

    code = study.language
    lines = difference(*planned_file(study, wanted), study.file.name)
    if as_json:
        print(json_text({"plan": [_as_json(wish) for wish in found], "study_toml": lines}, indent=1))
        return
    rows = [f"{wish.source.layer}: {wish.source.id}" for wish in found]
    columns: list[tuple[list[str], list[str]]] = [
        (head("terminal.fetch.state", code), [phrase(f"terminal.fetch.is.{_state(wish)}", code) for wish in found]),
        (head("terminal.fetch.years", code), [_span(wish.years) for wish in found]),
        (head("terminal.fetch.cell", code), [f"{wish.degrees:.3g}" if wish.degrees else "" for wish in found]),
        (head("terminal.fetch.files", code), numbers([wish.files for wish in found], 0, code)),
        (head("terminal.fetch.mb", code), numbers([wish.mb for wish in found], 1, code)),
        (head("terminal.fetch.minutes", code), numbers([wish.seconds / 60 for wish in found], 1, code)),
    ]
    print("\n".join(blocks(rows, columns)))
    mb, minutes = sum(w.mb for w in wanted), sum(w.seconds for w in wanted) / 60
    totals = {"mb": numbers([mb], 0, code)[0], "minutes": numbers([minutes], 0, code)[0]}
    print(fill(phrase("terminal.fetch.total", code, **totals, rate="8 Mbit/s")))
    for wish in found:
        if wish.state == "no key":
            words = {"layer": wish.source.layer, "name": wish.source.key_env, "where": wish.source.key_from}
            print(fill(phrase("terminal.fetch.key", code, **words) + " " + wish.source.key_free, break_long=False))
    coarse = [wish.source.id for wish in wanted if not wish.reportable]
    if coarse:
        print(
            fill(
                phrase("terminal.fetch.coarse", code, sources=coarse, sdg="15.3.1", option="--resolution"),
                break_long=False,
            )
        )
    if lines:
        print("\n" + phrase("terminal.fetch.file", code, file=str(study.file)))
        print("\n".join(f"  {line}" for line in lines))


def _state(wish: Wish) -> str:
    return wish.state.replace(" ", "_")


def _span(years: tuple[int, ...]) -> str:
    """Years in short.

    Examples
    --------
    >>> _span((2000, 2001, 2002)), _span((2000, 2015)), _span(())
    ('2000-2002', '2000, 2015', '')
    """
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}-{years[-1]}"
    return ", ".join(map(str, years))


def _as_json(wish: Wish) -> dict[str, Any]:
    source = wish.source
    return {
        "layer": source.layer, "source": source.id, "state": wish.state, "years": list(wish.years), "degrees": wish.degrees,
        "files": wish.files, "mb": round(wish.mb, 2), "seconds": round(wish.seconds), "reportable": wish.reportable,
        "address": source.address, "licence": source.licence, "citation": source.citation,
    }  # fmt: skip


def _not_fetched(
    study: Study, left: Sequence[Wish], why: dict[str, str], name: str, layers: Sequence[str], resolution: float | None,
    to: Path | None,
) -> str:  # fmt: skip
    """What could not be fetched, each with its reason and the way by hand."""
    from homeground.catalogue.live.fetch import by_hand

    made = to is not None and (to / "study.toml").is_file()
    command = _command(str(to) if made else name, layers, resolution, None if made else to)
    told = "\n".join(f"  - {by_hand(study, wish)}\n      {why[wish.source.id]}" for wish in left)
    return (
        f"{len(left)} layer(s) could not be fetched:\n{told}\nFetch from a machine with internet and hand it on "
        f"(homeground data bundle), bring the files by hand into the folders named, or go on later: {command}"
    )


def _command(name: str, layers: Sequence[str], resolution: float | None, to: Path | None) -> str:
    words = ["homeground", "data", "fetch", name]
    for one in layers:
        words += ["--layers", one]
    words += ["--resolution", f"{resolution:g}"] if resolution else []
    words += ["--to", str(to)] if to else []
    return shlex.join(words)


def _say(text: str, as_json: bool) -> None:
    print(fill(text, break_long=False), file=sys.stderr if as_json else sys.stdout)


class _Bars:
    """A bar for each layer: how many of its files are done, and how much came; nothing where there is no terminal."""

    def __init__(self, wanted: Sequence[Wish], code: str, *, quiet: bool) -> None:
        self.console = Console(highlight=False)
        self.bar: Bar | None = None
        self.tasks: dict[str, TaskID] = {}
        self.wanted, self.code, self.quiet, self.total = wanted, code, quiet, TaskID(0)

    def __enter__(self) -> Self:
        if not self.quiet and self.console.is_terminal:
            self.bar = Bar(TextColumn("{task.description:<28}"), BarColumn(20), DownloadColumn(), console=self.console)
            for wish in self.wanted:
                self.tasks[wish.source.id] = self.bar.add_task(wish.source.id, total=max(wish.mb, 0.01) * 1e6)
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def bytes(self, n: int) -> None:
        """Bytes came, for the layer that is being fetched."""
        if self.bar is not None:
            now = next((task for task in self.bar.tasks if not task.finished), None)
            if now is not None:
                self.bar.update(now.id, completed=min(now.completed + n, (now.total or 1) * 0.99))

    def files(self, source: str, n: int) -> None:
        """Files of a layer are done; the last fills its bar."""
        wish = next(wish for wish in self.wanted if wish.source.id == source)
        if self.bar is not None and n >= wish.files:
            self.bar.update(self.tasks[source], completed=self.bar.tasks[self.tasks[source]].total)
