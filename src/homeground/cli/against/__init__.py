# SPDX-License-Identifier: Apache-2.0
"""The land of a study beside that of another tool, in the terminal."""
