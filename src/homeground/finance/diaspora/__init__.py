# SPDX-License-Identifier: Apache-2.0
"""What diaspora money could carry of a plan, at which return and risk, and where its owners are protected."""
