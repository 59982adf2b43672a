# SPDX-License-Identifier: Apache-2.0
"""The brief for decision makers, as PDF and HTML."""
