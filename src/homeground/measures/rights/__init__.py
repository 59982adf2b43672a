# SPDX-License-Identifier: Apache-2.0
"""Rights to land beside the land of a plan, a screening that proposes a category, and how well a targeting reaches the poor."""
