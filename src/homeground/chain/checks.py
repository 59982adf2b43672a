# SPDX-License-Identifier: Apache-2.0
"""What can be told of a study before anything runs: its countries, its plan, and the files it names or has beside it."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable, Iterator

from homeground.brief.policy_brief.typesetting import undrawn
from homeground.catalogue.countries import check_countries
from homeground.catalogue.given import given_path
from homeground.errors import DataError, HomegroundError, Problems, StudyError
from homeground.extras import absent, advice
from homeground.numbers.money import parse_amount
from homeground.running.fingerprints import PACKAGE
from homeground.study.model import Study
from homeground.study.opening import SHIPPED, open_study

SERIES = ("ndvi", "productivity_baseline", "productivity_period", "cover_series", "rain_series")
CHINESE = (("\u2e80", "\u9fff"), ("\uf900", "\ufaff"), ("\uff00", "\uffef"))  # signs, first and last
GOALS, OPTIONS, VALUES, SOURCES, FUND = "data.goals", "data.options", "values.csv", "sources.csv", "trust_fund.csv"


def validate_all(study: Study, *, values: bool = False) -> list[str]:
    """Check a study and all its scenarios.

    Parameters
    ----------
    study : Study
        As `open_study` gives it.
    values : bool, optional
        Whether every value of maps and series is read too.

    Returns
    -------
    list of str
        Names of the scenarios, "base" first.

    Raises
    ------
    StudyError, DataError
        All problems at once; what is wrong in several scenarios is told once.
    """
    names = ["base", *study.scenario_names]
    errors: dict[str, HomegroundError] = {}
    for name in names:
        try:
            validate(open_study(study.file, name), values=values)
        except (StudyError, DataError) as error:
            errors.setdefault(str(error), error)
    if errors:
        raise type(next(iter(errors.values())))("\n".join(errors))
    return names


def validate(study: Study, *, values: bool = False) -> None:
    """Check a study against what the catalogue holds, and all files it names: tables wholly, of series heads and a block.

    Parameters
    ----------
    study : Study
        As `open_study` gives it, with a scenario merged in or without.
    values : bool, optional
        Whether all values of maps and series are read too, piece by piece, by the checks that a run makes of them. Left
        out, what their files say of themselves is looked at and one block of their values.

    Raises
    ------
    StudyError
        All problems of the study and of its data at once, where there are some of the study.
    DataError
        All problems of its data at once.
    """
    problems = Problems("study.toml")
    unknown = check_countries(study.countries)
    problems.extend(unknown)
    if unknown:
        problems.raise_if_any(StudyError)
    problems.extend(_plan_problems(study))
    problems.extend(_undrawn(study))
    data = Problems("[data]")
    data.extend(_without_kernels(study))
    data.extend(dict.fromkeys(text.replace("\n", "\n  ") for text in _data_problems(study, values)))
    if problems.messages:
        problems.extend(data.messages)
    problems.raise_if_any(StudyError)
    data.raise_if_any(DataError)


def _without_kernels(study: Study) -> Iterator[str]:
    """Series are worked out cell by cell, which would take hours without a compiler."""
    given = [name for name in SERIES if study.layer(name) is not None]
    if given and absent("numba"):
        yield f"to work out {', '.join(given)} cell by cell, {advice('kernels')}"


def _data_problems(study: Study, values: bool) -> Iterator[str]:
    """What is wrong with the files of a study; nothing heavy is loaded where it has none of its own."""
    shipped = SHIPPED in study.folder.parents
    own = study.data.model_fields_set - ({"goals"} if shipped else set())
    tables = (VALUES, SOURCES) if shipped else (VALUES, SOURCES, FUND)
    beside = [name for name in tables if given_path(study, name) is not None]
    if not (own or beside or values):
        return
    from homeground.brief.accelerator.beside_plan import registry_of
    from homeground.catalogue.given import given_table
    from homeground.catalogue.layers.series import problems_of_layers
    from homeground.catalogue.regions import study_regions
    from homeground.catalogue.trends_earth.job import check_job_values
    from homeground.finance.value_chain.given import chains_of
    from homeground.land.against.checks import job_of
    from homeground.land.assessment.covers import own_legends
    from homeground.land.assessment.matrices import (
        matrices_of,
        polygons_of,
        read_confirmed,
        read_errors,
        read_register,
        read_zones,
    )
    from homeground.land.reference.plots import reference_plots
    from homeground.measures.rights.given import answers_of, rights_of
    from homeground.measures.work.places import access_of
    from homeground.people.steps.regions import own_population

    found = problems_of_layers(study)
    checks: list[Callable[[], object]] = [
        lambda: _named_regions(study),
        lambda: matrices_of(study),
        lambda: polygons_of(study, "matrix_zones", read_zones),
        lambda: polygons_of(study, "error_polygons", read_errors),
        lambda: polygons_of(study, "abandonment_confirmed", read_confirmed),
        lambda: polygons_of(study, "degraded_register", read_register),
        lambda: own_legends(study),
        lambda: None if study.data.population is None else own_population(study, study_regions(study)),
        lambda: given_table(study, GOALS),
        lambda: access_of(study),
        lambda: chains_of(study),
        lambda: rights_of(study),
        lambda: answers_of(study),
        lambda: reference_plots(study),
        lambda: job_of(study),
        lambda: registry_of(study),
    ]
    for check in checks:
        found += _told(check)
    # Nothing can be told of places without regions, and layers that do not fit together are not read together.
    fit = bool(
        own - {"goals", "options", "population", "access", "rights", "screening", "value_chain", "registry"}
    ) and not _told(checks[0])
    if fit:
        from homeground.land.stage.checks import problems_of_heads

        heads = [*problems_of_heads(study)]
        fit = not heads and not problems_of_layers(study)
        found += heads
    if given_path(study, OPTIONS) is not None or beside:
        found += _money_problems(study)
    yield from found
    if fit:
        from homeground.land.stage.checks import problems_of_blocks, problems_of_values

        yield from (problems_of_values if values else problems_of_blocks)(study)
    if fit and values:
        yield from _told(lambda: check_job_values(study))


def _told(check: Callable[[], object]) -> list[str]:
    """What a check says where it fails."""
    try:
        check()
    except (DataError, StudyError) as error:
        return [str(error)]
    return []


def _money_problems(study: Study) -> Iterator[str]:
    """What is wrong with options, values and sources, each by itself, then together."""
    from homeground.finance.flows.checks import check_price_years
    from homeground.finance.sources import source_stack
    from homeground.finance.steps.appraisal import total_budget
    from homeground.finance.steps.given import sources_of, values_of
    from homeground.finance.trust_fund.terms import fund_terms
    from homeground.measures.given import options_of
    from homeground.measures.planning.plan import check_money

    alone = [
        *_told(lambda: options_of(study, chosen=True)),
        *_told(lambda: values_of(study)),
        *_told(lambda: sources_of(study)),
        *_told(lambda: fund_terms(study)),
    ]
    yield from alone
    budget = total_budget(study)
    if alone or budget is None:
        return
    options = options_of(study, chosen=True)
    yield from _told(lambda: check_money(budget, options))
    yield from _told(lambda: check_price_years(options, values_of(study)))
    yield from _told(lambda: source_stack(budget, sources_of(study)))


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
            yield f"{where}: {_no_typeface(lost)}"


def _no_typeface(lost: list[str]) -> str:
    listed = ", ".join(f"{c} (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}" for c in lost)
    chinese = advice("chinese") if any(low <= c <= high for c in lost for low, high in CHINESE) else ""
    way = f"For Chinese, {chinese}." if chinese else "Write it in letters of a UN language."
    return f"no typeface of the brief has the character(s) {listed}. {way}"


def _plan_problems(study: Study) -> Iterator[str]:
    """What is wrong with a plan that can be told before anything runs; read without heavy libraries."""
    with (PACKAGE / "measures" / "options.csv").open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    known = {row["measure"] for row in shipped}
    for measure in study.plan.measures or []:
        if measure not in known and not study.data.options:
            close = difflib.get_close_matches(measure, sorted(known), n=1)
            hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(sorted(known))}."
            yield f'plan.measures: no measure "{measure}" in the options. {hint}'
    budget, priced = study.plan.budget, [row for row in shipped if row["price_year"].isdigit()]
    if budget is None:
        return
    late = budget.years[1] - budget.years[0] - study.finance.horizon
    if late > 0 and study.plan.pace == "even":
        yield (
            f"finance.horizon: {study.finance.horizon} years, and the plan starts land until {late} year(s) after its end. "
            "Lengthen the horizon."
        )
    if study.data.options:  # a user's own options may be of other years: they are held against the budget with them
        return
    currency, year = priced[0]["currency"], int(priced[0]["price_year"])
    if parse_amount(budget.amount)[1] != currency:
        yield f'plan.budget: "{budget.amount}" is not in {currency}, in which the costs are. Convert it.'
    if budget.price_year not in (year, "as published"):
        yield (
            f"plan.budget: prices of {budget.price_year}, but costs are in prices of {year}. Give the budget in prices "
            f'of {year}, or write price_year = "as published".'
        )
