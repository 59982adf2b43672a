# SPDX-License-Identifier: Apache-2.0
"""One way to a provider: right, slow, cut short, wrong hash, refused, busy, sent on; nothing half taken for whole."""

from __future__ import annotations

import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.catalogue.live.providers import Answer

from homeground.catalogue.live.transfer import REDIRECTS, TRIES, Transfer
from homeground.catalogue.live.troubles import DamagedError, RefusedError, UnreachableError, about_status

AT = "https://data.example.org/rain.tif"
BODY = bytes(range(256)) * 4000


@pytest.fixture
def waits():
    return []


@pytest.fixture
def get(providers, waits):
    return Transfer(sleep=waits.append, read=2.0)


def test_a_whole_file_comes_and_no_part_stays(providers, get, tmp_path):
    providers.put(AT, Answer(BODY))
    path = get.whole(AT, tmp_path / "rain.tif", sha256=hashlib.sha256(BODY).hexdigest())
    assert path.read_bytes() == BODY
    assert [p.name for p in tmp_path.iterdir()] == ["rain.tif"]
    assert get.received == len(BODY)


def test_a_file_cut_short_goes_on_where_it_was(providers, get, tmp_path):
    providers.put(AT, Answer(BODY))
    providers.first["/data.example.org/rain.tif"] = [Answer(BODY, cut=300_000)]
    assert get.whole(AT, tmp_path / "rain.tif").read_bytes() == BODY
    assert get.received == len(BODY)  # nothing came twice
    assert providers.heads[-1]["range"].startswith("bytes=")


def test_a_server_that_knows_no_ranges_begins_anew(providers, get, tmp_path):
    providers.put(AT, Answer(BODY, ranges=False))
    (tmp_path / "rain.tif.part").write_bytes(BODY[:5000])
    assert get.whole(AT, tmp_path / "rain.tif").read_bytes() == BODY


def test_the_rest_of_another_version_is_not_put_to_the_first(providers, get, tmp_path):
    new = bytes(reversed(BODY))

    def answer(path, asked, body):
        same = providers.heads[-1].get("if-range", '"two"') == '"two"'
        return Answer(new, headers={"ETag": '"two"'}, ranges=same)

    providers.put(AT, answer)
    providers.first["/data.example.org/rain.tif"] = [Answer(BODY, cut=300_000, headers={"ETag": '"one"'})]
    assert get.whole(AT, tmp_path / "rain.tif").read_bytes() == new
    assert [p.name for p in tmp_path.iterdir()] == ["rain.tif"]


def test_a_part_from_another_place_is_not_taken(providers, get):
    providers.put(AT, Answer(BODY[:100], 206, {"Content-Range": "bytes 0-99/1024000"}))
    with pytest.raises(DamagedError, match="bytes from 500 on were asked for"):
        get.part(AT, 500, 100)


def test_always_cut_short_is_told_and_never_whole(providers, get, tmp_path):
    providers.put(AT, Answer(BODY, cut=1000, ranges=False))
    with pytest.raises(DamagedError, match=r"Tried 5 times"):
        get.whole(AT, tmp_path / "rain.tif")
    assert not (tmp_path / "rain.tif").exists()


def test_another_hash_is_thrown_away(providers, get, tmp_path):
    providers.put(AT, Answer(BODY))
    with pytest.raises(DamagedError, match="SHA-256"):
        get.whole(AT, tmp_path / "rain.tif", sha256="0" * 64)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "why"), [(403, "refuses"), (404, "moved or renamed"), (401, "key"), (410, "took it away")]
)
def test_what_is_refused_is_not_asked_again(providers, get, waits, status, why):
    providers.put(AT, Answer(b"<html>no</html>", status))
    with pytest.raises(RefusedError, match=why) as told:
        get.get(AT)
    assert told.value.status == status
    assert providers.asked["/data.example.org/rain.tif"] == 1
    assert waits == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_provider_is_asked_again_when_it_says(providers, get, waits, status):
    providers.put(AT, Answer(b"data"))
    providers.first["/data.example.org/rain.tif"] = [
        Answer(b"", status, {"Retry-After": "7"}), Answer(b"", status)
    ]  # fmt: skip
    assert get.get(AT) == b"data"
    assert waits[0] == 7.0
    assert 1.5 < waits[1] < 2.5  # by its own, twice as long each time


