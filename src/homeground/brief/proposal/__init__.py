# SPDX-License-Identifier: Apache-2.0
"""Concept notes and proposals to a climate fund and to the 3S trust fund: documents, live spreadsheets, numbers with origin."""
