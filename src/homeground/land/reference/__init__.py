# SPDX-License-Identifier: Apache-2.0
"""Plots that somebody looked at: how many are needed, where they lie, and the area of degraded land that they give."""
