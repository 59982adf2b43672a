# SPDX-License-Identifier: Apache-2.0
"""What the finance stage does: read, call, write."""
