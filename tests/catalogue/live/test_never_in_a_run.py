# SPDX-License-Identifier: Apache-2.0
"""A run never fetches: nothing that it imports reaches the live package, and no socket is opened while it runs."""

from __future__ import annotations

import ast
import csv
import socket
import subprocess
import sys
from pathlib import Path

import homeground
from homeground.catalogue.datasets import datasets
from homeground.catalogue.live.sources import sources

PACKAGE = Path(homeground.__file__).parent
ALLOWED = ("catalogue/live/", "cli/data/")


def test_only_the_command_imports_what_fetches():
    users = []
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith(ALLOWED):
            continue
        for node in ast.walk(ast.parse(path.read_bytes())):
            named = (
                [a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", None) or ""]
            )
            if any(
                one.startswith(("homeground.catalogue.live", "requests", "urllib.request", "http.client"))
                for one in named
            ):
                users.append(name)
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "homeground.catalogue.live" in node.value
            ):
                users.append(name)
    assert users == []


def test_a_run_opens_no_socket_and_loads_no_network(tmp_path):
    code = (
        "import socket, sys\nfrom pathlib import Path\n"
        "def no(*a, **k): raise AssertionError('a run asked the network')\n"
        "socket.socket.connect = no; socket.getaddrinfo = no\n"
        "from homeground.chain import run\nfrom homeground.study.opening import open_study\n"
        f"run.run(open_study({str(tmp_path)!r}), ['land'], root=Path({str(tmp_path / 'results')!r}))\n"
        "assert not [m for m in sys.modules if m.startswith(('homeground.catalogue.live', 'requests'))]\n"
    )
    (tmp_path / "study.toml").write_text('title = "T"\ncountries = ["DJI"]\n', encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_no_test_of_this_folder_leaves_the_machine():
    for family in (socket.AF_INET, socket.AF_INET6):
        with socket.socket(family) as one:
            one.settimeout(2)
            try:
                one.connect(("192.0.2.1", 80) if family == socket.AF_INET else ("2001:db8::1", 80))
            except OSError:
                continue
        raise AssertionError("a test reached the network")


def test_every_source_has_licence_citation_and_says_how_it_was_seen():
    known = {row["id"]: row for row in datasets()}
    with (PACKAGE / "catalogue/live/sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == len(rows)
    for row in (row for row in rows if row["adapter"]):  # what is worked out here is seen nowhere
        told = known[row["id"]]
        assert told["channel"] == "live"
        assert told["licence"], row["id"]
        assert told["citation"], row["id"]
        assert told["seen"], row["id"]
        assert "not called from here" in told["seen_how"], row["id"]
        assert (PACKAGE / "catalogue/live" / (row["adapter"].replace(".", "/") + ".py")).is_file()
        assert bool(row["key_env"]) == bool(row["key_free"]) == bool(row["key_from"])
    for layer in ("rain", "vegetation", "cover", "soil_carbon", "population"):
        assert [source.id for source in sources().values() if source.layer == layer and source.default], layer
