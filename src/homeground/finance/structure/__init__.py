# SPDX-License-Identifier: Apache-2.0
"""Which mix of sources closes a plan's gap with the least public money, what each limit costs, what incentives buy."""
