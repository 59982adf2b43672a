# SPDX-License-Identifier: Apache-2.0
"""Providers on loopback for each test; whoever asks the real ones fails."""

from __future__ import annotations

import socket
from importlib.util import find_spec

import pytest
from tests.catalogue.live import providers as made

# Without the extra fetch there is nothing to try.
collect_ignore_glob = [] if find_spec("requests") and find_spec("tomlkit") else ["test_*.py"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch):
    """No test leaves this machine, whatever it asks for."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def only(self, address, *more):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise OSError(101, "Network is unreachable")
        return connect(self, address, *more)

    def known(host, *more, **named):
        if host not in LOOPBACK:
            raise socket.gaierror(-2, "Name or service not known")
        return look_up(host, *more, **named)

    monkeypatch.setattr(socket.socket, "connect", only)
    monkeypatch.setattr(socket, "getaddrinfo", known)
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "http_proxy",
        "https_proxy",
        "ALL_PROXY",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def providers(monkeypatch):
    """The providers' addresses, answered on loopback."""
    with made.running() as server:
        monkeypatch.setenv("HOMEGROUND_FETCH_MIRROR", server.url)
        yield server
