# SPDX-License-Identifier: Apache-2.0
"""Two runs side by side, as a workbook and a page."""
