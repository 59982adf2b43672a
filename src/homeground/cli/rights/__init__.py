# SPDX-License-Identifier: Apache-2.0
"""Rights to land in the terminal."""
