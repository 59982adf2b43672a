# SPDX-License-Identifier: Apache-2.0
"""Sheets on who could pay a plan: a trust fund over its years, and what diaspora money could carry."""
