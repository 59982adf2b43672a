# SPDX-License-Identifier: Apache-2.0
"""How providers hand out parts of what they hold: ranges of a file, OPeNDAP, STAC."""
