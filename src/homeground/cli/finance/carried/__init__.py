# SPDX-License-Identifier: Apache-2.0
"""Commands on who could carry a plan: a trust fund, and diaspora money."""
