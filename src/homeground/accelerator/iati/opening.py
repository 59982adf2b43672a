# SPDX-License-Identifier: Apache-2.0
"""A file of any kind, streamed: either activities one after the other, or one sentence on why not.

Nothing outside the file is read: no entity is resolved, no network used, and a DOCTYPE ends the reading. The limits of
libxml2 on depth (256) and on one text (10 MB) stay on; the size of the file and of one activity are limited here.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.schema import ROOTS, VERSION, Element, lxml_etree

LARGEST = 200_000_000  # bytes of a file, unpacked
LARGEST_ONE = 16_000_000  # bytes between the ends of two activities: a tree of more nodes would fill the memory
LARGEST_PART = 4_000_000  # bytes of a part that is parsed at once; one activity may be larger
CHUNK = 1 << 17
LINE_END = ord("\n")
PLAIN_ENCODINGS = {"UTF-8", "US-ASCII", "ASCII", "ISO-8859-1", "ISO-8859-15", "WINDOWS-1252"}  # where "<" is one byte
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_LINE = re.compile(r"\bline ([0-9]+)")
_SPREADSHEET = (b"xl/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")


@dataclass
class Root:
    """What is known of a file before its first activity."""

    tag: str = ""
    version: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    namespaces: dict[str | None, str] = field(default_factory=dict)
    read: int = 0  # activities or organisations that ended
    bytes: int = 0
    passed: bool = False  # whether all of the part that is read has passed the schema

    @property
    def inner(self) -> str:
        return ROOTS[self.tag]


def stream(
    source: Path | BinaryIO, findings: Findings, root: Root, *, largest: int = LARGEST, check: Any = None
) -> Iterator[Element]:
    """Activities (or organisations) of a file, each complete when it is given and emptied afterwards.

    Parameters
    ----------
    source : Path or binary file
        XML, also packed with gzip.
    findings : Findings
        Takes what is wrong with the file as a whole.
    root : Root
        Takes what the root element says, before the first activity is given.
    largest : int, optional
        Bytes of a file, unpacked, that are read.
    check : lxml.etree.XMLSchema, optional
        Schema to hold many activities against at once, which takes less time; where all pass, ``root.passed`` says so.

    Yields
    ------
    lxml.Element
    """
    etree: Any = lxml_etree()
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                yield from _stream(etree, file, findings, root, largest, check)
        else:
            yield from _stream(etree, source, findings, root, largest, check)
    except OSError as error:
        findings.add("file.missing", found=f"{error.strerror or error}")


def _stream(etree: Any, file: BinaryIO, findings: Findings, root: Root, largest: int, check: Any) -> Iterator[Element]:
    pieces = _pieces(file, findings, root, largest)
    first = next(pieces, b"")
    if not _may_be_xml(first, findings):
        return
    begun, element, broken = _begun(etree, first, pieces)
    if element is None:
        _tell_end(broken, 0, findings, root)
        return
    if not _may_be_read(element, findings, root):
        _count_old(etree, element, begun, pieces, findings, root)
        return
    left, head, said = begun, b"", _ENCODING.match(begun)
    encoding = said[1].decode() if said else "UTF-8"
    if encoding.upper() in PLAIN_ENCODINGS and b"\0" not in begun:
        left, head = yield from _quickly(etree, begun, _head(etree, element, encoding), pieces, findings, root, check)
    yield from _slowly(etree, head, left, pieces, findings, root)


def _begun(etree: Any, first: bytes, pieces: Iterator[bytes]) -> tuple[bytes, Any, Any]:
    """The bytes up to where the root element is known, that element, and the error if there is none."""
    probe, begun = etree.XMLPullParser(events=("start",), **_safe()), b""
    for piece in _all(first, pieces):
        begun += piece or b""
        element, broken = _first_element(etree, probe, piece)
        if element is not None or broken is not None:
            return begun, element, broken
    return begun, None, None


def _head(etree: Any, element: Any, encoding: str) -> bytes:
    """XML that opens a root element on one line, as this one but sound: what follows may then be parsed by itself."""
    alone = etree.tostring(etree.Element(element.tag, version=VERSION, nsmap=element.nsmap), encoding="ASCII")
    return b'<?xml version="1.0" encoding="%s"?>%s>' % (encoding.encode(), alone.removesuffix(b"/>"))


def _quickly(
    etree: Any, begun: bytes, head: bytes, pieces: Iterator[bytes], findings: Findings, root: Root, check: Any
) -> Generator[Element, None, tuple[bytes, bytes]]:
    """Activities out of parts of the file that end with one, each part parsed at once, which takes two thirds of the time.

    Returns what is left, with the head that belongs before it: the end of the file, or all from the first part on that is
    no XML by itself (its end stands in a comment, say, or there is an error in it).
    """
    parser, end, last = etree.XMLParser(**_safe()), f"</{root.inner}>".encode(), f"</{root.tag}>".encode()
    left, before = begun, b""
    for piece in chain([b""], pieces):
        left += piece
        cut = left.rfind(end) + len(end)
        if cut < len(end):
            if len(left) > LARGEST_PART:
                break
            continue
        try:
            part = etree.fromstring(b"".join((before, memoryview(left)[:cut], last)), parser)
        except etree.XMLSyntaxError:
            break
        root.passed = check is not None and check.validate(part)
        for element in part:
            if element.tag == root.inner:
                root.read += 1
                yield element
            else:
                _tell_of(element, findings)
        findings.above += int(np.count_nonzero(np.frombuffer(left, np.uint8, cut) == LINE_END))
        left, before = left[cut:], head
    return left, before


def _slowly(
    etree: Any, head: bytes, left: bytes, pieces: Iterator[bytes], findings: Findings, root: Root
) -> Iterator[Element]:
    """Activities as they end, up to the end of the file or an error in it, which is told."""
    parser = etree.XMLPullParser(events=("end",), tag=[*ROOTS.values()], **_safe())
    parser.feed(head)
    root.passed = False
    since, last_line = 0, 0
    for piece in _all(left, pieces):
        rest, broken = _fed(etree, parser, piece)
        since += len(piece or b"")
        for _, element in parser.read_events():
            above = element.getparent()
            if element.tag == root.inner and above is not None and above.getparent() is None:
                last_line, since = element.sourceline, 0
                root.read += 1
                yield element
                _let_go(element, findings)
        if broken is not None or since > LARGEST_ONE:
            _tell_end(broken, last_line, findings, root)
            return
        for element in rest:
            _tell_of(element, findings)
    if not root.read:
        findings.add("file.none", found="activity" if root.inner == "iati-activity" else "organisation")


def _may_be_xml(first: bytes, findings: Findings) -> bool:
    """Whether the first bytes may begin an XML file; else it is told what they are."""
    if not first.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        if not findings.rows:  # else it is told already why there is nothing
            findings.add("file.blank")
        return False
    if first.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        old = not first.startswith(b"PK")
        findings.add("file.spreadsheet" if old or any(mark in first for mark in _SPREADSHEET) else "file.zip")
        return False
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        findings.add("file.encoding", found="UTF-16")
    return True


def _fed(etree: Any, parser: Any, piece: bytes | None) -> tuple[Any, Any]:
    """What is left under the root at the end of the file, and the error that ends the XML.

    What ended before the error is read all the same.
    """
    try:
        if piece is None:
            return parser.close(), None
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        return (), error
    # Some errors at the end of a piece are not raised, and the next piece would be read as a file of its own.
    fatal = next((one for one in parser.feed_error_log if one.level == etree.ErrorLevels.FATAL), None)
    return (), None if fatal is None else etree.XMLSyntaxError(fatal.message, fatal.type, fatal.line, fatal.column)


def _tell_end(broken: Any, last_line: int, findings: Findings, root: Root) -> None:
    """Why the reading ends before the file does."""
    if broken is None:
        findings.add("file.one-too-large", last_line, root.inner if root.tag else "", LARGEST_ONE // 1_000_000)
    elif not any(row[0] in ("file.large", "file.gzip") for row in findings.rows):
        rule = "file.syntax" if root.tag else "file.not-xml"
        words = _LINE.sub(lambda found: f"line {findings.line(int(found[1]))}", broken.msg or "no element")
        findings.add(rule, broken.lineno or last_line, "", _short(words))


def _first_element(etree: Any, probe: Any, piece: bytes | None) -> tuple[Any, Any]:
    """The root element, if it began in this piece, and else the error that ends the XML, if there is one."""
    try:
        if piece is None:
            return probe.close(), None
        probe.feed(piece)
        fault = None
    except etree.XMLSyntaxError as error:
        fault = error
    element = next(probe.read_events(), (None, None))[1]
    return element, None if element is not None else fault


def _safe() -> dict[str, bool]:
    """How XML is parsed: closed to all that lies outside it, and without what says nothing (blanks between elements)."""
    return {
        "remove_blank_text": True,
        "remove_comments": True,
        "remove_pis": True,
        "resolve_entities": False,
        "no_network": True,
        "huge_tree": False,
        "load_dtd": False,
        "dtd_validation": False,
        "attribute_defaults": False,
    }


def _all(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes | None]:
    """All pieces, and None at the end: time to close."""
    yield first
    yield from pieces
    yield None


def _pieces(file: BinaryIO, findings: Findings, root: Root, largest: int) -> Iterator[bytes]:
    """Bytes of a file, unpacked, with CR-only line ends made LF, up to the largest size."""
    head = file.read(2)
    file.seek(0)
    packed = head == b"\x1f\x8b"
    opened: Any = gzip.GzipFile(fileobj=file) if packed else file
    lone: bool | None = None
    try:
        while piece := opened.read(CHUNK):
            root.bytes += len(piece)
            if root.bytes > largest:
                findings.add("file.large", found=largest // 1_000_000)
                return
            if lone is None and (b"\r" in piece or b"\n" in piece):
                lone = b"\n" not in piece and b"\x00" not in piece[:64]
                if lone:
                    findings.add("file.line-ends")
            yield piece.replace(b"\r", b"\n") if lone else piece
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        findings.add("file.gzip", found=_short(str(error)))


def _may_be_read(element: Element, findings: Findings, root: Root) -> bool:
    """Whether the root element is one of IATI 2 without a DOCTYPE; else it is told why not."""
    info = element.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        findings.add("file.doctype")
        return False
    tag = str(element.tag)
    if tag not in ROOTS:
        findings.add("file.not-iati", element.sourceline, "", _short(tag))
        return False
    root.tag, root.version = tag, (element.get("version") or "").strip()
    root.attributes = {str(name): str(value) for name, value in element.attrib.items()}
    root.namespaces = dict(element.nsmap)
    if root.version[:2] in ("1.", "1", "0."):
        return False
    if root.version != VERSION:
        findings.add("file.version", element.sourceline, f"{tag}/@version", root.version or "nothing")
    return True


def _count_old(etree: Any, element: Any, begun: bytes, pieces: Iterator[bytes], findings: Findings, root: Root) -> None:
    """A file of a version below 2: how many activities it holds, and how many lack what version 2 asks for."""
    if not root.tag:
        return
    wanted = {
        "iati-activity": ("iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status",
                          "activity-date"),
        "iati-organisation": ("iati-identifier", "name", "reporting-org"),
    }[root.inner]  # fmt: skip
    lacking: dict[str, int] = dict.fromkeys(wanted, 0)
    since, cut = 0, ""
    parser = etree.XMLPullParser(events=("end",), tag=[*ROOTS.values()], **_safe())
    for one in _all(begun, pieces):
        if one is None:
            break
        try:
            parser.feed(one)
        except etree.XMLSyntaxError as error:
            cut = f"; the XML breaks off at line {error.lineno}"
        since += len(one)
        for _, activity in parser.read_events():
            if activity.tag == root.inner:
                root.read += 1
                since = 0
                for name in wanted:
                    lacking[name] += activity.find(name) is None
                activity.clear()
                while activity.getprevious() is not None:
                    del activity.getparent()[0]
        if since > LARGEST_ONE:
            cut = "; the file was not read to its end"
        if cut:
            break
    what = "activities" if root.inner == "iati-activity" else "organisations"
    gaps = ", ".join(f"{name} in {count}" for name, count in lacking.items() if count)
    told = f"{root.version} with {root.read} {what}{cut}" + (f"; missing for version 2: {gaps}" if gaps else "")
    findings.add("file.old-version", element.sourceline, f"{root.tag}/@version", told)


def _let_go(element: Element, findings: Findings) -> None:
    """Empty an element that was read and drop what stands before it; what the standard does not know there is told."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        if before.tag not in ROOTS.values():
            _tell_of(before, findings)
        del parent[0]


def _tell_of(element: Element, findings: Findings) -> None:
    tag = element.tag
    if isinstance(tag, str) and not tag.startswith("{") and tag not in ROOTS.values():
        findings.add("file.outside", element.sourceline, tag, _short(tag))


def _short(text: str) -> str:
    text = " ".join(str(text).split())
    return text if len(text) <= 120 else text[:117] + "..."
