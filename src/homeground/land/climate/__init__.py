# SPDX-License-Identifier: Apache-2.0
"""Aridity and the demand of the air for water."""
