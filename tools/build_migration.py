# SPDX-License-Identifier: Apache-2.0
"""Spell the registry's tables out as a migration: `python tools/build_migration.py` writes the first one anew.

Once a version with a registry is released, its migrations stay as they are: `python tools/build_migration.py "what
changed"` then writes the next one, with what the declaration has and the database of the last migration has not.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import MigrateOperation, UpgradeOps
from alembic.runtime.migration import MigrationContext

from homeground.accelerator.registry.engine import connect_to, writing
from homeground.accelerator.registry.migrations.upgrading import HERE, newest, upgrade
from homeground.accelerator.registry.schema import metadata

LONGEST = 230  # lines of one file
HEAD = '''# SPDX-License-Identifier: Apache-2.0
"""{words} (written by tools/build_migration.py)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
{more}
revision = "{revision}"
down_revision = {before}


def upgrade() -> None:
    """Bring the database to this version."""
'''
FIRST = """    for statement in triggers(op.get_bind().dialect.name):
        op.execute(statement)
"""


def changes(*, anew: bool) -> UpgradeOps:
    """What lies between a database (empty, or of the last migration) and the declaration."""
    engine = connect_to(":memory:")
    with writing(engine) as connection:
        if not anew:
            upgrade(connection)
        context = MigrationContext.configure(connection, opts={"render_as_batch": True, "compare_type": True})
        found = produce_migrations(context, metadata())
    if found.upgrade_ops is None:
        raise SystemExit("nothing to write")
    return found.upgrade_ops


def spelled(ops: list[MigrateOperation]) -> list[str]:
    """Each operation as the lines of code that carry it out."""
    return [
        "\n".join(line for line in body.splitlines() if not line.lstrip().startswith("#")).rstrip()
        for body in (render_python_code(UpgradeOps(ops=[op]), render_as_batch=True) for op in ops)
    ]


def packed(parts: list[str]) -> list[list[str]]:
    """Operations by file, so that none is longer than a module may be."""
    files: list[list[str]] = [[]]
    for part in parts:
        if files[-1] and sum(one.count("\n") + 2 for one in (*files[-1], part)) > LONGEST:
            files.append([])
        files[-1].append(part)
    return files


def main(words: str | None) -> None:
    """Write migrations; without words the first ones, anew."""
    anew = words is None
    versions = Path(HERE) / "versions"
    parts = spelled(changes(anew=anew).ops)
    if not parts:
        print("the database of the last migration is as declared: nothing to write")
        return
    number = 0 if anew else int(newest())
    for path in versions.glob("r*.py") if anew else ():
        path.unlink()
    files = packed(parts)
    for i, own in enumerate(files, start=1):
        last = anew and i == len(files)
        text = HEAD.format(
            words=words or f"The first tables, part {i}",
            more="\nfrom homeground.accelerator.registry.schema import triggers\n" if last else "",
            revision=f"{number + i:04d}",
            before=f'"{number + i - 1:04d}"' if number + i > 1 else None,
        )
        name = f"tables_{i}" if anew else re.sub(r"\W+", "_", str(words).lower()).strip("_")[:40]
        path = versions / f"r{number + i:04d}_{name}.py"
        path.write_text(text + "\n".join(own) + "\n" + (FIRST if last else ""), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(path)], check=True)
        print(f"wrote {path.name}: {len(own)} operations")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
