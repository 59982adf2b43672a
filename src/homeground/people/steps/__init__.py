# SPDX-License-Identifier: Apache-2.0
"""What the people stage does: read, call, write."""
