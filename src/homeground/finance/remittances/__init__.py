# SPDX-License-Identifier: Apache-2.0
"""What households receive from their own people abroad: corridors, price of sending, what could be invested, and risk."""
