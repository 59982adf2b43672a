# SPDX-License-Identifier: Apache-2.0
"""The plan in the terminal, and the rows that its worth rests on."""
