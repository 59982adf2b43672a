# SPDX-License-Identifier: Apache-2.0
"""What differs only in the last bits is equal: one tolerance for ties, constants and limits, told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, DTypeLike, NDArray

# Of the largest number: sums and means of thousands of terms stay within it, and no measurement is as fine.
DOUBLE, SINGLE = 1e-12, 1e-6


def rounding(dtype: DTypeLike) -> float:
    """How far two numbers may lie apart, relative to the scale of the numbers, and still be equal.

    Parameters
    ----------
    dtype : numpy data type
        In which the numbers were computed.

    Returns
    -------
    float, dimensionless
        1e-6 for float32 and float16, 1e-12 for everything else.

    Examples
    --------
    >>> rounding("float64"), rounding("float32")
    (1e-12, 1e-06)
    """
    kind = np.dtype(dtype)
    return SINGLE if kind.kind == "f" and kind.itemsize < 8 else DOUBLE


def equal_up_to_rounding(a: ArrayLike, b: ArrayLike, *, scale: ArrayLike | None = None) -> NDArray[np.bool_]:
    """Whether numbers are equal but for what computing with binary fractions made of their last digits.

    Parameters
    ----------
    a, b : numbers or arrays that broadcast, any one unit
    scale : number or array, same unit, above or equal 0, optional
        The size of the numbers that `a` and `b` were made from, such as the largest of a series. Left out: the larger
        of the two, which is wrong where both are what is left of a difference of larger numbers.

    Returns
    -------
    array of bool
        False where a number is missing.

    Notes
    -----
    ``|a - b| <= r scale`` with r of `rounding`: 1e-12, or 1e-6 where either was computed in float32.

    Examples
    --------
    >>> equal_up_to_rounding(0.1 + 0.2, 0.3).item(), equal_up_to_rounding(0.3, 0.3001).item()
    (True, False)
    >>> equal_up_to_rounding(0.1 + 0.2 - 0.3, 0.0, scale=0.3).item()
    True
    """
    left, right = np.asarray(a), np.asarray(b)
    near = max(rounding(left.dtype), rounding(right.dtype))
    size: Any = np.maximum(np.abs(left), np.abs(right)) if scale is None else scale
    with np.errstate(invalid="ignore"):
        gap = np.abs(left - right)
        # An infinite number is equal to itself alone.
        found: NDArray[np.bool_] = ((gap <= near * np.asarray(size)) & np.isfinite(gap)) | (left == right)
    return found


def limits_reached(values: ArrayLike, limits: Sequence[float]) -> NDArray[np.intp]:
    """How many of the rising limits of classes each value reaches; one missed by rounding only counts as reached.

    Parameters
    ----------
    values : number or array, any one unit
    limits : sequence of float, same unit, rising

    Returns
    -------
    array of int, shape of `values`
        NaN reaches all limits: mark what is missing before or after.

    Notes
    -----
    A limit L is reached from L - r |L| on, with r of `rounding`.

    Examples
    --------
    >>> limits_reached([0.1 + 0.7, 0.79], [0.2, 0.8]).tolist()  # 0.1 + 0.7 is 0.7999999999999999
    [2, 1]
    """
    found = np.asarray(values)
    least = np.asarray(limits, dtype=np.float64)
    return np.asarray(np.digitize(found.astype(np.float64), least - rounding(found.dtype) * np.abs(least)))
