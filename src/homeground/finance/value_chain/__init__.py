# SPDX-License-Identifier: Apache-2.0
"""From the field to the buyer: losses, prices, margins, energy, water and work stage by stage; rural industry as a business."""
