# SPDX-License-Identifier: Apache-2.0
"""Fixtures that many tests share. Tests that need the shared data skip, with the reason, where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# On a shared machine the same examples every time; by hand, new ones each time, so that faults are still found.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("hand", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "hand")

SHARED = Path(os.environ.get("HOMEGROUND_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real test data that lies beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the shared test data are not beside the checkout (set HOMEGROUND_SHARED_DATA)")
    return SHARED
