# SPDX-License-Identifier: Apache-2.0
"""Sheets and reports of the accelerator."""
