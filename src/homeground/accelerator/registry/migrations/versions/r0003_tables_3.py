# SPDX-License-Identifier: Apache-2.0
"""The first tables, part 3 (written by tools/build_migration.py)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "partnerships",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_partnerships_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_partnerships")),
        sa.UniqueConstraint("partnership", name=op.f("uq_partnerships_partnership")),
    )
    with op.batch_alter_table("partnerships", schema=None) as batch_op:
        batch_op.create_index("ix_partnerships_project", ["project"], unique=False)
    op.create_table(
        "places",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("geometry", sa.Text(), nullable=True),
        sa.Column("practice", sa.Text(), nullable=True),
        sa.Column("declared_ha", sa.Double(), nullable=True),
        sa.Column("planted_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.project"], name=op.f("fk_places_project"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_places")),
        sa.UniqueConstraint("place", name=op.f("uq_places_place")),
    )
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index("ix_places_project", ["project"], unique=False)
    op.create_table(
        "practices",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("land_use", sa.Text(), nullable=True),
        sa.Column("degradation", sa.Text(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("establishment_minor", sa.BigInteger(), nullable=True),
        sa.Column("maintenance_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("price_year", sa.BigInteger(), nullable=True),
        sa.Column("labour_establishment", sa.Double(), nullable=True),
        sa.Column("labour_maintenance", sa.Double(), nullable=True),
        sa.Column("grade", sa.BigInteger(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("submitted", sa.Date(), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.project"], name=op.f("fk_practices_project"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_practices")),
        sa.UniqueConstraint("practice", name=op.f("uq_practices_practice")),
    )
    with op.batch_alter_table("practices", schema=None) as batch_op:
        batch_op.create_index("ix_practices_project", ["project"], unique=False)
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
        "project_markers",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False),
        sa.Column("significance", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_project_markers_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_project_markers")),
    )
    with op.batch_alter_table("project_markers", schema=None) as batch_op:
        batch_op.create_index("ix_project_markers_project", ["project"], unique=False)
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
        "project_reporting",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=True),
        sa.Column("support", sa.Text(), nullable=True),
        sa.Column("relevant", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("capacity_building", sa.Text(), nullable=True),
        sa.Column("technology_transfer", sa.Text(), nullable=True),
        sa.Column("technology", sa.Text(), nullable=True),
        sa.Column("gender_equality", sa.Text(), nullable=True),
        sa.Column("leveraging", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"],
            ["projects.project"],
            name=op.f("fk_project_reporting_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_project_reporting")),
    )
    with op.batch_alter_table("project_reporting", schema=None) as batch_op:
        batch_op.create_index("ix_project_reporting_project", ["project"], unique=False)
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
        "support",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("row_batch", sa.BigInteger(), nullable=False),
        sa.Column("row_line", sa.BigInteger(), nullable=True),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("receiver", sa.Text(), nullable=True),
        sa.Column("iso3", sa.Text(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.project"], name=op.f("fk_support_project"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_support")),
    )
    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.create_index("ix_support_project", ["project"], unique=False)
