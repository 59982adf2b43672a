# SPDX-License-Identifier: Apache-2.0
"""The sections of the progress report, in the order of the secretariat's note."""
