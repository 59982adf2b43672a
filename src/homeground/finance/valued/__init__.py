# SPDX-License-Identifier: Apache-2.0
"""What a yield, a price, a loss or a day's work is at a place, and whose figure serves where there is none."""
