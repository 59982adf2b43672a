# SPDX-License-Identifier: Apache-2.0
"""Who changed what, optimistic locking, undo, backup and restore, migrations."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from tools import build_migration

from homeground.accelerator.registry import audit, copies
from homeground.accelerator.registry.engine import reading, writing
from homeground.accelerator.registry.migrations.upgrading import HERE, newest
from homeground.accelerator.registry.opening import Registry, open_registry
from homeground.accelerator.registry.schema import metadata, triggers
from homeground.errors import DataError

File = Callable[[str, str], Path]


def rates(**usd: float) -> pd.DataFrame:
    return pd.DataFrame({"currency": list(usd), "year": 2021, "usd": list(usd.values()), "source": "made"})


def usd(registry: Registry) -> dict[str, float]:
    table = registry.table("exchange_rates")
    return dict(zip(table["currency"], table["usd"], strict=True))


def test_model_and_migrated_database_do_not_differ(registry: Registry) -> None:
    with reading(registry.engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []
        assert context.get_current_revision() == newest()


def test_the_migration_is_as_the_tool_writes_it() -> None:
    parts = build_migration.packed(build_migration.spelled(build_migration.changes(anew=True).ops))
    assert len(parts) == len(list((HERE / "versions").glob("r*.py")))
    held = "".join(path.read_text(encoding="utf-8") for path in sorted((HERE / "versions").glob("r*.py")))
    for name in metadata().tables:
        assert f'op.create_table(\n        "{name}",' in held
    assert build_migration.changes(anew=False).ops == []


@pytest.mark.parametrize("table", ["batches", "audit_log"])
@pytest.mark.parametrize("what", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}"])
def test_traces_are_only_added_to(registry: Registry, table: str, what: str) -> None:
    registry.write("exchange_rates", rates(EUR=1.18), actor="analyst", source="made")
    with pytest.raises(DataError, match="only added to"), writing(registry.engine) as connection:
        connection.execute(sa.text(what.format(table)))
    assert registry.verify() == []


def test_each_entry_carries_the_hash_of_the_one_before(registry: Registry) -> None:
    registry.write("exchange_rates", rates(EUR=1.18, GBP=1.38), actor="analyst", source="made")
    registry.write("exchange_rates", rates(EUR=1.19), actor="donor officer", source="mended")
    with reading(registry.engine) as connection:
        entries = [entry for entry, _ in audit.changes_of(connection)]
    assert entries[0].previous == "0" * 64
    assert entries[1].previous == entries[0].hash
    told = registry.changes("exchange_rates", '["EUR", 2021]')
    assert [(one.what, one.actor, one.after.get("usd")) for one in told] == [
        ("added", "analyst", 1.18), ("changed", "donor officer", 1.19),
    ]  # fmt: skip


def meddle(registry: Registry, *statements: str) -> None:
    """Change a SQLite registry behind the program's back, as its owner can."""
    with sqlite3.connect(registry.where) as connection:
        for name in ("audit_log_no_update", "audit_log_no_delete"):
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE exchange_rates SET usd = 2", "not what the log says"),
        ("DELETE FROM exchange_rates", "gone, and the log does not say so"),
        ("UPDATE audit_log SET actor = 'nobody' WHERE id = 1", "not as it was written"),
        ("UPDATE audit_log SET changes = replace(changes, '1.18', '1.28') WHERE id = 1", "not as it was written"),
        ("DELETE FROM audit_log WHERE id = 1", "are missing"),
    ],
)
def test_what_was_changed_behind_the_log_is_found(tmp_path: Path, statement: str, said: str) -> None:
    with open_registry(tmp_path / "wall.db", create=True) as registry:
        registry.write("exchange_rates", rates(EUR=1.18), actor="analyst", source="made")
        registry.write("exchange_rates", rates(GBP=1.38), actor="analyst", source="made")
        meddle(registry, statement)
        assert said in " ".join(registry.verify())


