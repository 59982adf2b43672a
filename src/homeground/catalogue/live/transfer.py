# SPDX-License-Identifier: Apache-2.0
"""The one way to a provider: polite, bounded in time, resumable, and through a ministry's proxy.

All adapters fetch by this: whole files, parts of files, JSON. Proxies are those of the environment (HTTPS_PROXY), certificates
those of REQUESTS_CA_BUNDLE or SSL_CERT_FILE, else of certifi.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests

from homeground.catalogue.live.troubles import (
    DamagedError,
    RefusedError,
    UnreachableError,
    about_certificate,
    about_status,
    clock_skew,
    what_came,
)

MIRROR = "HOMEGROUND_FETCH_MIRROR"  # a copy of the providers: MIRROR/HOST/PATH stands for https://HOST/PATH
CONNECT, READ = 10.0, 60.0  # seconds
BUNDLES = (
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
)  # certificates that are trusted; else those of certifi
TRIES = 5
LONGEST_WAIT = 60.0  # seconds between two tries, whatever the provider asks for
PATIENCE = 150.0  # seconds of waiting for one answer, together
REDIRECTS = 5
AGAIN = (429, 500, 502, 503, 504)
CHUNK = 1 << 18
MOST_TEXT = 100_000_000  # bytes of an answer that is held in memory
AGENT = "homeground (open-source; https://pypi.org/project/homeground)"


@dataclass
class Transfer:
    """Asks providers; counts the bytes that came.

    Parameters
    ----------
    mirror : str
        Address of a copy of all providers; empty: that of HOMEGROUND_FETCH_MIRROR, else the providers themselves.
    read : float
        Seconds without a byte after which an answer is given up.
    sleep : function
        Waits; tests hand in one that does not.
    on_bytes : function
        Told how many bytes came, for a bar.
    """

    mirror: str = ""
    read: float = READ
    sleep: Callable[[float], None] = time.sleep
    on_bytes: Callable[[int], None] = lambda _: None
    received: int = 0
    skew: timedelta | None = None
    dead: dict[str, str] = field(default_factory=dict)  # hosts that did not answer, and why

    def __post_init__(self) -> None:
        self.mirror = (self.mirror or os.environ.get(MIRROR, "")).rstrip("/")
        self.session = requests.Session()
        self.session.max_redirects = REDIRECTS
        self.session.headers["User-Agent"] = AGENT
        # Handed in with each request: in a session alone, CURL_CA_BUNDLE of the environment would win over it.
        self.verify = next((os.environ[name] for name in BUNDLES if os.environ.get(name)), True)

    def asked(self, address: str) -> str:
        """The address that is really asked: the provider's, or that of its copy."""
        if not self.mirror or address.startswith(self.mirror):
            return address
        parts = urlsplit(address)
        whole = urlsplit(f"{self.mirror}/{parts.netloc}{parts.path}")
        return urlunsplit((whole.scheme, whole.netloc, whole.path, parts.query, ""))

    def get(self, address: str, *, headers: Mapping[str, str] | None = None) -> bytes:
        """The whole answer, held in memory.

        Raises
        ------
        UnreachableError, RefusedError, DamagedError
            No answer, no data, or an answer cut short.
        """
        return self._answer("GET", address, headers=dict(headers or {}))

    def json(self, address: str, *, headers: Mapping[str, str] | None = None, body: Any = None) -> Any:
        """An answer in JSON; ``body`` is posted where it is given.

        Raises
        ------
        UnreachableError, RefusedError, DamagedError
            As of `get`, or the answer is no JSON.
        """
        method, extra = ("GET", {}) if body is None else ("POST", {"json": body})
        found = self._answer(method, address, headers={"Accept": "application/json", **(headers or {})}, **extra)
        try:
            return json.loads(found)
        except ValueError as error:
            came = what_came(found) or f"{len(found)} bytes"
            raise DamagedError(f"{address}: JSON was expected, {came} came. {LATER}") from error

    def part(self, address: str, start: int, length: int) -> bytes:
        """Bytes of a file from ``start`` on; fewer at its end.

        Raises
        ------
        RefusedError
            The provider hands out whole files only (status 200).
        """
        wanted = {"Range": f"bytes={start}-{start + length - 1}", "Accept-Encoding": "identity"}
        return self._answer("GET", address, headers=wanted, partial=True)

    def whole(self, address: str, path: Path, *, sha256: str = "") -> Path:
        """A whole file, onto the disk; one that was cut short on its way is gone on with.

        Parameters
        ----------
        address : str
        path : Path
            Where it will lie; until it is whole, what came lies beside it as ``NAME.part``.
        sha256 : str
            Of the file, where the provider tells it.

        Returns
        -------
        Path

        Raises
        ------
        UnreachableError, RefusedError, DamagedError
            No answer, no data, less than was promised after all tries, or another hash.
        """
        if path.is_file():
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        self._tried("GET", address, lambda: self._append(address, part))
        if sha256 and (found := _hash(part)) != sha256.lower():
            part.unlink()
            raise DamagedError(f"{address}: its SHA-256 is {found}, {sha256} was expected. It was thrown away. {LATER}")
        part.replace(path)
        return path

    def reach(self, addresses: list[str], *, seconds: float = 20.0) -> dict[str, str]:
        """Which hosts of some addresses do not answer at all, and why; all are asked at once.

        Returns
        -------
        dict of str to str
            Host and reason, for those that do not answer. An answer of any status is one.
        """
        hosts = {parts.netloc: f"{parts.scheme}://{parts.netloc}/" for parts in map(urlsplit, addresses)}

        def ask(address: str) -> str:
            try:
                with self.session.get(
                    self.asked(address),
                    stream=True,
                    timeout=(CONNECT, seconds - CONNECT),
                    headers={"Range": "bytes=0-0"},
                    verify=self.verify,
                ) as answer:
                    self.skew = clock_skew(answer.headers.get("Date")) or self.skew
                return ""
            except requests.exceptions.RequestException as error:
                return "" if isinstance(error, requests.exceptions.ReadTimeout) else _why(address, error)

        with ThreadPoolExecutor(max_workers=12) as pool:
            said = dict(zip(hosts, pool.map(ask, hosts.values()), strict=True))
        self.dead |= {host: why for host, why in said.items() if why}
        return {host: why for host, why in said.items() if why}

    def _append(self, address: str, part: Path) -> bytes:
        """One try at the rest of a file; only of the same version of it, as far as the provider tells one."""
        there, mark = part.stat().st_size if part.exists() else 0, part.with_name(part.name + ".version")
        known = mark.read_text("utf-8") if there and mark.exists() else ""
        headers = {"Accept-Encoding": "identity"}
        if there:
            headers |= {"Range": f"bytes={there}-"} | ({"If-Range": known} if known else {})
        with self.session.get(
            self.asked(address), stream=True, timeout=(CONNECT, self.read), headers=headers, verify=self.verify
        ) as answer:
            if there and answer.status_code == 416:  # nothing is left: it was whole, or is another file now
                if (answer.headers.get("Content-Range") or "").endswith(f"/{there}"):
                    mark.unlink(missing_ok=True)
                    return b""
                part.unlink()
                raise _AgainError("another file lies there now")
            self._judge(address, answer)
            _same_place(answer, there)
            if there and answer.status_code != 206:
                there = 0  # the provider begins anew
            tag = answer.headers.get("ETag") or ""
            mark.write_text("" if tag.startswith("W/") else tag, "utf-8")
            promised, came = answer.headers.get("Content-Length"), 0
            with part.open("ab" if there else "wb") as file:
                for chunk in answer.iter_content(CHUNK):
                    file.write(chunk)
                    came += len(chunk)
                    self._count(len(chunk))
            if promised is not None and came < int(promised):
                raise _AgainError(f"{came} of {promised} bytes came")
        mark.unlink(missing_ok=True)
        return b""

    def _answer(self, method: str, address: str, *, partial: bool = False, **options: Any) -> bytes:
        return self._tried(method, address, lambda: self._once(method, address, partial, options))

    def _once(self, method: str, address: str, partial: bool, options: dict[str, Any]) -> bytes:
        with self.session.request(
            method, self.asked(address), stream=True, timeout=(CONNECT, self.read), verify=self.verify, **options
        ) as answer:
            if partial and answer.status_code == 416:
                return b""
            self._judge(address, answer)
            if partial and answer.status_code != 206:
                raise RefusedError(f"{address} is handed out as a whole only", 200)
            if partial:
                _same_place(answer, int(options["headers"]["Range"].split("=")[1].split("-")[0]))
            promised, came = answer.headers.get("Content-Length"), bytearray()
            for chunk in answer.iter_content(CHUNK):
                came += chunk
                self._count(len(chunk))
                if len(came) > MOST_TEXT:
                    raise DamagedError(f"{address}: more than {MOST_TEXT // 1_000_000} MB came in one answer. {LATER}")
            packed = answer.headers.get("Content-Encoding", "identity") != "identity"
            if promised is not None and not packed and len(came) < int(promised):
                raise _AgainError(f"{len(came)} of {promised} bytes came")
            return bytes(came)

    def _tried(self, method: str, address: str, attempt: Callable[[], bytes]) -> bytes:
        """Try, wait as long as the provider asks for or ever longer, and try again; in the end say what was wrong."""
        host, waited, said = urlsplit(address).netloc, 0.0, ""
        if host in self.dead:
            raise UnreachableError(self.dead[host])
        for n in range(TRIES):
            wait = min(2.0**n, LONGEST_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311 - that not all ask at once
            kind: type[UnreachableError | RefusedError | DamagedError] = RefusedError
            try:
                return attempt()
            except _AgainError as again:
                said, kind = f"{address}: {again}", again.kind
                wait = min(max(wait, again.wait), LONGEST_WAIT)
            except requests.exceptions.SSLError as error:
                raise UnreachableError(_why(address, error)) from error
            except requests.exceptions.TooManyRedirects as error:
                raise RefusedError(f"{address} sends on more than {REDIRECTS} times. {LATER}") from error
            except requests.exceptions.ConnectionError as error:
                said, kind = _why(address, error), UnreachableError
            except requests.exceptions.RequestException as error:  # cut short, too slow, badly packed
                said, kind = f"{address}: {type(error).__name__}: {error}", DamagedError
            waited += wait
            if n == TRIES - 1 or waited > PATIENCE:
                break
            self.sleep(wait)
        if kind is UnreachableError:
            self.dead[host] = said
        raise kind(f"{said}{'' if said.endswith('?') else '.'} Tried {n + 1} times. {LATER}")

    def _judge(self, address: str, answer: requests.Response) -> None:
        self.skew = clock_skew(answer.headers.get("Date")) or self.skew
        if answer.history and address.startswith("https:") and not self.mirror and answer.url.startswith("http:"):
            raise RefusedError(
                f"{address} sends on to {answer.url}, which anybody on the way may change. Nothing was fetched."
            )
        if answer.status_code in AGAIN:
            said = about_status(address, answer.status_code).removeprefix(f"{address} ")
            raise _AgainError(said, RefusedError, _seconds(answer.headers.get("Retry-After")))
        if answer.status_code >= 400:
            raise RefusedError(about_status(address, answer.status_code, skew=self.skew), answer.status_code)

    def _count(self, n: int) -> None:
        self.received += n
        self.on_bytes(n)


REASONS = {  # why a connection failed, by what the libraries say
    ("NameResolution", "getaddrinfo", "Name or service", "resolve"): "no such name is known here",
    ("RemoteDisconnected", "reset by peer"): "it closed the connection without an answer",
    ("refused",): "the connection was refused",
    ("unreachable",): "there is no way to it",
}
LATER = "Try again later; what came stays."


class _AgainError(Exception):
    """Worth another try."""

    def __init__(self, said: str, kind: type[RefusedError | DamagedError] = DamagedError, wait: float = 0.0) -> None:
        super().__init__(said)
        self.kind, self.wait = kind, wait


def _same_place(answer: requests.Response, start: int) -> None:
    """Refuse a part of a file that is not the one asked for."""
    told = answer.headers.get("Content-Range") or ""
    if answer.status_code == 206 and told and not told.startswith(f"bytes {start}-"):
        raise _AgainError(f"bytes from {start} on were asked for, {told} came")


def _seconds(asked: str | None) -> float:
    """How long a provider asks to wait, by its ``Retry-After``: seconds or a date.

    Examples
    --------
    >>> _seconds("7"), _seconds(None), _seconds("Sat, 01 Jan 2000 00:00:00 GMT")
    (7.0, 0.0, 0.0)
    """
    if not asked:
        return 0.0
    if asked.strip().isdecimal():
        return float(asked)
    skew = clock_skew(asked)
    return 0.0 if skew is None else max(-skew.total_seconds(), 0.0)


def _why(address: str, error: Exception) -> str:
    """Why no answer came."""
    host, text = urlsplit(address).netloc, str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return about_certificate(address, text.rpartition("certificate verify failed: ")[2].split(" (_ssl")[0] or text)
    if isinstance(error, requests.exceptions.ProxyError):
        return f"{host}: the proxy of this network does not answer or refuses ({text[:120]}). Look at HTTPS_PROXY"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"{host}: no answer within {CONNECT:.0f} seconds; is there internet, or does a firewall stand before it?"
    told = next((said for marks, said in REASONS.items() if any(mark in text for mark in marks)), "no connection")
    return f"{host}: {told}; is there internet?"


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
