# SPDX-License-Identifier: Apache-2.0
"""Sheets and reports on the money, results and cooperation that the accelerator keeps."""
