# SPDX-License-Identifier: Apache-2.0
"""The assessment held against a job of Trends.Earth: areas rule by rule, and what the differences go with."""
