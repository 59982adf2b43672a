# SPDX-License-Identifier: Apache-2.0
"""The library of published effects on mobility: its columns, its checks, and what it says for one country."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from homeground.catalogue import atlas_files
from homeground.errors import DataError, Problems
from homeground.evidence.ladder import CLAIMS, TRIAL, one_driver

TEXT = (
    "effect_id", "study", "cluster", "place", "iso3s", "region", "period", "unit_of_analysis", "driver",
    "driver_direction", "driver_measure", "outcome", "outcome_measure", "metric", "contrast", "sign",
    "design", "stance", "moderator", "heterogeneity", "why_not_pooled", "source", "source_seen", "licence",
    "kind", "note",
)  # fmt: skip
NUMBERS = ("year_published", "estimate", "standard_error", "ci_low", "ci_high", "evidence_level")
COLUMNS = (*TEXT, *NUMBERS, "use_for_pooling")
KEYS = ("stance", "driver", "outcome")  # of the reading for a country
READ = (
    *KEYS, "effect_id", "cluster", "iso3s", "region", "metric", "contrast", "driver_direction", "estimate",
    "evidence_level", "use_for_pooling",
)  # fmt: skip

# What one unit of `estimate` is. Ratios are compared with 1, all others with 0. There is no count of people.
RATIOS = ("odds_ratio", "relative_risk")
METRICS = (
    "percentage_points",
    "percent_change",
    "standardised_beta",
    "difference_of_standardised_beta",
    "elasticity",
    "semi_elasticity",
    "log_odds_ratio",
    "log_relative_risk",
    *RATIOS,
    "household_members",
    "share_of_results",
    "sign_only",
)
SIGNS = ("+", "0", "-", "depends")
STANCES = ("environment", "measure", "reverse")

# Sub-regions of the UN (M49) of the countries of the atlas; Kosovo is no M49 entry of its own and stands with its
# neighbours, in the library as KOS.
SUBREGION = {row["iso3"]: row["subregion"] for row in atlas_files.rows("countries.csv")} | {"KOS": "Southern Europe"}
# "Sub-Saharan Africa" in M49 holds these; a study of it speaks for each of them as "elsewhere in the region".
WIDER = dict.fromkeys(("Eastern Africa", "Middle Africa", "Southern Africa", "Western Africa"), "Sub-Saharan Africa")


def check_effects(effects: pd.DataFrame) -> pd.DataFrame:
    """Published effects with numbers as numbers and missing as missing, or every fault of the table at once.

    Parameters
    ----------
    effects : DataFrame, one row per published effect
        The columns of `COLUMNS`, as text (read with ``dtype=str, keep_default_na=False``) or already typed.
        `estimate` in units of `metric` for the change of the driver named in `contrast`, in the direction
        `driver_direction` ("more" or "less" of the driver); `standard_error`, `ci_low`, `ci_high` in the
        same units; `sign` of the effect on the outcome as named (for "net", + means more people in the
        place), left empty where the estimate gives it.

    Returns
    -------
    DataFrame
        The same rows in order. Numbers are float64 (NaN where missing), `use_for_pooling` is bool, texts
        are stripped, `sign` is filled: from the estimate, and "0" where a published standard error or
        interval does not tell it from none (95 %).

    Raises
    ------
    DataError
        A column or a metric is missing, a word is unknown, a number is none, an identifier comes twice, a
        standard error is not above zero, an interval does not hold its estimate, a driver is not in
        ``drivers.csv``, or two drivers, such as drought and degradation, share a row. Rows are named by `effect_id`.

    Notes
    -----
    The sign test uses the estimate and 1.959964 standard errors, or the published interval.

    Examples
    --------
    >>> row = dict.fromkeys(COLUMNS, "") | dict(effect_id="a", study="A", cluster="a", driver="drought",
    ...     driver_direction="more", outcome="internal", metric="percentage_points", contrast="yes/no",
    ...     estimate="2.5", stance="environment", evidence_level="3", use_for_pooling="yes")
    >>> checked = check_effects(pd.DataFrame([row]))
    >>> checked["sign"].item(), checked["estimate"].item()
    ('+', 2.5)
    """
    missing = [name for name in COLUMNS if name not in effects.columns]
    if missing:
        raise DataError(f"The table of effects lacks the columns {', '.join(missing)}. Add them (empty is allowed).")
    table = effects.reset_index(drop=True).copy()
    for name in TEXT:
        table[name] = table[name].fillna("").astype(str).str.strip()
    table["iso3s"] = table["iso3s"].str.replace(" ", "", regex=False)
    problems = Problems("The table of effects")
    ids = table["effect_id"]
    for name in NUMBERS:
        empty = table[name].isna() | table[name].astype(str).str.strip().eq("")
        value = pd.to_numeric(table[name].where(~empty), errors="coerce")
        _name_rows(problems, f"{name} is not a number", ids[value.isna() & ~empty])
        table[name] = value.astype("float64")
    flag = table["use_for_pooling"].astype(str).str.strip().str.lower()
    _name_rows(problems, "use_for_pooling is neither yes nor no", ids[~flag.isin(["yes", "no", "true", "false"])])
    table["use_for_pooling"] = flag.isin(["yes", "true"])
    _check_rows(table, problems)
    problems.raise_if_any(DataError)
    table["sign"] = _fill_signs(table)
    return table


def _name_rows(problems: Problems, fault: str, ids: pd.Series) -> None:
    if len(ids):
        problems.add(f"{fault}: {', '.join(ids)}")


def _check_rows(table: pd.DataFrame, problems: Problems) -> None:
    ids = table["effect_id"]
    words = {
        "metric": METRICS,
        "driver_direction": ("more", "less"),
        "stance": STANCES,
        "sign": ("", *SIGNS),
    }
    numbered = (table.index + 1).astype(str) + " " + ids
    for name in ("effect_id", "study", "cluster", "driver", "outcome", "metric", "contrast"):
        _name_rows(problems, f"{name} is missing in row", numbered[table[name] == ""])
    _name_rows(problems, "effect_id comes twice", ids[ids.duplicated() & (ids != "")])
    for name, allowed in words.items():
        wrong = ~table[name].isin(allowed) & ((table[name] != "") | (name in ("driver_direction", "stance")))
        _name_rows(problems, f"{name} is not one of {', '.join(filter(None, allowed))}", ids[wrong])
    level = table["evidence_level"]
    _name_rows(problems, "evidence_level is not 1, 2, 3 or 4", ids[~level.isin([1, 2, 3, 4])])
    _name_rows(problems, "standard_error is not above zero", ids[table["standard_error"] <= 0])
    outside = (table["ci_low"] > table["estimate"]) | (table["ci_high"] < table["estimate"])
    _name_rows(problems, "the interval does not hold the estimate", ids[outside])
    bare = (table["metric"] == "sign_only") != table["estimate"].isna()
    _name_rows(problems, 'metric "sign_only" goes with rows without an estimate, and only with them', ids[bare])
    for driver, rows in ids[table["driver"] != ""].groupby(table["driver"]):
        try:
            if not one_driver(str(driver)):
                _name_rows(problems, f"{driver} are two drivers and share one effect", rows)
        except DataError as error:
            _name_rows(problems, str(error).rstrip("?.") + ", of", rows)
    unsigned = table["estimate"].isna() & (table["sign"] == "")
    _name_rows(problems, "neither an estimate nor a sign", ids[unsigned])


def _fill_signs(table: pd.DataFrame) -> pd.Series:
    """The stated sign, else that of the estimate; "0" where it cannot be told from no effect at 95 %."""
    none = np.where(table["metric"].isin(RATIOS), 1.0, 0.0)
    away = table["estimate"] - none
    half = 1.959964 * table["standard_error"]
    # A ratio's standard error has no agreed scale, so only its interval decides.
    half = half.where(~table["metric"].isin(RATIOS))
    unclear = (away.abs() < half) | ((table["ci_low"] < none) & (table["ci_high"] > none)) | (away == 0)
    from_number = pd.Series(np.where(unclear, "0", np.where(away > 0, "+", "-")), index=table.index)
    return table["sign"].where((table["sign"] != "") | table["estimate"].isna(), from_number)


def sign_of_more(effects: pd.DataFrame) -> pd.Series:
    """The sign of the effect of MORE of the driver, so that rows on "less rain" and "more rain" compare.

    Parameters
    ----------
    effects : DataFrame
        Checked effects (`check_effects`); read are ``sign`` and ``driver_direction``.

    Returns
    -------
    Series of str, index of `effects`
        "+", "-", "0" or "depends": plus and minus change places where the direction is "less".

    Examples
    --------
    >>> sign_of_more(pd.DataFrame({"sign": ["+", "0", "-"], "driver_direction": ["less"] * 3})).tolist()
    ['-', '0', '+']
    """
    turned = effects["sign"].replace({"+": "-", "-": "+"})
    return effects["sign"].where(effects["driver_direction"] != "less", turned)


def moderators_of(effects: pd.DataFrame) -> pd.DataFrame:
    """How the effect differs between kinds of countries, as published: shown beside results, never pooled.

    Parameters
    ----------
    effects : DataFrame
        Checked effects (`check_effects`).

    Returns
    -------
    DataFrame, columns moderator, estimate, standard_error, metric, study, source, source_seen, note
        One row per published moderator.

    Examples
    --------
    >>> row = dict.fromkeys(COLUMNS, "") | dict(study="A", cluster="a", driver="drought", driver_direction="more",
    ...     outcome="internal", metric="elasticity", contrast="yes/no", stance="environment", evidence_level="3",
    ...     use_for_pooling="no")
    >>> rows = [row | dict(effect_id="a", estimate="1"), row | dict(effect_id="b", estimate="2", moderator="poor")]
    >>> moderators_of(check_effects(pd.DataFrame(rows)))[["moderator", "estimate"]].values.tolist()
    [['poor', 2.0]]
    """
    rows = effects[effects["moderator"] != ""]
    names = ["moderator", "estimate", "standard_error", "metric", "study", "source", "source_seen", "note"]
    return rows[names].reset_index(drop=True)


def country_reading(
    effects: pd.DataFrame,
    iso3: str,
    moderators: pd.DataFrame | None = None,
    *,
    subregions: Mapping[str, str] = SUBREGION,
) -> pd.DataFrame:
    """What the published studies say for one country: signs, ranges and level of evidence, never people.

    Parameters
    ----------
    effects : DataFrame
        Checked effects (`check_effects`).
    iso3 : str
        The country, ISO 3166-1 alpha-3.
    moderators : DataFrame, optional, with a column ``iso3``
        Context of the country (share of agriculture, income group, conflict ...), shown as it is.
    subregions : mapping of iso3 to the name of the UN sub-region

    Returns
    -------
    DataFrame, one row per stance, driver and outcome that the library knows, columns
        iso3, stance, driver, outcome; coverage: "country" (studies of this one), "region" (elsewhere in it) or "none";
        studies: independent studies counted; studies_joint: those of them that give one effect for several
        countries together; positive, zero, negative, depends: studies by the sign of MORE of the driver (a
        study that reports two signs counts under both); metric, driver_direction, contrast, low, high: the range of
        independent estimates, only within one metric, contrast and direction; range_note: "estimates" (range_n of
        them), "measures" (no range, they come in range_n different measures), "no_number" (no study prints one) or "";
        evidence_level (1 to 4, highest), evidence; effect_ids; and ``context_*`` from `moderators`.

    Raises
    ------
    DataError
        The country is not among `subregions`, or `moderators` lacks it or names it twice.

    Notes
    -----
    Studies of the country come first; only where there is none are studies of the same sub-region shown.
    Studies of the world or of origins together speak for no single country and are left out, as are
    moderators, meta-analyses and projections.

    Examples
    --------
    >>> row = dict.fromkeys(COLUMNS, "") | dict(effect_id="a", study="A", cluster="a", iso3s="MLI",
    ...     region="Western Africa", driver="drought", driver_direction="more", outcome="international",
    ...     metric="sign_only", contrast="as worded", sign="+", stance="environment", evidence_level="3",
    ...     use_for_pooling="yes")
    >>> read = country_reading(check_effects(pd.DataFrame([row])), "NER")
    >>> read["coverage"].item(), read["positive"].item(), read["evidence"].item()
    ('region', 1, 'consistent with a causal effect')
    """
    if iso3 not in subregions:
        raise DataError(f"{iso3} is not among the countries with a known sub-region. Pass it in `subregions`.")
    own = effects[(effects["moderator"] == "") & ~effects["design"].eq("meta") & ~effects["kind"].eq("modelled")]
    region = subregions[iso3]
    lines = []
    for key, rows in _groups(own).items():
        here = [row for row in rows if iso3 in row["iso3s"].split(";")]
        around = [row for row in rows if row["region"] in (region, WIDER.get(region, region))]
        # What a study of the whole region says in general stands beside what it says for this country.
        clusters = {row["cluster"] for row in here}
        used, coverage = [*here, *(r for r in around if r["iso3s"] == "" and r["cluster"] in clusters)], "country"
        if not here:
            used, coverage = around, "region"
        line = dict(zip(KEYS, key, strict=True)) | {"coverage": coverage if used else "none"}
        lines.append({"iso3": iso3} | line | _tally(used) | _range(used) | _level(used))
    out = pd.DataFrame(lines)
    return out if moderators is None else out.merge(_context(moderators, iso3), how="cross")


def _groups(effects: pd.DataFrame) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Effects by stance, driver and outcome, as records: the groups are many and small, and tables of them slow."""
    table = effects[list(READ)].assign(sign=sign_of_more(effects))
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in table.to_dict("records"):
        groups.setdefault(tuple(row[name] for name in KEYS), []).append({str(name): v for name, v in row.items()})
    return dict(sorted(groups.items()))


