# SPDX-License-Identifier: Apache-2.0
"""`homeground accelerator match`: needs with the offers that could meet them, why, and what nearly fits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from homeground.cli.options import JsonOption

if TYPE_CHECKING:
    import pandas as pd

SAYS = "accelerator.match.shows."


def match(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="TABLES...",
            help="A registry, or folders and files of tables such as offers.csv and needs.csv; two files of other names: "
            "first the offers, then the needs.",
        ),
    ],
    weight: Annotated[
        list[str] | None,
        typer.Option(metavar="FEATURE=NUMBER", help="What a feature counts (repeat for all that count)."),
    ] = None,
    top: Annotated[int, typer.Option(help="Most offers that a need is shown.")] = 5,
    exposure: Annotated[
        float, typer.Option(help="Most of the lists that one offer may stand in while others stand in none.")
    ] = 0.2,
    rates: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Exchange rates: currency, year, usd, source.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year of the exchange rates.")] = None,
    keep: Annotated[
        str | None, typer.Option(metavar="ROLE", help="Keep in the registry what was shown, told by this role.")
    ] = None,
    language: Annotated[str, typer.Option(help="en, fr or zh.")] = "en",
    as_json: JsonOption = False,
) -> None:
    """Offers for each need: fit, reasons, near misses and what would have to change. Nobody is contacted."""
    from datetime import UTC, datetime

    from homeground.accelerator.matching.match import match as matched
    from homeground.accelerator.registry.given import is_registry
    from homeground.cli.console import json_text
    from homeground.errors import DataError

    if keep is not None and not (len(given) == 1 and is_registry(given[0])):
        raise DataError("--keep writes into a registry: homeground accelerator match REGISTRY --keep ROLE.")
    held = _from_two(given, rates) if _are_two(given) else _from_tables(given, rates)
    tables = matched(
        held["offers"], held["needs"], weights=_weights(weight), top=top, exposure=exposure,
        exchange_rates=held["exchange_rates"], rate_year=year, finished=held["finished"],
        day=datetime.now(UTC).date(), language=language,
    )  # fmt: skip
    if keep is not None:
        _keep(given[0], tables, keep)
    if as_json:
        print(json_text({name: _records(table) for name, table in tables.items()}, indent=1))
    else:
        print("\n".join(lines(tables, held["offers"], held["needs"], language)))


def _weights(given: list[str] | None) -> dict[str, float] | None:
    """Weights as written; None where none are."""
    from homeground.errors import DataError, Problems

    problems, found = Problems("--weight"), {}
    for word in given or []:
        name, _, number = word.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            problems.add(f'"{word}" is no feature with a number. Write such as geography=0.3.')
    problems.raise_if_any(DataError)
    return found or None


def _rates(path: Path | None) -> pd.DataFrame | None:
    from homeground.accelerator.registry.given import read_as

    return read_as(path, "exchange_rates") if path is not None else None


def _are_two(given: list[str]) -> bool:
    """Whether offers and needs are told by their places and not by the names of their files."""
    from homeground.accelerator.registry.declared import registry_tables
    from homeground.accelerator.registry.given import is_registry
    from homeground.errors import DataError

    files = [Path(one) for one in given if not is_registry(one) and not Path(one).is_dir()]
    if len(given) == 1 and files and files[0].is_file() and files[0].suffix.lower() in (".csv", ".txt", ".tsv"):
        raise DataError(f"{given[0]} is one table, and two are needed: homeground accelerator match OFFERS NEEDS.")
    named = [path for path in files if path.stem in registry_tables()]
    return len(files) == len(given) == 2 and (len(named) < 2 or [path.stem for path in files] == ["offers", "needs"])


def _from_two(given: list[str], rates: Path | None) -> dict[str, Any]:
    """Offers and needs of two spreadsheets; the faults of both are told at once."""
    from homeground.accelerator.matching.given import read_profiles
    from homeground.cli.accelerator.given import show_warnings
    from homeground.errors import DataError

    found: dict[str, Any] = {"exchange_rates": None, "finished": None}
    faults: list[str] = []
    warnings: list[str] = []
    for side, path in (("offers", Path(given[0])), ("needs", Path(given[1]))):
        try:
            found[side] = read_profiles(path, side, tell=warnings.append)
        except DataError as error:
            faults.append(str(error))
    try:
        found["exchange_rates"] = _rates(rates)
    except DataError as error:
        faults.append(str(error))
    if faults:
        raise DataError("\n".join(faults))
    show_warnings(warnings)
    return found


def _from_tables(given: list[str], rates: Path | None) -> dict[str, Any]:
    """The same of a registry, folders or files, with their exchange rates and the projects that organisations finished."""
    from homeground.accelerator.matching.match import finished_projects
    from homeground.cli.accelerator.given import told_tables

    tables = told_tables(given)
    own = _rates(rates)
    return {
        "offers": tables["offers"],
        "needs": tables["needs"],
        "exchange_rates": tables["exchange_rates"] if own is None else own,
        "finished": finished_projects(tables),
    }


def _keep(where: str, tables: dict[str, pd.DataFrame], role: str) -> None:
    """Write the run and what it showed into the registry; the same run again is the same rows."""
    from contextlib import closing

    from homeground.accelerator.registry.given import opened

    with closing(opened(where)) as registry:
        registry.write("match_runs", tables["run"], actor=role, source="homeground accelerator match")
        registry.write("match_log", tables["log"].assign(role=role), actor=role, source="homeground accelerator match")


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON; reasons as a list."""
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", date_format="iso", double_precision=9))
    return [row | {"reasons": row["reasons"].split("\n")} if row.get("reasons") else row for row in rows]


