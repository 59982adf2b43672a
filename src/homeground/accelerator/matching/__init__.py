# SPDX-License-Identifier: Apache-2.0
"""Who could join whom: offers and needs held against each other, with reasons; nobody is contacted."""
