# SPDX-License-Identifier: Apache-2.0
"""The five steps as bars: what counts, what may be told twice, what is held back; what nobody told stays a gap with words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeground.brief.drawing.axes import INK, MARK, RULE, SOFT, done, format_axis, rows_axes
from homeground.language.messages import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LIGHT = "#9db8c9"  # of money that is less sure: the mark, lightened


@dataclass(frozen=True)
class Step:
    """One bar, in millions: the sure part, the less sure part after it, and what is held back, outlined.

    ``text`` stands beside it, ``after`` smaller behind it. ``told`` is false where nobody told of the step.
    """

    label: str
    sure: float
    unsure: float
    held: float
    text: str
    after: str
    told: bool = True


def steps_chart(steps: Sequence[Step], *, unit: str, language: str, describe: str = "") -> str:
    """The steps of the ladder in one currency as bars from one ground, with numbers beside them.

    Parameters
    ----------
    steps : sequence of Step
        From the first to the last.
    unit : str
        In the words that are to be printed.
    language : str
    describe : str
        What a screen reader says of it.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> svg = steps_chart([Step("pledged", 19, 0, 0, "19", ""), Step("spent", 0, 0, 0, "", "", told=False)],
    ...                   unit="million USD", language="en")
    >>> svg.startswith("<svg"), "nobody told" in svg
    (True, True)
    """
    with rows_axes(len(steps), [step.label for step in steps], describe=describe, row=0.27, right=2.35) as ax:
        for y, step in enumerate(steps):
            if not step.told:
                _beside(ax, 0.0, y, phrase("accelerator.ladder.untold", language), SOFT, from_ground=True)
                continue
            ax.barh(y, step.sure, height=0.6, color=MARK, linewidth=0)
            ax.barh(y, step.unsure, left=step.sure, height=0.6, color=LIGHT, linewidth=0)
            start = step.sure + step.unsure
            if step.held:
                ax.barh(y, step.held, left=start, height=0.6, facecolor="none", edgecolor=SOFT, linewidth=0.8)
            place = ax.get_yaxis_transform()
            ax.annotate(step.text, (1, y), xycoords=place, xytext=(50, 0), textcoords="offset points", ha="right",
                        va="center", color=INK, fontsize=9)  # fmt: skip
            ax.annotate(step.after, (1, y), xycoords=place, xytext=(56, 0), textcoords="offset points", ha="left",
                        va="center", color=SOFT, fontsize=7.5)  # fmt: skip
        longest = max([0.0, *(s.sure + s.unsure + s.held for s in steps)])
        shortest = min([0.0, *(s.sure for s in steps)])
        ax.set_xlim(shortest * 1.02, longest * 1.02 or 1.0)
        ax.axvline(0, color=SOFT, linewidth=0.8)
        ax.grid(axis="x", color=RULE, linewidth=0.5)
        ax.locator_params(axis="x", nbins=5)
        format_axis(ax, "x", language)
        ax.set_xlabel(unit, loc="left", fontsize=8, color=SOFT, labelpad=2)
        return done(ax)


def _beside(ax: Axes, x: float, y: float, text: str, colour: str, *, from_ground: bool) -> None:
    ax.annotate(text, (x, y), xytext=(5 if from_ground else 0, 0), textcoords="offset points", ha="left", va="center",
                color=colour, fontsize=8)  # fmt: skip
