# SPDX-License-Identifier: Apache-2.0
"""A pilot that could find its model wrong: which projects, how many people, when to stop."""
