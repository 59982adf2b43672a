# SPDX-License-Identifier: Apache-2.0
"""The tables of the database, made from the declaration, and those that keep its traces.

Beside its declared columns each row carries ``row_key`` (its key as one text), ``row_version`` (the batch that touched it
last: no two changes of a row have the same), ``row_batch`` (the import or writing that its values come from) and
``row_line`` (its line in that file). ``batches`` and ``audit_log`` are only ever added to: triggers refuse the rest.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from homeground.accelerator.registry.declared import MONEY, registry_tables, stored_name
from homeground.errors import DataError
from homeground.numbers.table import Column

TRACES = ("row_key", "row_version", "row_batch", "row_line")
ONLY_ADDED_TO = ("batches", "audit_log")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
KINDS: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "text": sa.Text, "integer": sa.BigInteger, "number": sa.Double, "boolean": sa.Boolean, "date": sa.Date,
}  # fmt: skip


@cache
def metadata() -> sa.MetaData:
    """All tables of the database.

    Returns
    -------
    MetaData
        Those that others refer to first.

    Raises
    ------
    DataError
        A declaration that no database can follow.

    Examples
    --------
    >>> [column.name for column in metadata().tables["transactions"].columns][4:7]
    ['transaction', 'project', 'kind']
    """
    found = sa.MetaData(naming_convention=NAMES)
    declared = registry_tables()
    for name, one in declared.items():
        if name in (*ONLY_ADDED_TO, "alembic_version"):
            raise DataError(f"{name}: a table of the registry's own has this name. Give it another.")
        columns = [_column(column) for column in one.table.columns]
        if strange := {c.name for c in columns} & set(TRACES):
            raise DataError(f"{name}: {', '.join(sorted(strange))} is a column of the registry's own. Rename it.")
        if any(c.unit == MONEY for c in one.table.columns) and "currency" not in {c.name for c in columns}:
            raise DataError(f"{name} holds money and no currency. Declare the column currency.")
        table = sa.Table(name, found, *_traces(), *columns)
        for column, (other, theirs) in one.refers.items():
            if declared[other].table.key == (theirs,):
                # held to at the end of a transaction, so that rows may come in any order
                table.append_constraint(
                    sa.ForeignKeyConstraint([column], [f"{other}.{theirs}"], deferrable=True, initially="DEFERRED")
                )
            sa.Index(f"ix_{name}_{column}", table.c[column])
        if len(one.table.key) == 1 and any((name, one.table.key[0]) in d.refers.values() for d in declared.values()):
            table.append_constraint(sa.UniqueConstraint(one.table.key[0]))
    _kept(found)
    return found


def triggers(dialect: str) -> list[str]:
    """What forbids to change or delete the traces, as statements of a database.

    Parameters
    ----------
    dialect : str
        "sqlite" or "postgresql".

    Returns
    -------
    list of str

    Examples
    --------
    >>> len(triggers("sqlite")), len(triggers("postgresql"))
    (4, 5)
    """
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            for table in ONLY_ADDED_TO
            for what in ("UPDATE", "DELETE")
        ]
    refuse = "CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    refuse += "RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
    made = [refuse]
    for table in ONLY_ADDED_TO:
        for what, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = f"{table}_no_{'truncate' if each == 'STATEMENT' else 'change'}"
            made.append(
                f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH {each} EXECUTE FUNCTION only_added_to()"
            )
    return made


def _column(column: Column) -> sa.Column[Any]:
    if column.unit == MONEY:
        return sa.Column(stored_name(column), sa.BigInteger, nullable=column.nullable)
    kind = KINDS.get(column.types[0], sa.Text) if len(column.types) == 1 else sa.Text
    return sa.Column(column.column, kind, nullable=column.nullable)


def _traces() -> list[sa.Column[Any]]:
    return [
        sa.Column("row_key", sa.Text, primary_key=True),
        sa.Column("row_version", sa.BigInteger, nullable=False),
        sa.Column("row_batch", sa.BigInteger, nullable=False),
        sa.Column("row_line", sa.BigInteger, nullable=True),
    ]


def _kept(found: sa.MetaData) -> None:
    """Who brought what, and every change, each with the hash of the one before."""
    number, text = sa.BigInteger, sa.Text
    sa.Table(
        "batches",
        found,
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("at", text, nullable=False),
        sa.Column("actor", text, nullable=False),
        sa.Column("kind", text, nullable=False),  # import, write, remove, undo
        sa.Column("source", text, nullable=False),  # file or what was said
        sa.Column("sha256", text, nullable=True),
        sa.Column("undoes", number, nullable=True),
        sa.Column("added", number, nullable=False),
        sa.Column("changed", number, nullable=False),
        sa.Column("removed", number, nullable=False),
        sa.Column("same", number, nullable=False),
        sa.Column("left_out", number, nullable=False),
        sa.Column("issues", text, nullable=False),  # what was wrong, as JSON
    )
    sa.Table(
        "audit_log",
        found,
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("at", text, nullable=False),
        sa.Column("actor", text, nullable=False),
        sa.Column("batch", number, nullable=False),
        sa.Column("table_name", text, nullable=False),
        sa.Column("changes", text, nullable=False),
        sa.Column("previous", text, nullable=False),
        sa.Column("hash", text, nullable=False),
        sa.Index("ix_audit_log_batch", "batch"),
    )
