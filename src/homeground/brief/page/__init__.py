# SPDX-License-Identifier: Apache-2.0
"""The results page: one self-contained HTML file."""
