# SPDX-License-Identifier: Apache-2.0
"""`homeground finance`: returns of flows, farms with and without a programme, and who pays."""
