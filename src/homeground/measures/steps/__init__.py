# SPDX-License-Identifier: Apache-2.0
"""What the measures stage does: read, call, write."""
