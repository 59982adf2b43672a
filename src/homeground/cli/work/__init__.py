# SPDX-License-Identifier: Apache-2.0
"""Work of the plan in the terminal."""
