# SPDX-License-Identifier: Apache-2.0
"""A linear programme as a sparse matrix with named rows, solved by HiGHS, and a bound that our own arithmetic proves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from homeground.errors import PlanError

Floats = NDArray[np.float64]


@dataclass
class Programme:
    """The most, or least, of ``c @ z`` over ``lb <= z <= ub`` whose rows ``matrix @ z`` stand to ``b`` as ``sense`` says."""

    ub: Floats
    c: Floats
    most: bool = True
    blocks: list[Any] = field(default_factory=list)  # sparse rows, in the order in which they were added
    right: list[Floats] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    names: dict[str, slice] = field(default_factory=dict)  # the rows of each name
    lb: Floats | None = None  # left out: 0
    basis: Any = None  # of an answer to a like question, from which the solver starts; then that of its own answer

    def add(self, name: str, rows: Any, sign: str, right: Any) -> None:
        """Add rows under a name: ``<`` at most, ``>`` at least, ``=`` equal to the right-hand side."""
        block = sp.csr_array(rows)
        self.names[name] = slice(len(self.signs), len(self.signs) + block.shape[0])
        self.blocks.append(block)
        self.right.append(np.broadcast_to(np.asarray(right, float), block.shape[:1]))
        self.signs += [sign] * block.shape[0]

    def add_each(self, names: Sequence[str], rows: Any, signs: Sequence[str], right: Sequence[float]) -> None:
        """Add rows of one block, each under a name of its own."""
        self.names |= {name: slice(at, at + 1) for at, name in enumerate(names, start=len(self.signs))}
        self.blocks.append(sp.csr_array(rows))
        self.right.append(np.asarray(right, float))
        self.signs += signs

    @property
    def matrix(self) -> Any:
        """All rows; what is 0 is not stored."""
        whole = sp.csr_array(sp.vstack(self.blocks, format="csr"))
        whole.eliminate_zeros()
        whole.sort_indices()
        return whole

    @property
    def b(self) -> Floats:
        return np.concatenate(self.right)

    @property
    def sense(self) -> NDArray[np.str_]:
        return np.array(self.signs)


def run(programme: Programme) -> tuple[Floats, Floats] | None:
    """Solve with HiGHS: the value of each column and the price of each row.

    Parameters
    ----------
    programme : Programme

    Returns
    -------
    (array, array) or None
        By column; by row, what the objective gains by one more on its right-hand side. None where no values keep all rows.

    Raises
    ------
    PlanError
        The solver stopped without an answer.

    Examples
    --------
    The most of z1 + 2 z2, each up to 3, with z1 + z2 at most 4: one more on the right gains one more z1.

    >>> programme = Programme(np.array([3.0, 3.0]), np.array([1.0, 2.0]))
    >>> programme.add("land", np.ones((1, 2)), "<", 4.0)
    >>> [found.tolist() for found in run(programme)]
    [[1.0, 3.0], [1.0]]
    """
    import highspy

    rows, sense, b, columns = programme.matrix, programme.sense, programme.b, len(programme.ub)
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.addVars(columns, np.zeros(columns) if programme.lb is None else programme.lb, programme.ub)
    highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), programme.c)
    lower, upper = np.where(sense == "<", -np.inf, b), np.where(sense == ">", np.inf, b)
    starts, places = rows.indptr.astype(np.int32), rows.indices.astype(np.int32)
    highs.addRows(rows.shape[0], lower, upper, rows.nnz, starts, places, rows.data)
    if programme.most:
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    if programme.basis is not None:
        highs.setBasis(programme.basis)
    highs.run()
    status = highs.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise PlanError(
            f"the solver stopped without an answer ({highs.modelStatusToString(status)}). "
            "Make the units coarser or leave out a rule."
        )
    solution, programme.basis = highs.getSolution(), highs.getBasis()
    return np.asarray(solution.col_value, float), np.asarray(solution.row_dual, float)


def bound(programme: Programme, prices: Floats) -> float:
    """A proven upper bound on the objective by weak duality, from the multipliers and the raw matrix.

    For max c'z with Az <= b, v <= z <= u and any multipliers of the right sign: b'l + sum(max(0, c - A'l) u) +
    sum(min(0, c - A'l) v).

    Parameters
    ----------
    programme : Programme
    prices : array, one for each row
        Such as `run` gives; any will do.

    Returns
    -------
    float

    Examples
    --------
    >>> programme = Programme(np.array([3.0, 3.0]), np.array([1.0, 2.0]))
    >>> programme.add("land", np.ones((1, 2)), "<", 4.0)
    >>> bound(programme, np.array([1.0])), bound(programme, np.array([0.0]))
    (7.0, 9.0)
    """
    sense = programme.sense
    price = np.where(sense == "<", np.clip(prices, 0, None), np.where(sense == ">", np.clip(prices, None, 0), prices))
    reduced = programme.c - programme.matrix.T @ price
    least = 0.0 if programme.lb is None else float(np.clip(reduced, None, 0) @ programme.lb)
    return float(programme.b @ price + np.clip(reduced, 0, None) @ programme.ub) + least
