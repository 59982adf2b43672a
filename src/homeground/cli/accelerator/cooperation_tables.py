# SPDX-License-Identifier: Apache-2.0
"""The tables of cooperation in the terminal, and the progress report from a registry, a folder or what ships."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from homeground.accelerator.cooperation.asked import ACTIONS, actions_by_party, cooperation_summary, overdue, undated
from homeground.accelerator.cooperation.checks import check_cooperation
from homeground.accelerator.cooperation.policies import policies_by_country
from homeground.accelerator.cooperation.shipped import shipped_tables, with_shipped
from homeground.brief.accelerator.cop_report.write import left_out, write_cop_report
from homeground.chain.status import require_current
from homeground.cli.accelerator.given import told_tables
from homeground.cli.console import json_text
from homeground.cli.options import day_of
from homeground.errors import DataError, StudyError
from homeground.language.layout import blocks, fill, heading
from homeground.language.messages import phrase
from homeground.running.record import read_run
from homeground.running.writing import writes_to
from homeground.study.model import Study
from homeground.study.opening import open_study, shipped_studies


def given_tables(given: list[str] | None, *, with_note: bool) -> dict[str, pd.DataFrame]:
    """Tables of folders, files or a registry, those that have rows; those that ship where none is given."""
    if not given:
        return shipped_tables()
    tables = {name: table for name, table in told_tables(given).items() if len(table)}
    faults = [issue for issue in check_cooperation(tables) if issue.severity in ("critical", "error")]
    if faults:
        told = "\n".join(f"  {i.file}, row {i.line}, {i.path}: {i.message} {i.fix}" for i in faults)
        raise DataError(f"{', '.join(given)}: {len(faults)} problem(s).\n{told}")
    return with_shipped(tables) if with_note else tables


def write_report(
    given: list[str] | None,
    language: str,
    results: list[Path],
    studies: list[str],
    to: Path,
    *,
    with_note: bool,
    on: str | None,
    as_json: bool,
) -> None:
    """Write the report and say which files."""
    tables = given_tables(given, with_note=with_note)
    own = {study.id: name for name in studies for study in (open_study(name),)}
    runs = [_run(folder, own) for folder in results]
    name = ", ".join(
        Path(one).name if "://" not in one else phrase("accelerator.cop.registry", language) for one in given or ()
    )
    if given and with_note:
        name = phrase("accelerator.cop.with_note", language, given=name, cop="COP15")
    with writes_to(to, "the report"):
        written = write_cop_report(tables, language, to, on=day_of(on), made_from=name, runs=runs)
    for reason in left_out(language):
        print(reason, file=sys.stderr)
    if as_json:
        print(json_text([str(path) for path in written], indent=1))
        return
    print("\n".join(f"wrote {path}" for path in written))


def _run(folder: Path, own: dict[str, str]) -> tuple[Path, Study]:
    """A results folder with its study."""
    record = read_run(folder)
    name, scenario = str(record.get("study", "")), str(record.get("scenario", "base"))
    if not name:
        raise DataError(f"{folder} is no results folder of a study that has run. Expected results/STUDY/SCENARIO.")
    if name not in own and name not in shipped_studies():
        raise StudyError(f"the study of {folder} is {name}, which does not ship. Give it too: --study FOLDER")
    study = open_study(own.get(name, name), scenario)
    require_current(study, folder, folder.parent.parent)
    return folder, study


def show_cooperation(given: list[str] | None, *, with_note: bool, on: str | None, as_json: bool) -> None:
    """Print what the tables say of requests, actions and policies."""
    tables, day = given_tables(given, with_note=with_note), day_of(on)
    summary, late, open_ones = cooperation_summary(tables), overdue(tables, day), undated(tables)
    actions, policies = actions_by_party(tables), policies_by_country(tables)
    if as_json:
        content = {"requests": summary, "overdue": late, "undated": open_ones, "actions": actions.reset_index(),
                   "policies": policies.reset_index()}  # fmt: skip
        told = {name: json.loads(table.to_json(orient="records", date_format="iso")) for name, table in content.items()}
        print(json_text({"on": day.isoformat()} | told, indent=1))
        return
    _print_requests(summary)
    print(f"Overdue on {day.isoformat()}: {len(late)}; open without a promised day: {len(open_ones)}.")
    for row in late.to_dict("records"):
        print(fill(f"{row['request']}: {row['title']}; days late: {row['days_late']}", first="- ", rest="  "))
    _print_counts("Rows on each action of decision 22/COP.14", actions, [f"({a})" for a in ACTIONS])
    _print_counts("Laws and policies looked at", policies, [str(c).replace("_", " ") for c in policies])
    print(
        fill("A request of several Parties counts once for each. Write the report: homeground accelerator cop-report")
    )


def _print_requests(summary: pd.DataFrame) -> None:
    if summary.empty:
        print("No request of a Party is on record.")
        return
    shown = summary.astype("object").where(summary.notna(), "-")
    places = [f"{r.iso3} {r.action} {r.state}" for r in shown.itertuples()]
    columns = [(heading(head), [str(v) for v in shown[name]]) for head, name in
               (("requests", "requests"), ("days known", "with_days"), ("days, least", "days_least"),
                ("days, median", "days_median"), ("days, most", "days_most"))]  # fmt: skip
    print("Party, action, state of requests")
    for block in blocks(places, columns):
        print(block)


def _print_counts(title: str, table: pd.DataFrame, heads: list[str]) -> None:
    if table.empty:
        print(f"{title}: no row.")
        return
    print(title)
    columns = [(heading(head), [str(v) for v in table[name]]) for head, name in zip(heads, table, strict=True)]
    for block in blocks([str(i) for i in table.index], columns):
        print(block)