def lines(tables: dict[str, pd.DataFrame], offers: pd.DataFrame, needs: pd.DataFrame, code: str = "en") -> list[str]:
    r"""What `match` found, in 80 columns: each need with its offers, then the money.

    Parameters
    ----------
    tables : dict of DataFrame
        Of `homeground.accelerator.matching.match.match`.
    offers, needs : DataFrame
        For their titles.
    code : str
        en, fr or zh.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import pandas as pd
    >>> from homeground.accelerator.matching.match import match
    >>> made = {"profile": ["A"], "title": ["t"], "kind": ["land"], "consent": ["yes"], "active": ["no"]}
    >>> one = pd.DataFrame(made)
    >>> print("\n".join(lines(match(one, one), one, one)[:3]))
    A t
      No offer passes all filters.
      Near misses: one filter alone keeps these apart.
    """
    from homeground.language.layout import fill
    from homeground.language.messages import phrase

    titles = {side: dict(zip(t["profile"], t["title"], strict=True)) for side, t in (("o", offers), ("n", needs))}
    found: list[str] = []
    for need in sorted(titles["n"]):
        found += fill(f"{need}  {titles['n'][need]}").split("\n")
        shown = tables["matches"][tables["matches"]["need"] == need]
        for row in shown.to_dict("records"):
            found += _offer(row, titles["o"], code)
        if not len(shown):
            found.append(fill(phrase(SAYS + "none", code), first="  ", rest="  "))
        near = tables["near_misses"][tables["near_misses"]["need"] == need]
        if len(near):
            found.append(fill(phrase(SAYS + "near", code), first="  ", rest="  "))
        for row in near.to_dict("records"):
            told = f"{row['offer']}  {titles['o'][row['offer']]}. {row['change']}"
            found.append(fill(told, first="   - ", rest="     "))
        apart = tables["left_out"][tables["left_out"]["need"] == need]
        if len(apart):
            counts = [_count(row, code) for row in apart.to_dict("records")]
            found.append(fill(phrase(SAYS + "left_out", code, counts=counts), first="  ", rest="  "))
        found.append("")
    year = tables["run"]["rate_year"].iloc[0]
    if isinstance(year, int):
        found += [fill(phrase(SAYS + "converted", code, year=str(year))), ""]
    return [*found, *_money(tables, code), fill(phrase(SAYS + "nobody", code))]


def _count(row: dict[Any, Any], code: str) -> str:
    from homeground.language.messages import phrase

    name = phrase(f"accelerator.match.filter.{row['filter']}", code)
    return phrase(SAYS + "count", code, filter=name, n=row["offers"])


def _offer(row: dict[Any, Any], titles: dict[str, str], code: str) -> list[str]:
    """One offer of a list with its score and reasons."""
    import math

    from homeground.accelerator.matching.reasons import part
    from homeground.language.layout import fill
    from homeground.language.messages import phrase

    told = [fill(f"{row['rank']}. {row['offer']}  {titles[row['offer']]}", first="  ", rest="     ")]
    if not math.isnan(row["score"]):
        words = {"score": "score", "known": "completeness", "need": "need_view", "offer": "offer_view"}
        fit = phrase(SAYS + "score", code, **{word: part(row[column], code) for word, column in words.items()})
        told.append(fill(fit, first="     ", rest="     "))
    return told + [fill(reason, first="     - ", rest="       ") for reason in row["reasons"].split("\n") if reason]


def _instrument(said: object, code: str) -> str:
    """Instruments that both allow, in the language; of several it is not yet settled which."""
    from homeground.accelerator.matching.practices import named
    from homeground.language.messages import phrase

    words = said.split(" or ") if isinstance(said, str) and said else []
    return " / ".join(named(word, code) for word in words) or phrase(SAYS + "instrument_unsaid", code)


def _money(tables: dict[str, pd.DataFrame], code: str) -> list[str]:
    """The sharing out of money: links, sums by instrument, what stays open, and how far it is from the best."""
    import math

    from homeground.accelerator.matching.reasons import money, part
    from homeground.language.layout import fill
    from homeground.language.messages import phrase

    if not len(tables["open_needs"]):
        return []
    found = [phrase(SAYS + "allocation", code)]
    for row in tables["allocation"].to_dict("records"):
        words = {"offer": row["offer"], "need": row["need"], "instrument": _instrument(row["instrument"], code)}
        told = phrase(SAYS + "link", code, amount=money(row["amount_minor"], row["currency"], code), **words)
        found.append(fill(told, first="- ", rest="  "))
    for row in tables["totals"].to_dict("records"):
        said = _instrument(row["instrument"], code)
        amount = money(row["amount_minor"], row["currency"], code)
        found.append(fill(phrase(SAYS + "total", code, instrument=said, amount=amount)))
    for row in tables["open_needs"].to_dict("records"):
        amounts = {name: money(row[f"{name}_minor"], row["currency"], code) for name in ("given", "gap")}
        found.append(fill(phrase(SAYS + "open", code, need=row["need"], **amounts)))
    for row in tables["bounds"].to_dict("records"):
        if math.isnan(row["bound"]):
            found.append(fill(phrase(SAYS + "no_bound", code, currency=row["currency"])))
        elif row["bound"] > 0:
            share = part(row["share"], code)
            found.append(fill(phrase(SAYS + "bound", code, share=share, currency=row["currency"])))
    return [*found, ""]
