# SPDX-License-Identifier: Apache-2.0
"""Made data sets whose truth is known, written when they are asked for."""
