# SPDX-License-Identifier: Apache-2.0
"""The stages in their order, and reading them back."""
