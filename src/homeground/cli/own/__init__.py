# SPDX-License-Identifier: Apache-2.0
"""How a study of one's own begins: from another study, or from the codes of countries alone."""
