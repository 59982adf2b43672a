# SPDX-License-Identifier: Apache-2.0
"""SPI, SPEI, droughts and their hazard."""
