# SPDX-License-Identifier: Apache-2.0
"""The same files give the same ladder, read from their folder or by way of a registry."""

from __future__ import annotations

import pandas as pd
import pytest

from homeground.accelerator.ladder.finance_ladder import finance_ladder
from homeground.accelerator.registry.given import read_tables

pytest.importorskip("sqlalchemy", reason="the registry needs the extra accelerator")
opening = pytest.importorskip(
    "homeground.accelerator.registry.opening", reason="this homeground has no database of the registry"
)

FILES = {
    "organisations": "organisation,name\nBANK,Bank\n",
    "projects": "project,title,reporting_organisation,status,currency\nW,Wall,BANK,implementation,USD\nX,Road,BANK,suspended,USD\n",
    "project_countries": "project,iso3,share\nW,NER,66.67\nW,MLI,33.33\nX,NER,100\n",
    "project_pillars": "project,pillar,share\nW,2,50\nW,5,50\n",
    "transactions": (
        "transaction,project,kind,date,amount,currency,donor,receiver_project,instrument,confirmed_by,confirmed_on\n"
        "T1,W,commitment,2022-02-01,1000000.01,USD,BANK,,loan,donor,2024-02-01\n"
        "T2,W,disbursement,2023-02-01,400000,USD,BANK,X,loan,,\n"
        "T3,X,disbursement,2023-05-01,250000,USD,,,grant,,\n"
        "T4,W,expenditure,2023-05-01,-5,USD,,,,,\n"
    ),
    "exchange_rates": "currency,year,usd,source\nEUR,2023,1.08,made\n",
}


def test_a_folder_and_a_registry_give_one_ladder(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with opening.open_registry(tmp_path / "wall.db", create=True) as registry:
        reports = registry.import_files(sorted(folder.glob("*.csv")), actor="analyst")
        assert [issue for one in reports for issue in one.issues if issue.severity in ("critical", "error")] == []
        stored = {name: registry.table(name) for name in FILES}
    keys = ["donor", "iso3", "pillar", "instrument", "step", "currency"]
    ladders = [finance_ladder(tables, usd=True) for tables in (stored, read_tables([folder]))]
    one, other = (ladder.cells.astype(dict.fromkeys(keys, "str")) for ladder in ladders)
    pd.testing.assert_frame_equal(one, other)
    counted = one.groupby("step")[["amount_minor", "linked_minor"]].sum()
    assert counted.loc["committed", "amount_minor"] == 100_000_001
    assert counted.loc["disbursed"].tolist() == [40_000_000, 25_000_000]
