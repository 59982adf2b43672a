# SPDX-License-Identifier: Apache-2.0
"""Maps and charts as SVG."""
