# SPDX-License-Identifier: Apache-2.0
"""`homeground finance`: remittances, instruments and what else of finance stands beside a run."""
