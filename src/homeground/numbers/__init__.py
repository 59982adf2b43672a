# SPDX-License-Identifier: Apache-2.0
"""What every number carries: units, money, the fact that states it, and the gate that no table of people passes unprotected."""
