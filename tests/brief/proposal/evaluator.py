# SPDX-License-Identifier: Apache-2.0
"""Computes the formulas of a workbook with numpy alone, as a spreadsheet program would: what the house's books use of them."""

from __future__ import annotations

import re

import numpy as np
from openpyxl import Workbook
from openpyxl.utils import range_boundaries
from scipy.optimize import brentq

PIECE = re.compile(
    r'"[^"]*"|(?:[A-Za-z]+!)?\$?[A-Z]{1,2}\$?\d+(?::\$?[A-Z]{1,2}\$?\d+)?|[A-Z]+\(|<>|<=|>=|\d+\.?\d*(?:[eE][+-]?\d+)?|[-+*/^(),<>=]'
)
FORMS = {"SUMIFS(": "SUMIFS(", "SUMPRODUCT(": "SUMPRODUCT(", "IRR(": "IRR(", "IFERROR(": "IFERROR(", "IF(": "IF(",
         "ABS(": "ABS(", "AND(": "AND(", "SUM(": "SUM(", "CEILING(": "CEILING(", "SQRT(": "SQRT(", "ROUNDUP(": "ROUNDUP(", "NORMSINV(": "NORMSINV(", "MAX(": "MAX("}  # fmt: skip


class Book:
    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.known: dict[tuple[str, int, int], object] = {}

    def cell(self, sheet: str, row: int, column: int) -> object:
        key = (sheet, row, column)
        if key not in self.known:
            value = self.book[sheet].cell(row, column).value
            formula = (
                isinstance(value, str) and value.startswith("=") and self.book[sheet].cell(row, column).data_type == "f"
            )
            self.known[key] = self.compute(value[1:], sheet) if formula else value
        return self.known[key]

    def value(self, sheet: str, address: str) -> object:
        c0, r0, _, _ = range_boundaries(address)
        return self.cell(sheet, r0, c0)

    def area(self, reference: str, here: str) -> object:
        sheet, _, at = reference.rpartition("!")
        c0, r0, c1, r1 = range_boundaries(at.replace("$", ""))
        if ":" not in at:
            found = self.cell(sheet or here, r0, c0)
            return 0.0 if found is None else found
        values = [self.cell(sheet or here, r, c) for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)]
        if any(isinstance(v, str) for v in values):
            return np.array(values, dtype=object)
        return np.array([0.0 if v is None else v for v in values], dtype=float)

    def compute(self, formula: str, sheet: str) -> object:
        out, end = [], 0
        for match in PIECE.finditer(formula):
            assert not formula[end : match.start()].strip(), f"{formula[end : match.start()]!r} in {formula}"
            end, piece = match.end(), match[0]
            if piece.startswith('"'):
                out.append(repr(piece[1:-1]))
            elif piece in FORMS:
                # What may fail is handed over unasked.
                out.append("IFERROR(lambda: " if piece == "IFERROR(" else FORMS[piece])
            elif re.fullmatch(r"(?:[A-Za-z]+!)?\$?[A-Z]{1,2}\$?\d+(?::.*)?", piece):
                out.append(f"AREA({piece!r})")
            else:
                out.append({"^": "**", "=": "==", "<>": "!="}.get(piece, piece))
        assert end == len(formula), formula
        names = {
            "AREA": lambda reference: self.area(reference, sheet),
            "SUMIFS": lambda values, keys, key: float(values[keys == key].sum()),
            "SUMPRODUCT": lambda values: float(np.sum(values)),
            "SUM": lambda values: float(np.sum(values)),
            "IRR": rate_of_return,
            "IFERROR": otherwise,
            "IF": lambda test, yes, no: yes if test else no,
            "ABS": abs,
            "MAX": max,
            "SQRT": np.sqrt,
            "ROUNDUP": lambda value, places: np.ceil(value - 1e-12),
            "NORMSINV": _inverse_normal,
            "AND": lambda *tests: all(tests),
        }
        return eval("".join(out), {"__builtins__": {}, **names})  # noqa: S307 - formulas of the book under test


def _inverse_normal(p: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)


def otherwise(ask, instead):
    try:
        return ask()
    except ValueError:
        return instead


def rate_of_return(flows: np.ndarray) -> float:
    """The root of the present value; ValueError where the flows have one sign, as a spreadsheet's #NUM!."""
    if not ((flows > 0).any() and (flows < 0).any()):
        raise ValueError("no rate")
    periods = np.arange(flows.size)
    return brentq(lambda r: float(np.sum(flows / (1 + r) ** periods)), -0.99, 10, xtol=1e-14)
