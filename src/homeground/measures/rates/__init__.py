# SPDX-License-Identifier: Apache-2.0
"""Single records of what measures cost, need and give, and how they are pooled for a country."""
