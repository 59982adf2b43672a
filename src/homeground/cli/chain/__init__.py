# SPDX-License-Identifier: Apache-2.0
"""Value chains in the terminal."""