def test_a_stale_write_is_refused_with_what_changed(registry: Registry) -> None:
    registry.write("exchange_rates", rates(EUR=1.18), actor="analyst", source="made")
    mine = registry.table("exchange_rates", traces=True)
    theirs = mine.copy()
    registry.write("exchange_rates", theirs.assign(usd=1.19), actor="donor officer", source="theirs")
    with pytest.raises(DataError, match=r"by donor officer at .*: usd 1\.18 to 1\.19"):
        registry.write("exchange_rates", mine.assign(usd=1.20), actor="analyst", source="mine")
    assert usd(registry) == {"EUR": 1.19}
    # changed and changed back is a change too; removed is
    registry.write("exchange_rates", rates(EUR=1.18), actor="donor officer", source="back")
    with pytest.raises(DataError, match="changed back"):
        registry.write("exchange_rates", mine.assign(usd=1.20), actor="analyst", source="mine")
    registry.remove("exchange_rates", ['["EUR", 2021]'], actor="donor officer", source="removed")
    with pytest.raises(DataError, match="was removed since"):
        registry.write("exchange_rates", mine.assign(usd=1.20), actor="analyst", source="mine")


def test_undo_restores_what_stood(registry: Registry) -> None:
    registry.write("exchange_rates", rates(EUR=1.18, GBP=1.38), actor="analyst", source="one")
    before = registry.table("exchange_rates", traces=True).drop(columns="row_version")
    second = registry.write("exchange_rates", rates(EUR=1.19, CHF=1.09), actor="analyst", source="two")
    assert usd(registry) == {"CHF": 1.09, "EUR": 1.19, "GBP": 1.38}
    registry.undo(second.id, actor="analyst")
    pd.testing.assert_frame_equal(registry.table("exchange_rates", traces=True).drop(columns="row_version"), before)
    with pytest.raises(DataError, match="undone already"):
        registry.undo(second.id, actor="analyst")
    with pytest.raises(DataError, match="Bring its file again"):
        registry.undo(3, actor="analyst")
    with pytest.raises(DataError, match="no import 99"):
        registry.undo(99, actor="analyst")
    registry.undo(1, actor="analyst")
    assert usd(registry) == {}
    assert registry.verify() == []


def test_undo_is_refused_where_later_changes_build_on_it(registry: Registry, file: File) -> None:
    registry.import_file(file("projects.csv", "project,title,currency\nP1,Wall,XOF"), "analyst")
    money = "transaction,project,kind,date,amount\nT1,P1,commitment,2024-03-04,1200"
    registry.import_file(file("transactions.csv", money), "analyst")
    with pytest.raises(DataError, match=r"transactions T1 \(import 2\) refers to projects P1"):
        registry.undo(1, actor="analyst")
    registry.import_file(file("transactions.csv", money.replace("1200", "1300")), "analyst")
    with pytest.raises(DataError, match="transactions T1 was changed by 3"):
        registry.undo(2, actor="analyst")
    for number in (3, 2, 1):  # the last first
        registry.undo(number, actor="analyst")
    assert all(len(table) == 0 for table in registry.tables().values())
    # and the files may come again
    assert registry.import_file(file("projects.csv", "project,title,currency\nP1,Wall,XOF"), "analyst").added == 1


def test_rows_that_others_refer_to_are_not_removed(registry: Registry, file: File) -> None:
    registry.import_file(file("projects.csv", "project,title,currency\nP1,Wall,XOF"), "analyst")
    money = "transaction,project,kind,date,amount\nT1,P1,commitment,2024-03-04,1200"
    registry.import_file(file("transactions.csv", money), "analyst")
    with pytest.raises(DataError, match="refers to projects P1"):
        registry.remove("projects", ["P1"], actor="analyst", source="tidying")
    batch = registry.remove("transactions", ["T1"], actor="analyst", source="tidying")
    registry.remove("projects", ["P1"], actor="analyst", source="tidying")
    registry.undo(4, actor="analyst")
    registry.undo(batch.id, actor="analyst")
    assert registry.table("transactions")["amount_minor"].tolist() == [1200]


