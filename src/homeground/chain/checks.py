# SPDX-License-Identifier: Apache-2.0
"""What can be told of a study before anything runs: its countries, its plan, and the files it names."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator

from homeground.brief.policy_brief.typesetting import undrawn
from homeground.catalogue import atlas_files
from homeground.catalogue.countries import check_countries
from homeground.errors import DataError, Problems, StudyError
from homeground.numbers.money import parse_amount
from homeground.running.fingerprints import PACKAGE
from homeground.study.model import Study
from homeground.study.opening import read_table


def validate(study: Study) -> None:
    """Check a study against what the catalogue holds, and its maps and series; the file was checked when it was opened.

    Values of maps and series are not read, only what their files say of themselves.

    Parameters
    ----------
    study : Study
        As `open_study` gives it, with a scenario merged in or without.

    Raises
    ------
    StudyError
        All problems of the study at once.
    DataError
        All problems of its data at once.
    """
    problems = Problems("study.toml")
    unknown = check_countries(study.countries)
    problems.extend(unknown)
    if not unknown:
        boxes = sorted({atlas_files.box_of([c]) for c in study.countries})
        if len(boxes) > 1:
            problems.add(
                f"countries lie in several areas of the embedded atlas ({', '.join(boxes)}); one study covers one. "
                "Make one study for each."
            )
    problems.extend(_plan_problems(study))
    problems.extend(_undrawn(study))
    problems.raise_if_any(StudyError)
    problems = Problems("[data]")
    problems.extend(_data_problems(study))
    problems.raise_if_any(DataError)


def _data_problems(study: Study) -> Iterator[str]:
    """What is wrong with the files that a study names; nothing heavy is loaded where it names none."""
    if not study.data.model_fields_set - {"goals"}:
        return
    from homeground.catalogue.layers.series import problems_of_layers
    from homeground.catalogue.regions import study_regions
    from homeground.land.assessment.covers import own_legends
    from homeground.land.assessment.matrices import matrices_of, polygons_of, read_confirmed, read_errors, read_zones
    from homeground.people.steps.regions import own_population

    yield from problems_of_layers(study)
    checks = (
        lambda: _named_regions(study),
        lambda: matrices_of(study),
        lambda: polygons_of(study, "matrix_zones", read_zones),
        lambda: polygons_of(study, "error_polygons", read_errors),
        lambda: polygons_of(study, "abandonment_confirmed", read_confirmed),
        lambda: own_legends(study),
        lambda: None if study.data.population is None else own_population(study, study_regions(study)),
    )
    for check in checks:
        try:
            check()
        except DataError as error:
            yield str(error)


def _named_regions(study: Study) -> None:
    """The regions, with names that the brief can set."""
    from homeground.catalogue.regions import study_regions

    file = study.input("regions")
    names = study_regions(study)["name"]
    if file is not None and (lost := undrawn("".join(map(str, names)))):
        raise DataError(
            f"{file.name}: of the names, {_no_typeface(lost)} Name the regions in letters of a UN "
            "language: [data].regions = { path, name = COLUMN }."
        )


def _undrawn(study: Study) -> Iterator[str]:
    """Texts of the study that the brief cannot set: told now, not at the end of a run."""
    texts = {"title": study.title, "question": study.question}
    texts |= {f"cannot_say, sentence {n}": text for n, text in enumerate(study.cannot_say, start=1)}
    for where, text in texts.items():
        if lost := undrawn(text):
            yield f"{where}: {_no_typeface(lost)} Write it in letters of a UN language."


def _no_typeface(lost: list[str]) -> str:
    listed = ", ".join(f"{c} (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}" for c in lost)
    return f"no typeface of the brief has the character(s) {listed}."


def _plan_problems(study: Study) -> Iterator[str]:
    """What is wrong with a plan that can be told before anything runs; read without heavy libraries."""
    with (PACKAGE / "measures" / "options.csv").open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    known = {row["measure"] for row in (*shipped, *read_table(study, "options"))}
    for measure in study.plan.measures or []:
        if measure not in known:
            close = difflib.get_close_matches(measure, sorted(known), n=1)
            hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(sorted(known))}."
            yield f'plan.measures: no measure "{measure}" in the options. {hint}'
    budget, priced = study.plan.budget, [row for row in shipped if row["currency"]]
    if budget is None or study.data.options:  # a user's own options may be in other money: the plan checks them
        return
    currency, year = priced[0]["currency"], int(priced[0]["price_year"])
    if parse_amount(budget.amount)[1] != currency:
        yield f'plan.budget: "{budget.amount}" is not in {currency}, in which the costs are. Convert it.'
    if budget.price_year not in (year, "as published"):
        yield (
            f"plan.budget: prices of {budget.price_year}, but costs are in prices of {year}. Give the budget in prices "
            f'of {year}, or write price_year = "as published".'
        )
