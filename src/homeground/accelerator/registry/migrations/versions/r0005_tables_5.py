# SPDX-License-Identifier: Apache-2.0
"""The first tables, part 5 (written by tools/build_migration.py)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from homeground.accelerator.registry.schema import triggers

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "answers",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=True),
        sa.Column("given", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question"],
            ["questions.question"],
            name=op.f("fk_answers_question"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index("ix_answers_question", ["question"], unique=False)
    op.create_table(
        "party_actions",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("iso3", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_party_actions_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["request"],
            ["requests.request"],
            name=op.f("fk_party_actions_request"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_party_actions")),
    )
    with op.batch_alter_table("party_actions", schema=None) as batch_op:
        batch_op.create_index("ix_party_actions_project", ["project"], unique=False)
        batch_op.create_index("ix_party_actions_request", ["request"], unique=False)
    op.create_table(
        "request_parties",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("iso3", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"],
            ["requests.request"],
            name=op.f("fk_request_parties_request"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_request_parties")),
    )
    with op.batch_alter_table("request_parties", schema=None) as batch_op:
        batch_op.create_index("ix_request_parties_request", ["request"], unique=False)
    op.create_table(
        "studies",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("funder", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("partnership", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnerships.partnership"],
            name=op.f("fk_studies_partnership"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.request"], name=op.f("fk_studies_request"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_studies")),
        sa.UniqueConstraint("study", name=op.f("uq_studies_study")),
    )
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.create_index("ix_studies_partnership", ["partnership"], unique=False)
        batch_op.create_index("ix_studies_request", ["request"], unique=False)
    op.create_table(
        "study_countries",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("iso3", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study"], ["studies.study"], name=op.f("fk_study_countries_study"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_study_countries")),
    )
    with op.batch_alter_table("study_countries", schema=None) as batch_op:
        batch_op.create_index("ix_study_countries_study", ["study"], unique=False)
    for statement in triggers(op.get_bind().dialect.name):
        op.execute(statement)
