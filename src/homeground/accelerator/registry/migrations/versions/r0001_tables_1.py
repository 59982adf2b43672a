# SPDX-License-Identifier: Apache-2.0
"""The first tables, part 1 (written by tools/build_migration.py)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from homeground.accelerator.registry.schema import triggers

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.create_index("ix_audit_log_batch", ["batch"], unique=False)
    op.create_table(
        "batches",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.Column("same", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.BigInteger(), nullable=False),
        sa.Column("issues", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_table(
        "exchange_rates",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("usd", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_exchange_rates")),
    )
    op.create_table(
        "organisations",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_organisations")),
        sa.UniqueConstraint("organisation", name=op.f("uq_organisations_organisation")),
    )
    op.create_table(
        "pledges",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("donor", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=True),
        sa.Column("end", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_pledges")),
    )
    op.create_table(
        "projects",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reporting_organisation", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("portfolio", sa.Text(), nullable=True),
        sa.Column("level", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reporting_organisation"],
            ["organisations.organisation"],
            name=op.f("fk_projects_reporting_organisation"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_projects")),
        sa.UniqueConstraint("project", name=op.f("uq_projects_project")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index("ix_projects_reporting_organisation", ["reporting_organisation"], unique=False)
    op.create_table(
        "allocations",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("allocation", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("donor", sa.Text(), nullable=True),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("pillar", sa.BigInteger(), nullable=True),
        sa.Column("instrument", sa.Text(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_allocations_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_allocations")),
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index("ix_allocations_project", ["project"], unique=False)
    op.create_table(
        "overlaps",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("overlap", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("donor", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.project"], name=op.f("fk_overlaps_project"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_overlaps")),
    )
    with op.batch_alter_table("overlaps", schema=None) as batch_op:
        batch_op.create_index("ix_overlaps_project", ["project"], unique=False)
    op.create_table(
        "participants",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_participants_organisation"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_participants_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_participants")),
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index("ix_participants_organisation", ["organisation"], unique=False)
        batch_op.create_index("ix_participants_project", ["project"], unique=False)
    op.create_table(
        "project_countries",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("iso3", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_project_countries_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_project_countries")),
    )
    with op.batch_alter_table("project_countries", schema=None) as batch_op:
        batch_op.create_index("ix_project_countries_project", ["project"], unique=False)
    op.create_table(
        "project_links",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_project_links_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_project_links")),
    )
    with op.batch_alter_table("project_links", schema=None) as batch_op:
        batch_op.create_index("ix_project_links_project", ["project"], unique=False)
    op.create_table(
        "project_pillars",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("pillar", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_project_pillars_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_project_pillars")),
    )
    with op.batch_alter_table("project_pillars", schema=None) as batch_op:
        batch_op.create_index("ix_project_pillars_project", ["project"], unique=False)
    op.create_table(
        "project_sectors",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("vocabulary", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_project_sectors_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_project_sectors")),
    )
    with op.batch_alter_table("project_sectors", schema=None) as batch_op:
        batch_op.create_index("ix_project_sectors_project", ["project"], unique=False)
    op.create_table(
        "transactions",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("transaction", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("value_date", sa.Date(), nullable=True),
        sa.Column("donor", sa.Text(), nullable=True),
        sa.Column("donor_project", sa.Text(), nullable=True),
        sa.Column("receiver", sa.Text(), nullable=True),
        sa.Column("receiver_project", sa.Text(), nullable=True),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("pillar", sa.BigInteger(), nullable=True),
        sa.Column("instrument", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_transactions_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_transactions")),
    )
    with op.batch_alter_table("transactions", schema=None) as batch_op:
        batch_op.create_index("ix_transactions_project", ["project"], unique=False)
    for statement in triggers(op.get_bind().dialect.name):
        op.execute(statement)
