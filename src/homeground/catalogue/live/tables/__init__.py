# SPDX-License-Identifier: Apache-2.0
"""Tables of countries and regions, a file for each provider."""
