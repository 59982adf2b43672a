# SPDX-License-Identifier: Apache-2.0
"""The first tables, part 2 (written by tools/build_migration.py)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "policies",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("iso3", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("restoration", sa.Text(), nullable=True),
        sa.Column("tenure", sa.Text(), nullable=True),
        sa.Column("mobility", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("grade", sa.BigInteger(), nullable=True),
        sa.Column("proposed_change", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reviewed", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_policies")),
    )
    op.create_table(
        "recommendations",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("addressed_to", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_recommendations")),
    )
    op.create_table(
        "support_rates",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("stated_by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_support_rates")),
    )
    op.create_table(
        "indicators",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("framework", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("aggregation", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["framework"],
            ["frameworks.framework"],
            name=op.f("fk_indicators_framework"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_indicators")),
        sa.UniqueConstraint("indicator", name=op.f("uq_indicators_indicator")),
    )
    with op.batch_alter_table("indicators", schema=None) as batch_op:
        batch_op.create_index("ix_indicators_framework", ["framework"], unique=False)
    op.create_table(
        "match_log",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("completeness", sa.Double(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["need"], ["needs.profile"], name=op.f("fk_match_log_need"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["offer"], ["offers.profile"], name=op.f("fk_match_log_offer"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["run"], ["match_runs.run"], name=op.f("fk_match_log_run"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_match_log")),
    )
    with op.batch_alter_table("match_log", schema=None) as batch_op:
        batch_op.create_index("ix_match_log_need", ["need"], unique=False)
        batch_op.create_index("ix_match_log_offer", ["offer"], unique=False)
        batch_op.create_index("ix_match_log_run", ["run"], unique=False)
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
        "budgets",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("budget", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("receiver", sa.Text(), nullable=True),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_budgets_organisation"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.project"], name=op.f("fk_budgets_project"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_budgets")),
    )
    with op.batch_alter_table("budgets", schema=None) as batch_op:
        batch_op.create_index("ix_budgets_organisation", ["organisation"], unique=False)
        batch_op.create_index("ix_budgets_project", ["project"], unique=False)
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
