# SPDX-License-Identifier: Apache-2.0
"""Numbers that the outputs state, read from the results."""
