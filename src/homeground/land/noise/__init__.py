# SPDX-License-Identifier: Apache-2.0
"""What shares of degraded land series without any change would give."""
