# SPDX-License-Identifier: Apache-2.0
"""The files that the Convention's reporting platform takes from Trends.Earth, with the numbers of the forms."""
