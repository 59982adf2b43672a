# SPDX-License-Identifier: Apache-2.0
"""SPI and SPEI of tiles of cells (time by cell), compiled. Needs numba; drought.py does without, only slower.

Loops run over the cells of a row, which lie side by side, and hold no branches, so that the compiler can take eight
cells at once: hence the logarithm written out, the sorting network and the series instead of special functions.
What lies outside the tables is flagged by calendar month and cell, and left to the caller.
"""

from __future__ import annotations

import math
from functools import partial
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from homeground.land._compiled import compiled as compiled_with

Array = NDArray[np.float64]
Bits = NDArray[np.int64]

# The layout of the tables stands here because numba's cache of compiled code watches this file alone.
DEGREE = 32  # of the series of the gamma's score
SHORT, SHORT_FROM = 12, 5.0  # terms that are enough where alpha is at least 5
NODES = 6  # rows of the table that an interpolation uses
STEPS, Y_HIGH = 8, 33.0  # pieces a unit of y of the logistic's score; beyond, the score is 8.0 and more
TERMS = 6

EQUAL = 1e-12  # of the larger: as far apart, two sums are equal but for rounding (numbers/rounding)
CELLS = 64  # a tile of 480 months then fits the second-level cache
MANTISSA, ONE = 0x000FFFFFFFFFFFFF, 0x3FF0000000000000
LN2, SQRT2 = math.log(2.0), math.sqrt(2.0)
CLASSIC, CENTER_OF_MASS, MEAN_ZERO = 0, 1, 2


if find_spec("numba") is None:
    raise ImportError("these kernels need numba")

# Contraction into fused multiply-adds only: no reordering, and NaN stays NaN.
compiled = partial(compiled_with, fastmath={"contract"})


@compiled
def running_sums(x: Array, window: int, sums: Array) -> None:
    """Sums over the window; added anew each month, because a running difference leaves dust where the rain is 0."""
    for t in range(x.shape[0]):
        s = sums[t]
        if t < window - 1:
            for p in range(CELLS):
                s[p] = np.nan
            continue
        first = x[t - window + 1]
        for p in range(CELLS):
            s[p] = first[p]
        for back in range(window - 2, -1, -1):
            row = x[t - back]
            for p in range(CELLS):
                s[p] += row[p]


@compiled
def logarithm(bits: Bits, mantissa_bits: Bits, mantissa: Array, result: Array) -> None:
    """Natural logarithm of positive normal numbers given as bits; ``mantissa`` is a view of ``mantissa_bits``.

    ln(2^e m) = e ln 2 + 2 artanh((m - 1) / (m + 1)), m from sqrt(1/2) to sqrt(2): within 1e-15.
    """
    for p in range(CELLS):
        mantissa_bits[p] = (bits[p] & MANTISSA) | ONE
        result[p] = float((bits[p] >> 52) - 1023)
    for p in range(CELLS):
        m = mantissa[p]
        high = m > SQRT2
        m = 0.5 * m if high else m
        e = result[p] + 1.0 if high else result[p]
        s = (m - 1.0) / (m + 1.0)
        z = s * s
        series = 1 / 19
        series = series * z + 1 / 17
        series = series * z + 1 / 15
        series = series * z + 1 / 13
        series = series * z + 1 / 11
        series = series * z + 1 / 9
        series = series * z + 1 / 7
        series = series * z + 1 / 5
        series = series * z + 1 / 3
        result[p] = e * LN2 + 2.0 * (s + s * z * series)


