# SPDX-License-Identifier: Apache-2.0
"""What a study gives for its finance: own prices and yields, options of measures, and who pays."""

from __future__ import annotations

import pandas as pd

from homeground.errors import DataError
from homeground.finance.valuation import read_values
from homeground.language.messages import Saying, known
from homeground.measures.options import options
from homeground.study.model import Study
from homeground.study.opening import read_table


def table_beside(study: Study, name: str) -> pd.DataFrame | None:
    """A table that lies beside the study file; None where there is none."""
    path = study.folder / name
    if not path.is_file():
        return None
    try:
        return pd.read_csv(path, encoding="utf-8-sig", dtype={"note": "str", "source": "str", "licence": "str"})
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read {name} beside the study: {error}. Save it as CSV in UTF-8.") from error


def values_of(study: Study) -> pd.DataFrame:
    """The shipped values, with the study's own rows in place of those they replace."""
    shipped, own = read_values(), table_beside(study, "values.csv")
    if own is None:
        return shipped
    missing = [name for name in ("parameter", "place") if name not in own.columns]
    if missing:
        raise DataError(f"values.csv beside the study lacks {', '.join(missing)}; place is a country code or general.")
    keys = [pd.MultiIndex.from_frame(table[["parameter", "place"]]) for table in (shipped, own)]
    kept = shipped[~keys[0].isin(keys[1])].astype(object)
    joined = pd.concat([kept, own.astype(object)], ignore_index=True)
    # A row that does not say how well it is known counts as unverified.
    joined["quality"] = pd.to_numeric(joined["quality"], errors="coerce").fillna(5)
    for name in ("low", "mid", "high", "price_year"):
        joined[name] = pd.to_numeric(joined[name], errors="coerce")
    return joined


def options_of(study: Study) -> pd.DataFrame:
    """The shipped options of measures, with the study's own rows in place of those they replace."""
    own = read_table(study, "options")
    return options(pd.DataFrame(own) if own else None)


def measure_of(name: str) -> str | Saying:
    """A measure by its message; a user's own by its name."""
    return Saying(f"measure.{name}") if known(f"measure.{name}") else name.replace("_", " ")
