# SPDX-License-Identifier: Apache-2.0
"""How it is said: messages, terms, words, languages and figures."""
