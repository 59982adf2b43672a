# SPDX-License-Identifier: Apache-2.0
"""Soil organic carbon."""
