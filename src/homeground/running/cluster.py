# SPDX-License-Identifier: Apache-2.0
"""Workers that a run hands its tiles to: processes of this machine, or those of a dask scheduler anywhere.

Workers of elsewhere are looked at before anything runs: the same homeground, and the same files under the same paths.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from homeground.errors import DataError, Problems, StudyError
from homeground.extras import advice
from homeground.running.fingerprints import PACKAGE, code_hash

A_CORE = 4  # workers that a core may have at most; more only wait for each other
ANSWER = 20.0  # seconds that a scheduler has to answer
LOOK = 60.0  # seconds that workers have to say what they see
TOLD = 5  # files that are named for a worker
# A worker works on one tile at a time; what it calls keeps to one core as well.
ONE_THREAD = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
        *("NUMBA_NUM_THREADS", "GDAL_NUM_THREADS", "ZARR_THREADING__MAX_WORKERS"),
    ),
    "1",
)


@contextmanager
def workers_for(count: int | None, scheduler: str | None, *, results: Path, inputs: Iterable[Path]) -> Iterator[None]:
    """While it is open, tiles are worked through by workers; without a number and an address by threads, as ever.

    Parameters
    ----------
    count : int, optional
        Worker processes to start on this machine; they end with the run.
    scheduler : str, optional
        Address of a dask scheduler, such as ``tcp://10.0.0.5:8786``; its workers are used and left as they are.
    results : Path
        Folder of the results, absolute; workers write to it.
    inputs : iterable of Path
        Files that the run reads.

    Yields
    ------
    None

    Raises
    ------
    StudyError
        Both are given, or the number is not one that this machine can have.
    DataError
        dask.distributed is not installed, the scheduler does not answer or has no workers, a worker has another
        homeground, or does not see the files of this one.
    """
    if count is not None and scheduler is not None:
        raise StudyError("give --workers N for processes of this machine, or --scheduler ADDRESS, not both.")
    if count is None and scheduler is None:
        with nullcontext():
            yield
        return
    most = A_CORE * (os.cpu_count() or 1)
    if count is not None and not 1 <= count <= most:
        raise StudyError(
            f"--workers is {count}; a whole number from 1 to {most} was expected: {A_CORE} for each core of this machine "
            "at most. A worker keeps one core busy and takes up to 3 GB of memory."
        )
    if missing := advice("cluster"):
        raise DataError(f"to hand tiles to workers, {missing}")
    if scheduler is None:
        with _own(count or 1):
            yield
    else:
        with _joined(scheduler) as client:
            _same_everywhere(client, results, [path for path in inputs if not path.is_relative_to(PACKAGE)])
            yield


@contextmanager
def _own(count: int) -> Iterator[None]:
    """Workers on this machine, to be reached from this machine alone."""
    from distributed import Client, LocalCluster

    with _deaf_to_interrupts():
        cluster = LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # with None it listens on every network
            silence_logs=logging.CRITICAL,
            env=ONE_THREAD,
        )
    with cluster, Client(cluster):
        yield


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes that are started now do not hear Ctrl-C, which a terminal tells all at once: whoever began them ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _joined(address: str) -> Iterator[Any]:
    from distributed import Client

    try:
        # A client that never comes up leaves its loop and itself behind for all that dask does later. So the line is tried
        # first, and then by a client that is nobody's default.
        place = urlsplit(address)
        socket.create_connection((place.hostname or "", place.port or 0), timeout=ANSWER).close()
        with Client(address, timeout=ANSWER, set_as_default=False):
            pass
        client = Client(address, timeout=ANSWER)
    except Exception as error:  # whatever answers at an address that is no scheduler's is read as if it were one
        raise DataError(
            f"no dask scheduler answers at {address} within {ANSWER:.0f} seconds ({error or type(error).__name__}). Expected "
            "is the address that `dask scheduler` prints, such as tcp://10.0.0.5:8786; is it running, and may this machine "
            "reach it?"
        ) from error
    with client:
        yield client


def _same_everywhere(client: Any, results: Path, inputs: Iterable[Path]) -> None:
    """Refuse workers of another homeground, and such as do not see the results folder and the inputs."""
    address = client.scheduler.address
    workers = list(client.scheduler_info(n_workers=-1)["workers"])
    if not workers:
        raise DataError(f"the scheduler at {address} has no workers. Start some: dask worker {address} --nthreads 1")
    problems = Problems(f"the workers of {address}")
    here = version("homeground")
    versions = _asked(client, workers, version, "homeground")
    for worker, found in versions.items():
        if found != here:
            other = f"has homeground {found}" if isinstance(found, str) else f"cannot tell its homeground ({found})"
            problems.add(f"{worker} {other}, this run is of {here}. Install homeground {here} there.")
    problems.raise_if_any(DataError)
    for worker, code in _asked(client, workers, code_hash, "land").items():
        if code != code_hash("land"):
            problems.add(
                f"{worker} has homeground {here} too, but other code ({str(code)[:8]}, here {code_hash('land')[:8]}). Install "
                "the same there."
            )
    problems.raise_if_any(DataError)
    results.mkdir(parents=True, exist_ok=True)
    probe = results / f".probe.{secrets.token_hex(8)}"
    sizes = {str(path): _size(path) for path in inputs}
    try:
        probe.write_text("seen", encoding="utf-8")
        for worker, told in _asked(client, workers, what_differs, str(probe), sizes).items():
            lines = told if isinstance(told, list) else [f"cannot tell what it sees ({told})"]
            more = [f"{len(lines) - TOLD} more files"] if len(lines) > TOLD else []
            for line in [*lines[:TOLD], *more]:
                problems.add(f"{worker} {line}")
    finally:
        for left in results.glob(f"{probe.name}*"):
            left.unlink(missing_ok=True)
    if problems.messages:
        problems.messages[-1] += " Results and layers belong on a folder that all machines have under the same path."
    problems.raise_if_any(DataError)


def _asked(client: Any, workers: list[str], question: Any, *words: Any) -> dict[str, Any]:
    """What each worker answers, or the error that it gave."""
    from distributed import wait

    futures = {
        worker: client.submit(question, *words, workers=[worker], pure=False, priority=10, retries=0)
        for worker in workers
    }
    try:
        wait(list(futures.values()), timeout=LOOK)
    except TimeoutError as error:
        silent = [worker for worker, future in futures.items() if future.status == "pending"]
        raise DataError(
            f"{', '.join(silent[:TOLD])} did not answer within {LOOK:.0f} seconds. Are they busy with other work, or gone?"
        ) from error
    return {worker: future.exception() or future.result() for worker, future in futures.items()}


def what_differs(probe: str, sizes: dict[str, int]) -> list[str]:
    """On a worker: what of the results folder and the inputs it does not see as the run does.

    Parameters
    ----------
    probe : str
        Path of a file that the run wrote into the results folder; one is written beside it.
    sizes : dict of str to int
        Size of each input by its path, bytes.

    Returns
    -------
    list of str
        What is to be said of the worker; empty where it sees all.

    Examples
    --------
    >>> what_differs("/no/such/folder/probe", {})
    ['does not see the results folder /no/such/folder.']
    """
    found = []
    place = Path(probe)
    if not place.is_file():
        found.append(f"does not see the results folder {place.parent}.")
    else:
        try:
            place.with_name(f"{place.name}.{os.getpid()}").touch()
        except OSError as error:
            found.append(f"cannot write to the results folder {place.parent} ({error.strerror}).")
    for path, size in sizes.items():
        try:
            seen = _size(Path(path))
        except OSError:
            found.append(f"does not see {path}.")
        else:
            if seen != size:
                found.append(f"sees another {path}: {seen:,} bytes, here {size:,}.")
    return found


def _size(path: Path) -> int:
    """Bytes of a file; of a folder, such as a Zarr store, how many files it holds."""
    return sum(1 for _ in path.rglob("*")) if path.is_dir() else path.stat().st_size
