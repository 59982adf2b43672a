# SPDX-License-Identifier: Apache-2.0
"""STAC: which files of a collection lie in a box and in some years, page by page, with the token that lets them be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from homeground.catalogue.live.transfer import LATER, Transfer
from homeground.catalogue.live.troubles import DamagedError

PAGE = 250  # items of a page
MOST_PAGES = 400
TOKENS = "https://planetarycomputer.microsoft.com/api/sas/v1/token/"
SIGNED = ".blob.core.windows.net"  # hosts whose files want the token


@dataclass(frozen=True)
class Item:
    """A file of a collection."""

    id: str
    date: str  # ISO, the first day
    address: str


def items(
    get: Transfer, catalogue: str, collection: str, asset: str, box: tuple[float, float, float, float], span: str
) -> Iterator[Item]:
    """Items of a collection that touch a box within a span, in the order of the server.

    Parameters
    ----------
    get : Transfer
    catalogue, collection, asset : str
        Address of the catalogue, and what is looked for in it.
    box : (west, south, east, north)
        Degrees.
    span : str
        Such as "2000-01-01/2023-12-31".

    Yields
    ------
    Item

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no data, or items of another form.
    """
    body: Any = {"collections": [collection], "bbox": list(box), "datetime": span, "limit": PAGE}
    address, seen = f"{catalogue}/search", set[str]()
    for _ in range(MOST_PAGES):
        page = get.json(address, body=body)
        try:
            for feature in page["features"]:
                if feature["id"] in seen:
                    continue
                seen.add(feature["id"])
                told = feature["properties"]
                date = told.get("datetime") or told.get("start_datetime")
                yield Item(feature["id"], str(date)[:10], feature["assets"][asset]["href"])
            following = next((link for link in page.get("links", ()) if link.get("rel") == "next"), None)
        except (KeyError, TypeError, AttributeError) as error:
            raise DamagedError(
                f"{address}: items with the asset {asset} were expected; the form changed ({error!r}). {LATER}"
            ) from error
        if following is None or not page["features"]:
            return
        address = following["href"]
        body = following.get("body") if following.get("method", "GET").upper() == "POST" else None
    raise DamagedError(f"{address}: more than {MOST_PAGES} pages; the catalogue goes round in a circle. {LATER}")


def token(get: Transfer, collection: str) -> str:
    """The token that lets the files of a collection be read: free, without a name, for about an hour.

    Raises
    ------
    UnreachableError, RefusedError, DamagedError
        No answer, no token.
    """
    found = get.json(TOKENS + collection)
    if not isinstance(found, dict) or "token" not in found:
        raise DamagedError(f"{TOKENS}{collection}: a token was expected. {LATER}")
    return str(found["token"])


class Signed:
    """Addresses of a collection's files with a token that is asked for when it is needed, and again when it is refused."""

    def __init__(self, get: Transfer, collection: str) -> None:
        self.get, self.collection, self.token = get, collection, ""

    def __call__(self, address: str) -> str:
        """The address with the token."""
        if SIGNED not in address:
            return address
        if not self.token:
            self.token = token(self.get, self.collection)
        return f"{address}?{self.token}"

    def forget(self) -> None:
        """The token is spent: the next address asks for another."""
        self.token = ""
