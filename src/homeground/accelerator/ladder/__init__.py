# SPDX-License-Identifier: Apache-2.0
"""The finance ladder: pledged, programmed, committed, disbursed, spent, each sum of money counted once."""
