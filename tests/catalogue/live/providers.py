# SPDX-License-Identifier: Apache-2.0
"""Providers on loopback, bounded in time: they answer in the shape of the real ones, and as badly as networks do."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import rasterio
from rasterio.io import MemoryFile
from rasterio.shutil import copy
from rasterio.transform import from_origin

LONGEST = 120.0  # seconds that a server lives


@dataclass
class Answer:
    """What is sent: a body, and how it goes wrong."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    cut: int | None = None  # bytes after which the line is cut
    slow: float = 0.0  # seconds before the body


Route = Answer | Callable[[str, dict[str, list[str]], bytes], Answer]


class Providers:
    """Routes by host and path, as a mirror has them: ``/HOST/PATH``."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.first: dict[str, list[Answer]] = {}  # answers that come before the route's, once each
        self.asked: Counter[str] = Counter()
        self.heads: list[dict[str, str]] = []
        self.url = ""

    def find(self, path: str) -> Route | None:
        if path in self.routes:
            return self.routes[path]
        return next(
            (route for key, route in self.routes.items() if key.endswith("*") and path.startswith(key[:-1])), None
        )

    def put(self, address: str, route: Route) -> None:
        """Serve something under the address of the real provider."""
        parts = urlsplit(address)
        self.routes[f"/{parts.netloc}{parts.path}"] = route

    def json(self, address: str, content: Any) -> None:
        self.put(address, Answer(json.dumps(content).encode()))


@contextmanager
def running() -> Iterator[Providers]:
    """A server on loopback; it stops by itself after two minutes."""
    providers = Providers()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = unquote(parts.path)
            providers.asked[path] += 1
            providers.heads.append({key.lower(): value for key, value in self.headers.items()})
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            waiting = providers.first.get(path)
            route = waiting.pop(0) if waiting else providers.find(path)
            if route is None:
                route = Answer(b"<!DOCTYPE html><html><title>404 Not Found</title></html>", 404)
            answer = (
                route if isinstance(route, Answer) else route(path, parse_qs(parts.query, keep_blank_values=True), body)
            )
            with suppress(BrokenPipeError, ConnectionResetError):
                self.send(answer)

        do_POST = do_GET  # noqa: N815 - as http.server calls it

        def send(self, answer: Answer) -> None:
            content, status, headers = answer.body, answer.status, dict(answer.headers)
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
            if wanted and answer.ranges and status == 200:
                start, end = int(wanted[1]), int(wanted[2] or len(content) - 1)
                if start >= len(content):
                    status, headers["Content-Range"], content = 416, f"bytes */{len(content)}", b""
                else:
                    headers["Content-Range"] = f"bytes {start}-{min(end, len(content) - 1)}/{len(content)}"
                    status, content = 206, content[start : end + 1]
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            time.sleep(answer.slow)
            if answer.cut is not None and answer.cut < len(content):
                self.wfile.write(content[: answer.cut])
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(2)
                return
            self.wfile.write(content)

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # who asks may go away at any time

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    stop = threading.Timer(LONGEST, server.shutdown)
    stop.daemon = True
    stop.start()
    providers.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield providers
    finally:
        stop.cancel()
        server.shutdown()
        server.server_close()


def raster(
    values: np.ndarray, west: float, north: float, step: float, *, nodata: float | None = None, **more: Any
) -> bytes:
    """A GeoTIFF in memory; ``cog=True`` makes it cloud-optimised with overviews."""
    cog, crs = more.pop("cog", False), more.pop("crs", "EPSG:4326")
    values = values[None] if values.ndim == 2 else values
    profile = {
        "driver": "GTiff", "width": values.shape[2], "height": values.shape[1], "count": values.shape[0],
        "dtype": values.dtype, "crs": crs, "transform": from_origin(west, north, step, step), "nodata": nodata, **more,
    }  # fmt: skip
    with MemoryFile() as plain, MemoryFile(ext=".tif") as made:
        with plain.open(**profile) as file:
            file.write(values)
        if not cog:
            return bytes(plain.getbuffer())
        with plain.open() as source:
            copy(source, made.name, driver="COG", compress="DEFLATE", blocksize=256, overview_resampling="average")
        return bytes(made.read())


def opened(content: bytes) -> rasterio.DatasetReader:
    return rasterio.open(io.BytesIO(content))
