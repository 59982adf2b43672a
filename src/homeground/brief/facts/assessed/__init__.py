# SPDX-License-Identifier: Apache-2.0
"""What is stated of the land that a study gave its own series for: status, chance, places, reference plots."""
