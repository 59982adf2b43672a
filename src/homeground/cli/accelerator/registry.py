# SPDX-License-Identifier: Apache-2.0
"""`homeground accelerator init | import | validate | template | tables | audit | undo | backup | restore`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from homeground.cli.options import JsonOption
from homeground.errors import DataError
from homeground.extras import advice

if TYPE_CHECKING:
    from homeground.accelerator.issues import Issue
    from homeground.accelerator.registry.importing import FileReport
    from homeground.accelerator.registry.opening import Registry

TOLD = 60  # issues that the terminal shows; --json shows all
RegistryOption = Annotated[
    str,
    typer.Option(
        "--registry", metavar="PATH", envvar="HOMEGROUND_REGISTRY", help="File of the registry, or postgresql://..."
    ),
]
ByOption = Annotated[
    str, typer.Option("--by", metavar="ROLE", envvar="HOMEGROUND_ROLE", help="Your role, for the log; no name needed.")
]
WHERE = "registry.db"
BEFORE = "the registry may stand before it, as with --registry"
WHO = "not said"


def init(where: Annotated[str, typer.Argument(metavar="PATH", help="File, or postgresql://...")] = WHERE) -> None:
    """Make a registry, with the indicators of the Observatory; or bring one of an earlier version up to date."""
    from homeground.accelerator.results.goals import observatory

    with _open(where, create=True) as registry:
        if registry.table("frameworks").empty:
            shipped = {name: observatory(name) for name in ("frameworks", "indicators")}
            registry.write_tables(shipped, actor="homeground", source="the Observatory's framework, as it ships")
        print(f"The registry is ready: {registry.where}")
        print("Fill in templates (homeground accelerator template FOLDER), then import.")


def template(
    folder: Annotated[Path, typer.Argument(help="Where to write them.")],
    only: Annotated[list[str] | None, typer.Option(help="A template, such as projects (repeat for several).")] = None,
) -> None:
    """Write the templates to fill in: workbooks, and each table as CSV."""
    from homeground.accelerator.registry.sheets import write_templates

    with _written(folder):
        for path in write_templates(folder, only or ()):
            print(path)


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, XLSX or IATI XML.")],
    registry: Annotated[
        str | None, typer.Option("--registry", metavar="PATH", help="Look references up in this registry too.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong with files, row by row, without a change. Exit 0: clean, 3: problems are listed."""
    reports = _validated(files, registry)
    _show(reports, as_json=as_json)
    if not all(report.clean for report in reports):
        raise typer.Exit(3)


def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, XLSX or IATI XML.")],
    registry: RegistryOption = WHERE,
    by: ByOption = WHO,
    as_json: JsonOption = False,
) -> None:
    """Bring files in: valid rows are taken in one step, the others are listed. Exit 3 where any row was left out."""
    with _open(registry) as opened:
        reports = opened.import_files(files, actor=by)
    _show(reports, as_json=as_json)
    if any(report.left_out or any(i.severity == "critical" for i in report.issues) for report in reports):
        raise typer.Exit(3)


def tables(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[REGISTRY] OUT", help=f"A folder (one CSV each) or a file .xlsx (one sheet each); {BEFORE}."
        ),
    ],
    registry: RegistryOption = WHERE,
) -> None:
    """Write all tables out; brought in again they change nothing."""
    from homeground.accelerator.registry.sheets import templates, write_csvs, write_workbook

    where, out = _registry_and(words, registry)
    to = Path(out)
    with _open(where) as opened:
        held = opened.tables([name for names in templates().values() for name in names])
    with _written(to):
        if to.suffix.lower() == ".xlsx":
            write_workbook(held, to)
            print(to)
        else:
            for path in write_csvs(held, to):
                print(path)


def audit(
    where: Annotated[str | None, typer.Argument(metavar="[REGISTRY]", help="As --registry.")] = None,
    registry: RegistryOption = WHERE,
    table: Annotated[str | None, typer.Option(help="Changes of this table alone.")] = None,
    key: Annotated[str | None, typer.Option(help="Changes of the row with this key alone.")] = None,
    last: Annotated[int, typer.Option(help="How many changes to show; 0: all.")] = 40,
    as_json: JsonOption = False,
) -> None:
    """Who changed what, and whether the log and the tables are as they were written. Exit 3 where they are not."""
    with _open(where or registry) as opened:
        batches = opened.batches()
        changes = opened.changes(table, key)
        problems = opened.verify()
    shown = changes[-last:] if last else changes
    if as_json:
        from homeground.cli.console import json_text

        told = batches.drop(columns="issues").astype(object).where(batches.drop(columns="issues").notna(), None)
        found = {"batches": told.to_dict("records"), "changes": [vars(change) for change in shown]}
        print(json_text(found | {"problems": problems}))
    else:
        _show_audit(batches, shown, len(changes), problems)
    if problems:
        raise typer.Exit(3)


def undo(
    words: Annotated[
        list[str], typer.Argument(metavar="[REGISTRY] IMPORT", help=f"Its number, as audit shows it; {BEFORE}.")
    ],
    registry: RegistryOption = WHERE,
    by: ByOption = WHO,
) -> None:
    """Take an import back: what stood before stands again. Refused where later changes build on it."""
    where, said = _registry_and(words, registry)
    if not said.isdecimal():
        raise typer.BadParameter(f'"{said}" is no number of an import: homeground accelerator audit shows them.')
    number = int(said)
    with _open(where) as opened:
        batch = opened.undo(number, actor=by)
    print(f"Import {number} ({batch.source}) is undone, as {batch.id}:")
    print(f"  {batch.removed} rows taken out, {batch.changed} as they were before, {batch.added} put back")


