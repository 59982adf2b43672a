# SPDX-License-Identifier: Apache-2.0
"""IATI 2.03: files are streamed in, checked activity by activity, turned into tables of the registry, and written."""

from __future__ import annotations

from homeground.accelerator.iati.reading import IatiFile, duplicates, read_iati, validate_iati
from homeground.accelerator.iati.results import results_of
from homeground.accelerator.iati.writing import write_iati

__all__ = ["IatiFile", "duplicates", "read_iati", "results_of", "validate_iati", "write_iati"]
