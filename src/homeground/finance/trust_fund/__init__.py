# SPDX-License-Identifier: Apache-2.0
"""A trust fund's books: its declared tranches over the cash flow of a plan, from closing to the last payment."""
