# SPDX-License-Identifier: Apache-2.0
"""Degradation by one-out-all-out, status, the balance of neutrality, and how far both hang on choices."""
