# SPDX-License-Identifier: Apache-2.0
"""Pillars in both official wordings, the four portfolios, and which pillar a purpose or a donor's own category belongs to."""
