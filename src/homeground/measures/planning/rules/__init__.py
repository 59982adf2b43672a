# SPDX-License-Identifier: Apache-2.0
"""Rules of a plan: as they are asked, where they collide, what each costs, and whether each is kept."""
