# SPDX-License-Identifier: Apache-2.0
"""Forms for the reporting to the Convention."""