@pytest.mark.parametrize("name", ["copy.db", "copy.zip"])
def test_backup_and_restore(registry: Registry, tmp_path: Path, server: str, name: str) -> None:
    registry.write("exchange_rates", rates(EUR=1.18, GBP=1 / 3), actor="analyst", source="one")
    registry.write("exchange_rates", rates(EUR=1.19), actor="analyst", source="two")
    copy = tmp_path / name
    if registry.where.startswith("postgresql") and name.endswith(".db"):
        with pytest.raises(DataError, match="portable"):
            copies.backup(registry, copy)
        return
    copies.backup(registry, copy)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == [name]
    with pytest.raises(DataError, match="stands already"):
        copies.backup(registry, copy)
    log = registry.changes()
    registry.write("exchange_rates", rates(CHF=1.09), actor="analyst", source="after")
    for target in (str(tmp_path / "new.db"), _database(server) if name.endswith(".zip") else ""):
        if target:
            copies.restore(copy, target)
            with open_registry(target) as restored:
                assert usd(restored) == {"EUR": 1.19, "GBP": 1 / 3}
                assert restored.changes() == log
                assert restored.verify() == []
                restored.undo(2, actor="analyst")  # its log goes on
                assert usd(restored) == {"EUR": 1.18, "GBP": 1 / 3}


def _database(server: str) -> str:
    from tests.accelerator.registry.conftest import database

    return database(server)


def test_a_restore_loses_nothing_that_stands(tmp_path: Path) -> None:
    with open_registry(tmp_path / "wall.db", create=True) as registry:
        registry.write("exchange_rates", rates(EUR=1.18), actor="analyst", source="one")
        copies.backup(registry, tmp_path / "copy.db")
        registry.write("exchange_rates", rates(GBP=1.38), actor="analyst", source="two")
    with pytest.raises(DataError, match="set aside"):
        copies.restore(tmp_path / "copy.db", str(tmp_path / "wall.db"))
    aside = copies.restore(tmp_path / "copy.db", str(tmp_path / "wall.db"), replace=True)
    assert aside is not None
    with open_registry(tmp_path / "wall.db") as now, open_registry(aside) as then:
        assert (usd(now), usd(then)) == ({"EUR": 1.18}, {"EUR": 1.18, "GBP": 1.38})


@pytest.mark.parametrize("name", ["copy.db", "copy.zip"])
@pytest.mark.parametrize("part", [0.0, 0.5, 0.97])
def test_a_damaged_backup_is_refused(tmp_path: Path, name: str, part: float) -> None:
    with open_registry(tmp_path / "wall.db", create=True) as registry:
        registry.write("exchange_rates", rates(EUR=1.18), actor="analyst", source="one")
        copies.backup(registry, tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(DataError):
        copies.restore(tmp_path / name, str(tmp_path / "new.db"))
    assert not (tmp_path / "new.db").exists()
    assert not list(tmp_path.glob("*.part*"))


def test_a_changed_portable_backup_is_refused(tmp_path: Path) -> None:
    with open_registry(tmp_path / "wall.db", create=True) as registry:
        registry.write("exchange_rates", rates(EUR=1.18), actor="analyst", source="one")
        copies.backup(registry, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as held:
        parts = {name: held.read(name) for name in held.namelist()}
    parts["exchange_rates.jsonl"] = parts["exchange_rates.jsonl"].replace(b"1.18", b"9.99")
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as out:
        for name, content in parts.items():
            out.writestr(name, content)
    with pytest.raises(DataError, match="not as it was written"):
        copies.restore(tmp_path / "bad.zip", str(tmp_path / "new.db"))


def test_what_is_no_registry_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="accelerator init"):
        open_registry(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("no database at all, but long enough to be read as one\n" * 100)
    with pytest.raises(DataError, match="no registry"):
        open_registry(tmp_path / "text.db")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE birds (name)")
    with pytest.raises(DataError, match="something else"):
        open_registry(tmp_path / "other.db", create=True)
    with pytest.raises(DataError, match="folder"):
        open_registry(tmp_path / "no" / "wall.db", create=True)
    with pytest.raises(DataError, match="mysql"):
        open_registry("mysql://localhost/wall")
    with pytest.raises(DataError, match=r"127\.0\.0\.1"):
        open_registry("postgresql://nobody:secret@127.0.0.1:1/none")


def test_a_registry_of_a_later_version_is_refused(tmp_path: Path) -> None:
    open_registry(tmp_path / "wall.db", create=True).close()
    with sqlite3.connect(tmp_path / "wall.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for create in (False, True):
        with pytest.raises(DataError, match="later"):
            open_registry(tmp_path / "wall.db", create=create)


def test_triggers_of_both_databases() -> None:
    assert json.dumps(triggers("sqlite")).count("RAISE(ABORT") == 4
    assert sum("EXECUTE FUNCTION" in one for one in triggers("postgresql")) == 4