def backup(
    words: Annotated[
        list[str], typer.Argument(metavar="[REGISTRY] FILE", help=f"New file; .zip: a portable copy; {BEFORE}.")
    ],
    registry: RegistryOption = WHERE,
) -> None:
    """Copy the registry with its log into one file, while others may write."""
    from homeground.accelerator.registry import copies

    where, to = _registry_and(words, registry)
    with _open(where) as opened:
        print(f"{to}  sha256 {copies.backup(opened, Path(to))}")


def restore(
    copy: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    registry: RegistryOption = WHERE,
    replace: Annotated[bool, typer.Option("--replace", help="Set a registry that stands there aside.")] = False,
) -> None:
    """Make the registry from a backup, when its log and tables are found whole."""
    _needed()
    from homeground.accelerator.registry import copies

    aside = copies.restore(copy, registry, replace=replace)
    print(f"The registry is restored: {registry}")
    if aside is not None:
        print(f"What stood there lies at {aside}")


def _registry_and(words: Sequence[str], registry: str) -> tuple[str, str]:
    """The registry, where it stands before the last word, else that of the option; and the last word."""
    if len(words) > 2:
        raise typer.BadParameter(f"{' '.join(words)}: a registry and one more word were expected.")
    return (words[0] if len(words) == 2 else registry), words[-1]


@contextmanager
def _written(to: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(f"{to} cannot be written ({error.strerror}). Free space, or name another place.") from error


def _needed() -> None:
    if missing := advice("accelerator"):
        raise DataError(missing)


def _open(where: str, *, create: bool = False) -> Registry:
    _needed()
    from homeground.accelerator.registry.opening import open_registry

    return open_registry(where, create=create)


def _validated(files: Sequence[Path], registry: str | None) -> list[FileReport]:
    """Reports of files: those of IATI by their own reader, the rest together."""
    _needed()
    from homeground.accelerator.registry.importing import XML, FileReport, validate_files, validate_iati

    def spoilt(path: Path, error: Exception) -> FileReport:
        from homeground.accelerator.issues import Issue

        said = f"it cannot be read ({type(error).__name__}: {error})"
        fix = "Save it anew as .xlsx or CSV; if that does not help, report this."
        return FileReport(path.name, "", issues=[Issue(path.name, 0, "", "file", "critical", said, fix)])

    found: dict[Path, FileReport] = {}
    for path in files:
        if path.name.lower().endswith(XML):
            try:
                found[path] = validate_iati(path)
            except Exception as error:  # whatever a file is, it is told and no traceback
                found[path] = spoilt(path, error)
    sheets = [path for path in files if path not in found]
    opened = _open(registry) if registry and sheets else None
    try:
        found |= zip(sheets, validate_files(sheets, opened.engine if opened else None), strict=True)
    except DataError:
        raise  # of the registry
    except Exception as error:
        found |= {path: spoilt(path, error) for path in sheets}
    finally:
        if opened:
            opened.close()
    return [found[path] for path in files]


def _show(reports: Sequence[FileReport], *, as_json: bool) -> None:
    from homeground.cli.console import json_text

    if as_json:
        from homeground.accelerator.registry.importing import as_json as told

        print(json_text(told(reports)))
        return
    for report in reports:
        if report.already is not None:
            print(f"{report.file}: brought before, as import {report.already}; nothing was changed")
            continue
        counts = [(report.added, "added"), (report.changed, "changed"), (report.same, "the same")]
        said = ", ".join(f"{n} {what}" for n, what in [*counts, (report.left_out, "left out")] if n)
        number = f" (import {report.batch})" if report.batch else ""
        print(f"{report.file}{number}: {report.rows} rows{': ' if said else ''}{said}")
        _show_issues(report.issues)


def _show_issues(issues: Sequence[Issue]) -> None:
    from homeground.accelerator.issues import SEVERITIES
    from homeground.language.layout import fill

    ordered = sorted(issues, key=lambda issue: (SEVERITIES.index(issue.severity), issue.line))
    for issue in ordered[:TOLD]:
        where = f"line {issue.line}" if issue.line else "whole"
        at = f", {issue.path}" if issue.path else ""
        print(fill(f"  {issue.severity}, {where}{at}: {issue.message.rstrip('.')}. {issue.fix}", break_long=False))
    if len(ordered) > TOLD:
        print(f"  and {len(ordered) - TOLD} more; --json lists all")


def _show_audit(batches: Any, changes: Sequence[Any], total: int, problems: Sequence[str]) -> None:
    from homeground.language.layout import fill

    for row in batches.itertuples():
        what = f"undo of {int(row.undoes)}" if row.kind == "undo" else row.kind
        said = f"+{row.added} ~{row.changed} -{row.removed}"
        print(fill(f"{row.id}  {row.at}  {what}  {row.source}  by {row.actor}: {said}", break_long=False))
    if changes:
        print(f"\n{len(changes)} of {total} changes:")
    for change in changes:
        names = [f"{name} {change.before[name]!r} -> {change.after[name]!r}" for name in change.after]
        said = f": {', '.join(names)}" if change.what == "changed" else ""
        print(fill(f"{change.batch}  {change.table} {change.key} {change.what}{said}", break_long=False))
    print()
    print(fill("The log and the tables are as they were written." if not problems else "NOT AS WRITTEN:"))
    for problem in problems:
        print(fill(f"  {problem}", break_long=False))