def _tally(rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    studies = {
        name: len({row["cluster"] for row in rows if row["sign"] == mark})
        for name, mark in (("positive", "+"), ("zero", "0"), ("negative", "-"), ("depends", "depends"))
    }
    joint = {row["cluster"] for row in rows if row["iso3s"] == "" or ";" in row["iso3s"]}
    return {
        "studies": len({row["cluster"] for row in rows}),
        "studies_joint": len(joint),
        **studies,
        "effect_ids": ";".join(row["effect_id"] for row in rows),
    }


def _range(rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    numbers = [row for row in rows if row["use_for_pooling"] and not math.isnan(row["estimate"])]
    kinds = {(row["metric"], row["contrast"], row["driver_direction"]) for row in numbers}
    empty = {"metric": "", "driver_direction": "", "contrast": "", "low": np.nan, "high": np.nan}
    if not kinds:
        return empty | {"range_note": "no_number" if rows else "", "range_n": 0}
    if len(kinds) > 1:
        return empty | {"range_note": "measures", "range_n": len(kinds)}
    metric, contrast, direction = kinds.pop()
    values = [float(row["estimate"]) for row in numbers]
    return {
        "metric": metric,
        "driver_direction": direction,
        "contrast": contrast,
        "low": min(values),
        "high": max(values),
        "range_note": "estimates",
        "range_n": len(values),
    }


def _level(rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    if not rows:
        return {"evidence_level": np.nan, "evidence": ""}
    level = int(max(row["evidence_level"] for row in rows))
    # In this library level 4 is a randomised trial of a programme, never a climate attribution.
    return {"evidence_level": float(level), "evidence": TRIAL if level == len(CLAIMS) else CLAIMS[level - 1]}


def _context(moderators: pd.DataFrame, iso3: str) -> pd.DataFrame:
    if "iso3" not in moderators.columns:
        raise DataError("The table of moderators has no column iso3. Add it.")
    rows = moderators[moderators["iso3"] == iso3]
    if len(rows) != 1:
        raise DataError(f"The table of moderators has {len(rows)} rows for {iso3}, 1 was expected.")
    return rows.drop(columns="iso3").add_prefix("context_")
