# SPDX-License-Identifier: Apache-2.0
"""The workbook with all tables."""
