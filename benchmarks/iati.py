# SPDX-License-Identifier: Apache-2.0
"""An IATI file of 75 MB read, held against schema and rules, and kept as rows, beside xmlschema and the tree of lxml.

Data: real activities repeated under new identifiers where HOMEGROUND_SHARED_DATA names a folder that holds them, else made
ones. xmlschema reads lazily, checks and decodes each activity, without rules; it gets a slice, and its time is scaled by bytes. lxml's tree is
parsed and held against the schema whole. Memory is what each adds in a process of its own after its imports.

``python -m benchmarks.iati world [N]`` makes N activities (915 001, which is all of IATI in August 2026) in files of 20 000,
reads and checks them file by file and counts them by country and kind, as the registry would take them in; time and memory
are printed.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Row, cpu_seconds

BYTES, SLICE = 75_000_000, 3_000_000
REAL = ("UNHCR-Activities-2023", "okfn_CAF-ActivityFile-2025-10-10", "okfn_worldbank-679")
WORLD, ONE_FILE = 915_001, 20_000
HEAD, FOOT = b'<iati-activities version="2.03">\n', b"</iati-activities>\n"
COUNTRIES = ("BF", "DJ", "ER", "ET", "ML", "MR", "NE", "NG", "SD", "SN", "TD")


def made(number: int) -> bytes:
    """One made activity with four transactions, as plain as publishers write them."""
    country, other = COUNTRIES[number % 11], COUNTRIES[number % 7]
    shares = f'<recipient-country code="{country}" percentage="60"/><recipient-country code="{other}" percentage="40"/>'
    if country == other:
        shares = f'<recipient-country code="{country}"/>'
    moneys = "".join(
        f'<transaction ref="T{n}"><transaction-type code="{kind}"/><transaction-date iso-date="20{14 + n}-0{n + 1}-15"/>'
        f'<value value-date="20{14 + n}-0{n + 1}-15">{(number * 37 + n * 1009) % 100_000}.50</value>'
        f'<provider-org ref="XX-9"><narrative>A donor</narrative></provider-org>'
        f'<receiver-org ref="YY-{number % 500}"><narrative>Receiver {number % 500}</narrative></receiver-org></transaction>'
        for n, kind in enumerate((2, 3, 3, 4))
    )
    return (
        f'<iati-activity xml:lang="en" default-currency="USD" hierarchy="1"><iati-identifier>XX-9-{number}</iati-identifier>'
        '<reporting-org ref="XX-9" type="10"><narrative>A donor</narrative></reporting-org>'
        f"<title><narrative>Project {number}</narrative></title>"
        "<description><narrative>Restores land.</narrative></description>"
        f'<participating-org ref="YY-{number % 500}" role="4"><narrative>Receiver {number % 500}</narrative></participating-org>'
        f'<activity-status code="2"/><activity-date type="2" iso-date="2014-01-01"/>{shares}'
        '<sector vocabulary="1" code="31130" percentage="70"/><sector vocabulary="1" code="31220" percentage="30"/>'
        f'<policy-marker vocabulary="1" code="8" significance="{number % 4}"/>'
        f'<default-finance-type code="110"/>{moneys}</iati-activity>\n'
    ).encode()


def activities() -> tuple[str, list[bytes]]:
    """What the file is made of: real activities that the schema passes, or made ones."""
    from lxml import etree

    from homeground.accelerator.iati.schema import schema

    folder = Path(os.environ.get("HOMEGROUND_SHARED_DATA", "")) / "accelerator" / "activities"
    found = []
    for name in REAL if os.environ.get("HOMEGROUND_SHARED_DATA") else ():
        if (path := folder / f"{name}.xml.gz").is_file():
            root = etree.fromstring(gzip.decompress(path.read_bytes()))
            found += [etree.tostring(one) for one in root if one.tag == "iati-activity" and schema().validate(one)]
    random.Random(16).shuffle(found)  # noqa: S311 (so that a slice is like the whole)
    return ("real activities repeated", found) if found else ("made activities", [made(n) for n in range(600)])


def write(path: Path, size: int) -> str:
    """A file of about that many bytes; what it is made of."""
    what, given = activities()
    with path.open("wb") as file:
        file.write(HEAD)
        turn = 0
        while file.tell() < size:
            for one in given:
                name = rb"\g<0>" + b"%d-" % turn
                file.write(re.sub(rb"<iati-identifier>\s*", name, one, count=1))
                if file.tell() >= size:
                    break
            turn += 1
        file.write(FOOT)
    return what


CHILD = """
import pathlib, sys
def peak():
    return float(pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
path = sys.argv[1]
{imports}
before = peak()
{work}
print(peak() - before)
"""  # ru_maxrss is of the parent where that was larger
OURS = CHILD.format(
    imports="from homeground.accelerator.iati.reading import read_iati\n"
    "from homeground.accelerator.iati.schema import schema\nfrom homeground.accelerator.iati.rows.amounts import digits\n"
    "schema(); digits()",
    work="file = read_iati(path)\nassert file.accepted == file.read > 0",
)
DOM = CHILD.format(
    imports="from lxml import etree\nfrom homeground.accelerator.iati.schema import schema\nschema()",
    work="tree = etree.parse(path, etree.XMLParser(huge_tree=True))\nassert schema().validate(tree)",
)


def megabytes(code: str, path: Path) -> float:
    """Memory that work adds in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    return float(done.stdout)


def run() -> list[Row]:
    from homeground.accelerator.iati.reading import read_iati

    with tempfile.TemporaryDirectory() as folder:
        path, part = Path(folder) / "75.xml", Path(folder) / "slice.xml"
        what = write(path, BYTES)
        write(part, SLICE)
        file = read_iati(path)
        assert file.accepted == file.read > 0
        count = f"{file.read} activities, {len(file.gathered.names)} transactions, {len(file.findings.rows)} issues"
        del file
        ours = path.stat().st_size / cpu_seconds(lambda: read_iati(path), repeats=3) / 1e6
        rate, agreement = None, f"{count}; peer not installed: uv pip install xmlschema"
        if (peer := _xmlschema(part)) is not None:
            rate, checking = (part.stat().st_size / seconds / 1e6 for seconds in peer)
            agreement = f"{count}; {path.stat().st_size / ours / 1e6:.2f} CPU-s for all; peer on a slice, without rules"
            agreement += f" (its check of the schema alone: {checking:.3g} MB/CPU-s)"
        mine, tree = megabytes(OURS, path), megabytes(DOM, path)
        size = f"IATI file of {BYTES // 1_000_000} MB, {what}"
        return [
            Row(f"{size}: parse, schema, rules, rows; peer: xmlschema 4, lazy, with decoding", ours, rate, ours / rate if rate else None,
                20, 40, "MB/CPU-s", agreement),
            Row(f"{size}: memory beyond the imports; peer: tree of lxml", 1 / mine, 1 / tree, tree / mine, 10, None,
                "files/MB", f"ours {mine:.0f} MB with all rows kept (aim 40), the tree {tree:.0f} MB"),
        ]  # fmt: skip


def _xmlschema(part: Path) -> tuple[float, float] | None:
    """CPU-seconds of xmlschema for the slice, by the schema that is composed here: with its rows, and the check alone."""
    try:
        import xmlschema
    except ImportError:
        return None
    from homeground.accelerator.iati.schema import LANG_XSD, composed

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "lang.xsd").write_text(LANG_XSD, encoding="utf-8")
        (Path(folder) / "iati.xsd").write_text(composed(), encoding="utf-8")
        schema = xmlschema.XMLSchema(str(Path(folder) / "iati.xsd"))

    def rows() -> int:
        return sum(1 for _ in schema.iter_decode(xmlschema.XMLResource(str(part), lazy=True), path="iati-activity"))

    def check() -> None:
        assert not list(schema.iter_errors(xmlschema.XMLResource(str(part), lazy=True)))

    return cpu_seconds(rows, repeats=3), cpu_seconds(check, repeats=3)


