# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on the way to a provider, said so that a person in a ministry can act."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from homeground.errors import CatalogueError, DataError

CLOCK_OFF = timedelta(minutes=15)  # tokens and certificates of a provider are refused by clocks that differ by more
HEAD = 200  # bytes of an answer that are looked at to say what came instead
STATUS = {
    401: "it wants a key, or does not know the one that was given",
    403: "it refuses: some providers refuse programs, networks or countries",
    404: "nothing is there: the provider moved or renamed it, or does not have that year yet",
    407: "the proxy of this network wants a name and a password: set HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT",
    410: "the provider took it away",
    429: "it was asked too often; it asks to wait",
    500: "it failed",
    502: "it failed",
    503: "it is overloaded or closed for work on it",
    504: "it took too long",
}


class UnreachableError(CatalogueError):
    """No answer came: no internet, no such name, or a certificate that is not trusted."""


class RefusedError(CatalogueError):
    """The provider answered, and not with data."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class DamagedError(DataError):
    """What came is not what was asked for: cut short, an error page, another hash, another form."""


def about_status(address: str, status: int, *, skew: timedelta | None = None) -> str:
    """Why a provider gave no data, by its status code.

    Parameters
    ----------
    address : str
    status : int
        Of HTTP.
    skew : timedelta, optional
        By how much this machine's clock is ahead of the provider's.

    Returns
    -------
    str

    Examples
    --------
    >>> about_status("https://example.org/rain.tif", 404)
    'https://example.org/rain.tif answered 404: nothing is there: the provider moved or renamed it, or does not have that year yet'
    """
    why = STATUS.get(status, "that is no answer with data")
    return f"{address} answered {status}: {why}{about_clock(skew)}"


def about_clock(skew: timedelta | None) -> str:
    """What to do about this machine's clock; empty where it is right or not known.

    Examples
    --------
    >>> about_clock(timedelta(days=-3))
    ". This machine's clock is 3 days behind: set it, tokens and certificates are refused by it"
    >>> about_clock(timedelta(seconds=5))
    ''
    """
    if skew is None or abs(skew) < CLOCK_OFF:
        return ""
    minutes = round(abs(skew).total_seconds() / 60)
    long = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
    long = f"{abs(skew).days} days" if abs(skew).days > 1 else long
    where = "behind" if skew < timedelta(0) else "ahead"
    return f". This machine's clock is {long} {where}: set it, tokens and certificates are refused by it"


def clock_skew(date: str | None) -> timedelta | None:
    """By how much this machine's clock is ahead of the one in an answer's head ``Date``.

    Examples
    --------
    >>> clock_skew("Sat, 01 Jan 2000 00:00:00 GMT") > timedelta(days=365)
    True
    >>> clock_skew("yesterday") is None
    True
    """
    try:
        told = parsedate_to_datetime(date or "")
    except (TypeError, ValueError):
        return None
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return datetime.now(UTC) - told


def about_certificate(address: str, reason: str) -> str:
    """Why a certificate is not trusted, and what to do: a ministry's proxy, a clock, or somebody in between.

    Parameters
    ----------
    address : str
    reason : str
        What the library says.

    Returns
    -------
    str

    Examples
    --------
    >>> "Set the clock" in about_certificate("https://example.org", "certificate has expired")
    True
    """
    host = urlsplit(address).netloc
    if "expired" in reason or "not yet valid" in reason:
        return (
            f"the certificate of {host} does not hold at the time that this machine shows "
            f"({datetime.now(UTC):%Y-%m-%d %H:%M} UTC). Set the clock if that is wrong; else the provider must renew it, or a "
            "proxy of this network shows an old one: ask who runs it."
        )
    if "doesn't match" in reason or "not valid for" in reason or "mismatch" in reason.lower():
        return (
            f"the certificate shown for {host} is of another name ({reason}). Something stands between: log in to the network "
            "first (open any page in a browser), or ask who runs it. Nothing was fetched."
        )
    given = next((os.environ[n] for n in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE") if os.environ.get(n)), "")
    told = f" Now it is {given}, which does not hold it." if given else ""
    return (
        f"the certificate of {host} is signed by none that this machine trusts ({reason}). Many ministries' proxies sign "
        "anew: ask for the proxy's certificate as a PEM file and set REQUESTS_CA_BUNDLE (or SSL_CERT_FILE) to its path."
        f"{told} Checks are never switched off."
    )


def what_came(head: bytes) -> str:
    """What stands in place of data, from the first bytes of it; empty where that is not known.

    Parameters
    ----------
    head : bytes

    Returns
    -------
    str

    Examples
    --------
    >>> what_came(b"<!DOCTYPE html><html><title>403 Forbidden</title>")
    'a page of text: "<!DOCTYPE html><html><title>403 Forbidden</title>"'
    >>> what_came(b"II*")
    ''
    """
    start = head[:HEAD].lstrip()
    if not start:
        return "nothing"
    if start[:1] in (b"<", b"{") or start[:5].lower() in (b"error", b"<html"):
        text = " ".join(start.decode("utf-8", "replace").split())
        return f'a page of text: "{text[:120]}"'
    return ""


def head_of(path: Path) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(HEAD)
