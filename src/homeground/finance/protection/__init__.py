# SPDX-License-Identifier: Apache-2.0
"""What must stand before migrants are asked for money: a gate for each country in which they live."""
