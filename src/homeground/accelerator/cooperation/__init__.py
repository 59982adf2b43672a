# SPDX-License-Identifier: Apache-2.0
"""Requests for support and what came of them, actions of Parties, policies, partnerships, events, studies and what was learnt."""
