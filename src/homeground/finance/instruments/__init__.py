# SPDX-License-Identifier: Apache-2.0
"""What an instrument pays to whom and when: bonds, matching grants, channelled money, pooled funds, cover, loans."""
