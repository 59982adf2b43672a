# SPDX-License-Identifier: Apache-2.0
"""Bring a database to the version that this homeground writes; refuse one that a later homeground wrote."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from homeground.accelerator.registry.schema import metadata
from homeground.errors import DataError

HERE = Path(__file__).parent


def newest() -> str:
    """The version of a database that this homeground writes.

    Returns
    -------
    str

    Examples
    --------
    >>> newest() >= "0001"
    True
    """
    return max(path.stem.split("_")[0].removeprefix("r") for path in (HERE / "versions").glob("r*.py"))


def version_of(connection: sa.Connection) -> str | None:
    """The version of a database; None where it holds no registry.

    Parameters
    ----------
    connection : Connection

    Returns
    -------
    str or None
    """
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: sa.Connection) -> None:
    """Bring a database to `newest` within the transaction of the connection.

    Parameters
    ----------
    connection : Connection

    Raises
    ------
    DataError
        A later homeground wrote it.
    """
    stands = version_of(connection)
    if stands is not None and stands > newest():
        raise DataError(f"the registry has the version {stands}, later than {newest()}. Install a later homeground.")
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(HERE))
    script = ScriptDirectory(str(HERE), version_locations=[str(HERE / "versions")])
    with EnvironmentContext(config, script, fn=lambda found, _: script._upgrade_revs("head", found)) as environment:
        environment.configure(connection=connection, target_metadata=metadata(), render_as_batch=True)
        with environment.begin_transaction():
            environment.run_migrations()
