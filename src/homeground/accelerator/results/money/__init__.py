# SPDX-License-Identifier: Apache-2.0
"""Money by the hectare, in dollars by stated rates alone, and support beside money."""
