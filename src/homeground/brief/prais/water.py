# SPDX-License-Identifier: Apache-2.0
"""Where the area of water bodies is not known: a map that cannot show them is no reason to report none."""

from __future__ import annotations

from homeground.brief.facts.sources import Said
from homeground.brief.prais.tables import Key, PraisAnswer
from homeground.language.messages import Saying

OF_WATER = (("CP-1.T1", "water"), ("CP-1.T1", "land_area"), ("SO1-1.T4", "water"))


def water_not_known(answers: dict[Key, PraisAnswer], notes: dict[Key, Said], why: Saying) -> dict[Key, Said]:
    """Take water, and land as what is left of it, out of the answers; returns the notes that say so in each cell.

    Parameters
    ----------
    answers : dict
        Of CP-1.T1 and SO1-1.T4; changed.
    notes : dict
        What stands beside these cells already.
    why : Saying
        Why it is not known.

    Returns
    -------
    dict
        A note for each cell that was taken out.

    Examples
    --------
    >>> found = {("CP-1.T1", "2019", name, ""): PraisAnswer(1.0, "", "", "observed") for name in ("water", "total_area")}
    >>> list(water_not_known(found, {}, Saying("form.note.water_coarse"))), len(found)
    ([('CP-1.T1', '2019', 'water', '')], 1)
    """
    told: dict[Key, Said] = {}
    for key in [key for key in answers if (key[0], key[2]) in OF_WATER]:
        del answers[key]
        beside = notes.get(key)
        told[key] = (why, beside) if isinstance(beside, Saying) else why
    return told