@compiled
def normal_quantile(p: float) -> float:
    """Phi^-1, Wichura (1988), algorithm AS 241, within 1e-16."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        a = (
            ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
        ) + 45921.953931549871457
        a = (((a * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r
        a += 3.387132872796366608
        b = (
            ((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
        ) + 21213.794301586595867
        b = (((b * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0
        return q * a / b
    tail = p if q < 0 else 1.0 - p
    if tail <= 0:
        return -math.inf if q < 0 else math.inf
    r = math.sqrt(-math.log(tail))
    if r <= 5.0:
        r -= 1.6
        a = (
            ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
        ) + 1.27045825245236838258
        a = (((a * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r
        a += 1.42343711074968357734
        b = (
            ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
        ) + 0.14810397642748007459
        b = (((b * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0
    else:
        r -= 5.0
        a = (
            ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
        ) + 0.026532189526576123093
        a = (((a * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r
        a += 6.6579046435011037772
        b = (
            ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
        ) + 7.868691311456132591e-4
        b = (((b * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0
    return -a / b if q < 0 else a / b


@compiled
def _spread_series(table: Array, place: float, series: Array, p: int) -> None:
    """Interpolate the rows around ``place`` (in rows) into column ``p``: Lagrange through NODES rows."""
    first = min(max(int(place) - NODES // 2 + 1, 0), table.shape[0] - NODES)
    for k in range(table.shape[1]):
        series[k, p] = 0.0
    for i in range(NODES):
        weight = 1.0
        for j in range(NODES):
            if j != i:
                weight *= (place - first - j) / (i - j)
        row = table[first + i]
        for k in range(table.shape[1]):
            series[k, p] += weight * row[k]


@compiled
def _evaluate_long(series: Array, t: Array, z: Array) -> None:
    for p in range(CELLS):
        b1, b2 = 0.0, 0.0
        for k in range(DEGREE, 0, -1):
            b1, b2 = 2.0 * t[p] * b1 + (series[k, p] - b2), b1
        z[p] = t[p] * b1 + (series[0, p] - b2)


@compiled
def _evaluate_short(series: Array, t: Array, z: Array) -> None:
    for p in range(CELLS):
        b1, b2 = 0.0, 0.0
        for k in range(SHORT, 0, -1):
            b1, b2 = 2.0 * t[p] * b1 + (series[k, p] - b2), b1
        z[p] = t[p] * b1 + (series[0, p] - b2)


@compiled
def spi_tile(  # noqa: C901, PLR0912, PLR0915  one pass, so that the tile stays in the cache
    sums: Array,
    bits: Bits,
    usual: NDArray[np.bool_],
    enough: int,
    min_positive: int,
    zeros: int,
    limit: float,
    table: Array,
    q_low: float,
    step: float,
    scratch: Array,
    scratch_bits: Bits,
    out: Array,
    flags: NDArray[np.bool_],
) -> None:
    """Gamma by Thom. ``bits`` views ``sums``; row 0 of ``scratch`` is viewed by ``scratch_bits``; first month is 0.

    ``scratch`` needs 1 + 12 + DEGREE + 3 + ceil(months / 12) rows. NaN in ``out`` where there is nothing to fit.
    """
    n, wet, total, logs, slope, shift, dry, dry_score, poor, lost, t_row, z_row = (
        scratch[1],
        scratch[2],
        scratch[3],
        scratch[4],
        scratch[5],
        scratch[6],
        scratch[7],
        scratch[8],
        scratch[9],
        scratch[10],
        scratch[11],
        scratch[12],
    )
    series = scratch[13 : 13 + DEGREE + 3]
    kept = scratch[13 + DEGREE + 3 :]
    for month in range(min(12, sums.shape[0])):
        for p in range(CELLS):
            n[p], wet[p], total[p], logs[p], lost[p] = 0.0, 0.0, 0.0, 0.0, 0.0
        for t in range(month, sums.shape[0], 12):
            s, log = sums[t], kept[t // 12]
            logarithm(bits[t], scratch_bits, scratch[0], log)
            if usual[t]:
                for p in range(CELLS):
                    rain = s[p] > 0
                    n[p] += 1.0 if s[p] >= 0 else 0.0
                    wet[p] += 1.0 if rain else 0.0
                    total[p] += s[p] if rain else 0.0
                    logs[p] += log[p] if rain else 0.0
        smallest, mixed = math.inf, False
        for p in range(CELLS):
            poor[p], dry[p], dry_score[p] = 0.0, 0.0, -limit
            alpha = SHORT_FROM  # a harmless row for cells without a fit
            log_mean = 0.0
            if n[p] < enough or wet[p] < min_positive:
                poor[p] = np.nan
            else:
                mean = total[p] / wet[p]
                log_mean = math.log(mean)
                a = log_mean - logs[p] / wet[p]
                if a < 1e-13:
                    flags[month, p] = True  # all alike, or nearly: the fit decides
                else:
                    alpha = (1.0 + math.sqrt(1.0 + 4.0 * a / 3.0)) / (4.0 * a)
                    dry[p] = (n[p] - wet[p]) / n[p]
            place = (1.0 / math.sqrt(alpha) - q_low) / step
            if not 0.0 <= place <= table.shape[0] - 1.0:
                flags[month, p] = True
                alpha, place = SHORT_FROM, (1.0 / math.sqrt(SHORT_FROM) - q_low) / step
            smallest = min(smallest, alpha)
            if dry[p] > 0:
                mixed = True
                at = normal_quantile(dry[p])
                if zeros == CENTER_OF_MASS:
                    at = normal_quantile(dry[p] / 2)
                elif zeros == MEAN_ZERO:
                    at = -math.exp(-at * at / 2) / math.sqrt(2 * math.pi) / dry[p]
                dry_score[p] = at
            _spread_series(table, place, series, p)
            if alpha >= SHORT_FROM:  # so that a cell's value does not hang on its neighbours in the tile
                for k in range(SHORT + 1, DEGREE + 1):
                    series[k, p] = 0.0
            half = series[DEGREE + 2, p]
            slope[p] = math.sqrt(alpha) / half
            shift[p] = -(series[DEGREE + 1, p] + log_mean * math.sqrt(alpha)) / half
        for t in range(month, sums.shape[0], 12):
            s, log, o = sums[t], kept[t // 12], out[t]
            for p in range(CELLS):
                t_row[p] = slope[p] * log[p] + shift[p]
            if smallest >= SHORT_FROM:
                _evaluate_short(series, t_row, z_row)
            else:
                _evaluate_long(series, t_row, z_row)
            for p in range(CELLS):
                lost[p] += 1.0 if s[p] > 0 and abs(t_row[p]) > 1.0 else 0.0
                z = z_row[p] if s[p] > 0 else dry_score[p]
                o[p] = (z if s[p] >= 0 else np.nan) + poor[p]
            if mixed:
                for p in range(CELLS):
                    if dry[p] > 0 and s[p] > 0:
                        share = 1.0 - dry[p]
                        below = dry[p] + share * 0.5 * math.erfc(-z_row[p] / SQRT2)
                        if below < 0.5:
                            o[p] = normal_quantile(below) + poor[p]
                        else:
                            o[p] = -normal_quantile(share * 0.5 * math.erfc(z_row[p] / SQRT2)) + poor[p]
        for p in range(CELLS):
            if lost[p] > 0:
                flags[month, p] = True


@compiled
def _sort_rows(rows: Array, network: Bits) -> None:
    for c in range(network.shape[0]):
        low, high = rows[network[c, 0]], rows[network[c, 1]]
        for p in range(CELLS):
            a, b = low[p], high[p]
            low[p] = b if b < a else a
            high[p] = a if b < a else b


@compiled
def spei_tile(  # noqa: C901, PLR0912, PLR0915  one pass, as above
    sums: Array,
    usual: NDArray[np.bool_],
    enough: int,
    network: Bits,
    table: Array,
    scratch: Array,
    scratch_bits: Bits,
    out: Array,
    flags: NDArray[np.bool_],
) -> None:
    """Log-logistic by unbiased probability-weighted moments; ``network`` for its years.

    ``scratch`` needs 12 + years rows, of which ``scratch_bits`` views 0 and 1.
    """
    n, b0, b1, b2, slope, shift, back, poor, lost, log = (
        scratch[2],
        scratch[3],
        scratch[4],
        scratch[5],
        scratch[6],
        scratch[7],
        scratch[8],
        scratch[9],
        scratch[10],
        scratch[11],
    )
    inside, inside_bits = scratch[1], scratch_bits[1]
    kept = scratch[12:]
    for month in range(min(12, sums.shape[0])):
        for p in range(CELLS):
            n[p], b0[p], b1[p], b2[p], lost[p] = 0.0, 0.0, 0.0, 0.0, 0.0
        rows = 0
        for t in range(month, sums.shape[0], 12):
            if usual[t]:
                s, row = sums[t], kept[rows]
                for p in range(CELLS):
                    row[p] = s[p] if s[p] == s[p] else math.inf
                rows += 1
        for r in range(rows, kept.shape[0]):
            for p in range(CELLS):
                kept[r, p] = math.inf
        _sort_rows(kept, network)
        for i in range(rows):
            row = kept[i]
            for p in range(CELLS):
                there = row[p] < math.inf
                x = row[p] if there else 0.0
                n[p] += 1.0 if there else 0.0
                b0[p] += x
                b1[p] += x * i
                b2[p] += x * (i * (i - 1))
        for p in range(CELLS):
            m = n[p]
            low, high = kept[0, p], kept[max(int(m) - 1, 0), p]
            scale = max(abs(low), abs(high))
            mean = b0[p] / m
            first = b1[p] / (m * (m - 1))
            second = b2[p] / (m * (m - 1) * (m - 2))
            l2 = 2 * first - mean
            k = -(6 * second - 6 * first + mean) / l2
            poor[p], slope[p], shift[p], back[p] = 0.0, 0.0, 1.0, 1.0
            if m < enough or not high - low > EQUAL * scale:
                poor[p] = np.nan
            elif not (l2 > 1e-3 * scale and 1e-4 <= abs(k) <= 0.99):
                flags[month, p] = True  # the spread beside the level, 1 - g, or the sine loses its digits
            else:
                g = math.pi * k / math.sin(math.pi * k)
                a = l2 / g
                slope[p] = -k / a  # 1 - k (x - xi) / a = shift + slope (x - mean)
                shift[p] = g  # because xi = mean - a (1 - g) / k
                back[p] = -1.0 / k
            b0[p] = mean
        for t in range(month, sums.shape[0], 12):
            s, o = sums[t], out[t]
            for p in range(CELLS):
                w = shift[p] + slope[p] * (s[p] - b0[p])
                lost[p] += 1.0 if w <= 1e-3 * shift[p] else 0.0  # beyond the end of the support, or next to it
                inside[p] = w if w > 0 else 1.0
            logarithm(inside_bits, scratch_bits[0], scratch[0], log)
            for p in range(CELLS):
                y = log[p] * back[p]
                size = abs(y)
                far = size > Y_HIGH - 0.01
                size = 0.0 if far else size
                lost[p] += 1.0 if far else 0.0
                place = size * STEPS
                piece = int(place)
                v = 2.0 * (place - piece) - 1.0
                z = table[piece, 5]
                z = z * v + table[piece, 4]
                z = z * v + table[piece, 3]
                z = z * v + table[piece, 2]
                z = z * v + table[piece, 1]
                z = z * v + table[piece, 0]
                z = z if y > 0 else -z
                o[p] = (z if s[p] == s[p] else np.nan) + poor[p]
        for p in range(CELLS):
            if lost[p] > 0:
                flags[month, p] = True
