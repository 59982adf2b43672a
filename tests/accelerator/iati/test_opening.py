# SPDX-License-Identifier: Apache-2.0
"""Hostile files, and files that are not what their name says: each is told in one issue, none is followed."""

from __future__ import annotations

import gzip
import io
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.accelerator.iati.made_activities import SOUND, document, read, read_bytes, told

from homeground.accelerator.iati import opening, read_iati
from homeground.accelerator.iati.findings import Findings
from homeground.accelerator.iati.opening import Root, stream

TITLE = "Half-moons and zaï"


def criticals(data: bytes) -> list[str]:
    file = read_bytes(data)
    assert file.accepted == 0
    return [issue.rule for issue in file.issues if issue.severity == "critical"]


@pytest.fixture
def listening() -> Iterator[str]:
    """The address of a server on this machine, which must not be asked for anything."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(TimeoutError):
        server.accept()
    server.close()


def test_an_external_entity_is_not_read(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    head = f'<!DOCTYPE iati-activities [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    data = head + document(SOUND.replace(TITLE, "&x;"))
    assert criticals(data) == ["file.doctype"]
    assert "the secret" not in str(read_bytes(data).issues)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE iati-activities SYSTEM "ADDRESS/iati.dtd">',
        '<!DOCTYPE iati-activities PUBLIC "-//X//Y" "ADDRESS/iati.dtd">',
        '<!DOCTYPE iati-activities [<!ENTITY % p SYSTEM "ADDRESS/p.dtd"> %p;]>',
        "<!DOCTYPE iati-activities>",
    ],
)
def test_a_doctype_is_refused_and_nothing_fetched(head: str, listening: str):
    assert criticals(head.replace("ADDRESS", listening).encode() + document(SOUND)) == ["file.doctype"]


def test_a_schema_location_or_stylesheet_is_not_fetched(listening: str):
    head = f'<?xml-stylesheet href="{listening}/a.xsl"?>'.encode()
    place = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{listening}/a.xsd"'
    assert read_bytes(head + document(SOUND, attributes=f'version="2.03" {place}')).accepted == 1
    inside = SOUND.replace("<iati-activity ", f"<iati-activity {place} ", 1)
    assert read_bytes(document(inside)).read == 1


def test_billion_laughs_and_quadratic_blow_up_are_stopped_at_once():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    laughing = f'<!DOCTYPE iati-activities [<!ENTITY l0 "lol">{laughs}]>'.encode() + document(
        SOUND.replace(TITLE, "&l11;")
    )
    in_attribute = laughing.replace(b'version="2.03"', b'version="&l11;"')
    quadratic = f'<!DOCTYPE iati-activities [<!ENTITY a "{"a" * 100_000}">]>'.encode()
    quadratic += document(SOUND.replace(TITLE, "&a;" * 30_000))
    for data in (laughing, in_attribute, quadratic):
        begun = time.process_time()
        assert criticals(data)[0] in ("file.doctype", "file.not-xml")
        assert time.process_time() - begun < 2


def test_deep_nesting_and_long_texts_end_the_reading():
    deep = document(SOUND.replace("</iati-activity>", "<a>" * 100_000 + "</a>" * 100_000 + "</iati-activity>"))
    long = document(SOUND.replace(TITLE, "x" * 10_500_000))
    for data in (deep, long):
        assert criticals(data) == ["file.syntax"]


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the system does not tell the peak of a process")
def test_one_activity_of_millions_of_elements_does_not_fill_the_memory():
    """16 MB of empty elements would be a tree of gigabytes; the reading ends before, in a process with a limit."""
    code = (
        "import io\n"
        "from homeground.accelerator.iati import read_iati\n"
        "class Endless(io.RawIOBase):\n"
        "    sent = 0\n"
        "    def readable(self): return True\n"
        "    def seek(self, *a): self.sent = 0; return 0\n"
        "    def read(self, n=-1):\n"
        "        piece = b'<iati-activities version=\"2.03\"><iati-activity>' if not self.sent else b'<a/>' * (n // 4)\n"
        "        self.sent += 1; return piece\n"
        "file = read_iati(Endless(), name='endless')\n"
        "assert [i.rule for i in file.issues if i.severity == 'critical'] == ['file.one-too-large'], file.issues\n"
        # Of this process alone: the peak that getrusage tells begins with that of the process it branched from.
        "status = open('/proc/self/status').read()\n"
        "print(status.split('VmHWM:')[1].split()[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < 1_500_000  # kB


def test_a_file_larger_than_allowed_is_told_while_it_streams():
    file = read_iati(io.BytesIO(document(SOUND) + b" " * 200_000), name="large.xml", largest=100_000)
    assert "file.large" in dict(told(file))


def test_a_packed_file_is_read_and_a_packed_bomb_is_not():
    assert read_bytes(gzip.compress(document(SOUND))).accepted == 1
    bomb = gzip.compress(document(SOUND) + b" " * 30_000_000)
    assert len(bomb) < 100_000
    file = read_iati(io.BytesIO(bomb), name="bomb.xml.gz", largest=1_000_000)
    assert "file.large" in dict(told(file))
    assert criticals(gzip.compress(document(SOUND))[:200])[-1] == "file.gzip"


def test_files_that_are_something_else_are_told():
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "words")
    assert criticals(book.getvalue()) == ["file.spreadsheet"]
    assert criticals(other.getvalue()) == ["file.zip"]
    assert criticals(b"\xd0\xcf\x11\xe0" + bytes(600)) == ["file.spreadsheet"]
    for blank in (b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe \x00"):
        assert criticals(blank) == ["file.blank"]
    assert criticals(b"<html><body/></html>") == ["file.not-iati"]
    assert criticals(b"project;title\n1;a") == ["file.not-xml"]
    assert criticals(b'{"a": 1}') == ["file.not-xml"]
    assert criticals(b"<?xml version='1.0' encoding='no-such-code'?><iati-activities/>") == ["file.not-xml"]


def test_a_path_that_cannot_be_read_is_told(tmp_path):
    for path in (tmp_path / "none.xml", tmp_path):
        assert [issue.rule for issue in read_iati(path).issues] == ["file.missing"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_utf_16_are_read(encoding: str):
    text = document(SOUND).decode()
    data = text.encode(encoding)
    if encoding.endswith("e") and "16" in encoding:
        data = (b"\xff\xfe" if encoding.endswith("le") else b"\xfe\xff") + data
    file = read_bytes(data)
    assert file.tables["projects"]["title"].tolist() == [TITLE]


def test_lines_that_end_in_cr_alone_are_lines():
    data = document(SOUND)
    old_mac = read_bytes(data.replace(b"\n", b"\r"))
    usual = read_bytes(data)
    assert ("file.line-ends", "notice") in told(old_mac)
    found = [(issue.rule, issue.line) for issue in old_mac.issues if issue.rule != "file.line-ends"]
    assert found == [(issue.rule, issue.line) for issue in usual.issues]
    assert max(line for _, line in found) > 10
    assert ("file.line-ends", "notice") not in told(read_bytes(data.replace(b"\n", b"\r\n")))


def test_a_file_of_version_1_says_convert_first_with_what_is_missing():
    old = "<iati-activity><iati-identifier>a</iati-identifier><title>a</title></iati-activity>"
    file = read(old, old.replace("<title>a</title>", ""), attributes='version="1.05"')
    issue = file.issues[0]
    assert (issue.rule, issue.severity, issue.fix) == ("file.old-version", "critical", "Convert it to 2.03 first.")
    assert "IATI 1.05 with 2 activities" in issue.message
    assert "title in 1" in issue.message
    assert "activity-status in 2" in issue.message
    assert "iati-identifier" not in issue.message  # both have one
    assert file.tables["projects"].empty


def test_other_versions_of_2_are_read_with_a_word():
    assert ("file.version", "warning") in told(read(SOUND, attributes='version="2.02"'))


def test_a_file_without_activities_says_so():
    assert ("file.none", "warning") in told(read_bytes(b'<iati-activities version="2.03"></iati-activities>'))


def test_what_stands_beside_the_activities_is_told():
    data = document("<note>a</note>", SOUND, "<note>b</note>")
    assert [issue.rule for issue in read_bytes(data).issues].count("file.outside") == 2


def test_memory_does_not_grow_with_the_file():
    """Activities are let go: after a thousand of them, the tree holds the last one."""
    many = io.BytesIO(document(*(SOUND.replace("XX-9-ZAI", f"XX-9-{n}") for n in range(1000))))
    beside = []
    for element in stream(many, Findings(""), Root()):
        beside.append(len(element.getparent()))
    assert len(beside) == 1000
    assert max(beside) <= opening.CHUNK / len(SOUND.encode()) + 2  # those that came in one piece of the file


def named(number: int, more: str = "") -> str:
    return SOUND.replace("XX-9-ZAI", f"XX-9-{number}").replace("<title>", f"{more}<title>")


END = "</iati-activity>"
BETWEEN = [  # what may stand between two activities: the end of one in it ends none
    f"<!-- {END} -->",
    f"<?note {END}?>",
    f"<x:note xmlns:x='urn:x'><![CDATA[{END}]]></x:note>",
    f"<x:note xmlns:x='urn:x'><iati-activity>{END}</x:note>",
    f"<x:note xmlns:x='urn:x' said='{END.replace('<', '&lt;')}'/>",
]


@pytest.mark.parametrize("between", BETWEEN)
def test_an_end_that_is_none_does_not_part_the_file(between: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "CHUNK", 64)
    file = read(named(1), between, named(2), named(3).replace("</description>", f"</description>{between}"), named(4))
    assert {f"XX-9-{n}" for n in (1, 2, 4)} <= file.gathered.seen
    assert file.read == 4


@pytest.mark.parametrize(("chunk", "largest"), [(40, 10**6), (1000, 10**6), (10**6, 10**6), (40, 1000), (3000, 2500)])
@pytest.mark.parametrize("spoil", [("", ""), ("</title>", "</titel>"), ("<title>", "<title>&nope;"), ("USD", "U&S")])
def test_parts_give_what_the_whole_gives(
    chunk: int, largest: int, spoil: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    """Parsed in parts that end with an activity, or by a parser that is fed the whole: rows, issues and lines are the same."""
    many = [named(n, "<bad/>" if n == 7 else "") for n in range(12)]
    many[9] = many[9].replace(*spoil) if spoil[0] else many[9]
    data = document(*many, "<note/>")
    monkeypatch.setattr(opening, "CHUNK", chunk)
    monkeypatch.setattr(opening, "LARGEST_PART", largest)
    quick = read_bytes(data)
    monkeypatch.setattr(opening, "PLAIN_ENCODINGS", set())
    slow = read_bytes(data)
    assert quick.read == slow.read == (9 if spoil[0] else 12)
    assert quick.issues == slow.issues
    assert quick.gathered.projects == slow.gathered.projects


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252", "UTF-16"])
def test_the_encoding_of_a_file_holds_for_all_its_parts(encoding: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "CHUNK", 500)
    words = document(*(named(n) for n in range(9))).decode().partition("<iati-activities")
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + "".join(words[1:])
    file = read_bytes(text.encode(encoding))
    assert [row[1] for row in file.gathered.projects] == [TITLE] * 9


def test_lines_are_right_beyond_those_that_libxml2_counts():
    blank = "\n" * 50_000
    data = document(
        named(1), blank, named(2), blank, named(3, "<bad/>"), blank, named(4).replace("</title>", "</titel>")
    )
    lines = data.decode().split("\n")
    bad, cut = (next(n for n, line in enumerate(lines, 1) if word in line) for word in ("<bad/>", "</titel>"))
    found = {issue.rule: issue.line for issue in read_bytes(data).issues}
    assert (found["schema.order"], found["file.syntax"]) == (bad, cut)
    assert bad > 100_000


def test_words_around_a_comment_are_one_text():
    file = read(SOUND.replace(TITLE, "Half<!-- no -->-moons <?no?>and zaï").replace(">1250.5<", ">1250<!-- no -->.5<"))
    assert file.gathered.projects[0][1] == TITLE
    assert list(file.gathered.amounts) == list(read(SOUND).gathered.amounts)
