# SPDX-License-Identifier: Apache-2.0
"""Money out and in, year by year: costs, work, forgone grazing, farm benefit and carbon of a plan."""
