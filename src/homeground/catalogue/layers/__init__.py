# SPDX-License-Identifier: Apache-2.0
"""Maps and series of the user: what their files say, and how they are brought to one grid."""
