# SPDX-License-Identifier: Apache-2.0
"""Compares every table of two results folders: `python tools/compare_results.py BEFORE AFTER`.

A change of the house must move no number. Parquet, workbooks, forms, maps, stores and JSON of both folders are laid side
by side; numbers may differ by 1e-9 of themselves. The page and briefs are not compared: their numbers are those of the
tables, and their wording may change.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

RELATIVE = 1e-9
LEFT_OUT = ("index.html", "run.json")  # prose, and a record that holds times
PROSE = (".html", ".pdf", ".lock")
LIMIT = 40  # differences printed


def tables_of(path: Path) -> dict[str, pd.DataFrame]:
    """The tables of one file by name; an unknown ending has none."""
    if path.suffix == ".parquet":
        found = pd.read_parquet(path)
        geometry = [c for c in found if c == "geometry"]
        return {"": found.assign(**{c: found[c].map(bytes.hex) for c in geometry})}
    if path.suffix == ".xlsx":
        return {str(k): v for k, v in pd.read_excel(path, sheet_name=None, header=None).items()}
    if path.suffix == ".json":
        return {"": pd.json_normalize(json.loads(path.read_text(encoding="utf-8"))).T.reset_index()}
    if path.suffix == ".tif":
        import rasterio

        with rasterio.open(path) as raster:
            return {str(b): pd.DataFrame(raster.read(b)) for b in raster.indexes}
    return {}


def stores_of(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of a Zarr store by name."""
    import zarr

    found: dict[str, np.ndarray[Any, Any]] = {}
    for meta in sorted(path.rglob("zarr.json")):
        if json.loads(meta.read_text(encoding="utf-8"))["node_type"] == "array":
            name = meta.parent.relative_to(path).as_posix()
            found[name] = np.asarray(zarr.open_array(meta.parent, mode="r")[...])
    return found


def differences(before: Path, after: Path) -> Iterator[str]:
    """One line for whatever differs, by file, table, column and row."""
    old = {p.relative_to(before): p for p in before.rglob("*") if _compared(p)}
    new = {p.relative_to(after): p for p in after.rglob("*") if _compared(p)}
    for name in sorted(set(old) ^ set(new)):
        yield f"{name}: only in {'BEFORE' if name in old else 'AFTER'}"
    for name in sorted(set(old) & set(new)):
        if name.suffix == ".zarr":
            yield from _stores(str(name), stores_of(old[name]), stores_of(new[name]))
            continue
        one, other = tables_of(old[name]), tables_of(new[name])
        for missing in sorted(set(one) ^ set(other)):
            yield f"{name}[{missing}]: only on one side"
        for table in sorted(set(one) & set(other)):
            where = f"{name}[{table}]" if table else str(name)
            yield from _tables(where, one[table], other[table])


def _compared(path: Path) -> bool:
    inside = any(parent.suffix == ".zarr" for parent in path.parents)
    if path.suffix == ".zarr" and path.is_dir():
        return True
    return path.is_file() and not inside and path.name not in LEFT_OUT and path.suffix not in PROSE


def _stores(where: str, one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    for name in sorted(set(one) ^ set(other)):
        yield f"{where}/{name}: only on one side"
    for name in sorted(set(one) & set(other)):
        a, b = one[name], other[name]
        if a.shape != b.shape or not _same(a.ravel(), b.ravel()).all():
            yield f"{where}/{name}: values differ"


def _tables(where: str, one: pd.DataFrame, other: pd.DataFrame) -> Iterator[str]:
    if list(one.columns) != list(other.columns):
        yield f"{where}: columns {[c for c in [*one.columns, *other.columns] if (c in one) != (c in other)]}"
        return
    if len(one) != len(other):
        yield f"{where}: {len(one)} rows and {len(other)}"
        return
    for column in one.columns:
        same = _same(one[column].to_numpy(), other[column].to_numpy())
        if not same.all():
            row = int(np.argmin(same))
            yield (
                f"{where}, {column}: {int((~same).sum())} of {len(same)} differ, first row {row}: "
                f"{one[column].iloc[row]!r} and {other[column].iloc[row]!r}"
            )


def _same(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
        x, y = a.astype(float), b.astype(float)
        return np.asarray(np.isclose(x, y, rtol=RELATIVE, atol=0, equal_nan=True))
    return np.array([_equal(x, y) for x, y in zip(a, b, strict=True)], dtype=bool)


def _equal(x: Any, y: Any) -> bool:
    if isinstance(x, int | float) and isinstance(y, int | float):
        return bool(np.isclose(float(x), float(y), rtol=RELATIVE, atol=0, equal_nan=True))
    if isinstance(x, np.ndarray | list):
        return bool(np.array_equal(np.asarray(x), np.asarray(y)))
    return bool(x == y) or (pd.isna(x) and pd.isna(y))


def main() -> int:
    """Print the differences; 1 when there are any."""
    found = list(differences(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n".join(found[:LIMIT]) or "no number moved")
    if len(found) > LIMIT:
        print(f"and {len(found) - LIMIT} more")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
