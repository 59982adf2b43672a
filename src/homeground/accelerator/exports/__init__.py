# SPDX-License-Identifier: Apache-2.0
"""What the registry gives to others: the Convention's form on resources, the Observatory, who does what where, maps, sheets."""
