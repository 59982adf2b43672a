# SPDX-License-Identifier: Apache-2.0
"""The registry: one database of projects, money, results and support, from spreadsheets or IATI files."""
