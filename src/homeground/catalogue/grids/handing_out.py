# SPDX-License-Identifier: Apache-2.0
"""Tiles handed to the workers of a dask cluster: one that dies costs its own tiles, and what goes wrong is told.

The extra ``cluster`` brings dask.distributed; nothing here is called before a ``Client`` of it is active.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, TypeVar

from homeground.errors import DataError

Part = TypeVar("Part")
Result = TypeVar("Result")

LOOK_EVERY = 2.0  # seconds between looks at whether a tile failed or the workers left
PATIENCE = 60.0  # seconds without any worker before a run gives up


def active_client() -> Any | None:
    """The client of a dask cluster that is active in this process; None where there is none.

    Returns
    -------
    distributed.Client or None

    Examples
    --------
    >>> active_client() is None
    True
    """
    distributed = sys.modules.get("distributed")  # whoever made a client has loaded it
    if distributed is None:
        return None
    try:
        return distributed.default_client()
    except ValueError:
        return None


def handed_out(client: Any, work: Callable[[Part], Result], chosen: Sequence[Part]) -> list[Result]:
    """What ``work`` returns for each part, worked out by the workers of a cluster.

    Parameters
    ----------
    client : distributed.Client
        Of a cluster with workers of this homeground.
    work : function of one part
        It opens its files by itself, and may be called twice for a part.
    chosen : sequence
        Parts, such as tiles.

    Returns
    -------
    list
        One result for each part, in their order.

    Raises
    ------
    DataError
        A part killed several workers one after the other, the scheduler went away, or no worker was left for a minute.

    Examples
    --------
    >>> from distributed import Client
    >>> with Client(processes=False, n_workers=1, dashboard_address="127.0.0.1:0") as client:
    ...     handed_out(client, abs, [-1, 2])
    [1, 2]
    """
    from distributed import CancelledError
    from distributed.scheduler import KilledWorker

    # The work crosses once to each worker, not with each tile; as a task it is made again if its worker dies.
    made = client.submit(_itself, work, pure=False)
    futures = client.map(_at_work, chosen, work=made, told=version("homeground"), pure=False)
    try:
        _wait_for(client, futures)
        found: list[Result] = client.gather(futures)
    except KilledWorker as error:
        raise DataError(
            f"the same part of the work killed {error.allowed_failures + 1} workers one after the other, {error.last_worker.address} "
            "the last. Most often they have too little memory: give each some 3 GB, with fewer workers a machine. What was "
            "finished stands; run again to go on."
        ) from error
    except (TimeoutError, CancelledError, OSError) as error:
        if isinstance(error, OSError) and client.status == "running":
            raise  # of a file, not of the line to the scheduler
        raise _gone(client) from error
    finally:
        if client.status == "running":
            client.cancel([*futures, made], force=True)
    return found


def _wait_for(client: Any, futures: Sequence[Any]) -> None:
    """Until all are there, or one failed (its error is raised when results are gathered)."""
    from distributed import wait

    alone_since = time.monotonic()
    while True:
        try:
            wait(futures, timeout=LOOK_EVERY)
        except TimeoutError:
            pass
        else:
            return
        if any(future.status in ("error", "cancelled", "lost") for future in futures):
            return
        if client.status != "running":
            raise _gone(client)
        now = time.monotonic()
        if client.scheduler_info(n_workers=-1)["workers"]:
            alone_since = now
        elif now - alone_since > PATIENCE:
            raise DataError(
                f"no worker was left at {client.scheduler.address} for {PATIENCE:.0f} seconds. Start workers again; what "
                "was finished stands, run again to go on."
            )


def _gone(client: Any) -> DataError:
    return DataError(
        f"the scheduler at {client.scheduler.address} went away while the run worked. Start it again; what was finished "
        "stands, run again to go on."
    )


def _itself(work: Callable[..., Any]) -> Callable[..., Any]:
    return work


def _at_work(part: Any, *, work: Callable[[Any], Any], told: str) -> Any:
    """On a worker: the work on a part. One that joined late is held against the version of the run here."""
    if (here := version("homeground")) != told:
        raise DataError(
            f"a worker that joined has homeground {here}, this run is of {told}. Install the same version everywhere."
        )
    return work(part)