def world(count: int = WORLD) -> None:
    """A made world of activities: read, checked and counted by country and kind; time and memory are printed."""
    from homeground.accelerator.iati.counting import by_country
    from homeground.accelerator.iati.reading import read_iati

    total, issues, accepted, size = Counter[tuple[str, str]](), Counter[str](), 0, 0
    making = 0.0
    begun, clock = time.process_time(), time.perf_counter()
    for start in range(0, count, ONE_FILE):
        making -= time.process_time()
        data = b"".join([HEAD, *_numbers(start, min(start + ONE_FILE, count)), FOOT])
        making += time.process_time()
        size += len(data)
        file = read_iati(io.BytesIO(data), name=f"{start}.xml")
        accepted += file.accepted
        issues += file.findings.count()
        for row in by_country(file.tables).itertuples():
            total[str(row.country), str(row.kind)] += int(row.transactions)
    assert accepted == count
    assert sum(total.values()) == 4 * count
    taken = time.process_time() - begun - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} activities, {sum(total.values())} transactions, {size / 1e9:.2f} GB: read, checked and counted in "
        f"{taken:.0f} CPU-s ({time.perf_counter() - clock:.0f} s of the clock, making included), peak {peak:.0f} MB, "
        f"issues {dict(issues)}"
    )


def _numbers(start: int, stop: int) -> Iterator[bytes]:
    return (made(number) for number in range(start, stop))


if __name__ == "__main__":
    if sys.argv[1:2] == ["world"]:
        world(int(sys.argv[2]) if len(sys.argv) > 2 else WORLD)
    else:
        from benchmarks.__main__ import main

        sys.exit(main(["iati"]))