def test_a_provider_that_stays_busy_is_left_in_the_end(providers, get, waits):
    providers.put(AT, Answer(b"", 503, {"Retry-After": "86400"}))
    with pytest.raises(RefusedError, match="overloaded"):
        get.get(AT)
    assert max(waits) <= 60.0
    assert sum(waits) <= 150.0


def test_redirects_are_followed_and_bounded(providers, get):
    moved = f"{providers.url}/data.example.org/other.tif"
    providers.put(AT, Answer(b"", 302, {"Location": moved}))
    providers.put("https://data.example.org/other.tif", Answer(b"there"))
    assert get.get(AT) == b"there"
    providers.put("https://data.example.org/other.tif", Answer(b"", 302, {"Location": moved}))
    with pytest.raises(RefusedError, match=f"more than {REDIRECTS} times"):
        get.get(AT)


def test_a_slow_answer_is_waited_for_and_a_dead_one_given_up(providers, waits):
    providers.put(AT, Answer(b"late", slow=0.3))
    assert Transfer(read=5.0).get(AT) == b"late"
    providers.put(AT, Answer(b"later", slow=3.0))
    get, start = Transfer(read=0.2, sleep=waits.append), time.monotonic()
    with pytest.raises((DamagedError, UnreachableError)):
        get.get(AT)
    assert time.monotonic() - start < 10
    assert len(waits) == TRIES - 1


def test_text_in_place_of_json_is_told(providers, get):
    providers.put(AT, Answer(b"<!DOCTYPE html><html>Please log in</html>"))
    with pytest.raises(DamagedError, match=r"JSON was expected, a page of text.*Please log in"):
        get.json(AT)


def test_no_such_name_is_told_in_seconds(waits):
    get, start = Transfer(sleep=waits.append), time.monotonic()
    with pytest.raises(UnreachableError, match="no such name is known here"):
        get.get(AT)
    assert time.monotonic() - start < 10
    with pytest.raises(UnreachableError):  # the host is known to be gone: not waited for again
        get.get("https://data.example.org/another.tif")
    assert len(waits) == TRIES - 1


def test_which_hosts_are_gone_is_asked_at_once(providers, get):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/x"
    there = f"{providers.url}/data.example.org/{{year}}.tif"
    get.mirror = ""
    assert list(get.reach([nobody, there])) == [nobody.split("/")[2]]


def test_a_clock_that_is_off_is_told_with_the_refusal(providers, get):
    providers.put(AT, Answer(b"", 403))
    with pytest.raises(RefusedError):
        get.get(AT)
    assert abs(get.skew or timedelta(days=9)) < timedelta(minutes=1)  # the server of the test runs by this clock
    get.skew = timedelta(days=400)
    assert "This machine's clock is 400 days ahead" in about_status(AT, 403, skew=get.skew)


def test_a_certificate_that_nobody_signed_is_told_with_what_to_do(tmp_path, monkeypatch):
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not here")
    key, pem = tmp_path / "key.pem", tmp_path / "proxy.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem, "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        address = f"https://127.0.0.1:{server.server_port}/"
        with pytest.raises(UnreachableError, match="REQUESTS_CA_BUNDLE") as told:
            Transfer(sleep=lambda _: None).get(address)
        assert "never switched off" in str(told.value)
        for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):  # what the message says helps
            monkeypatch.setenv(name, str(pem))
            assert Transfer().get(address) == b"ok"
            monkeypatch.delenv(name)
    finally:
        server.shutdown()
        server.server_close()
