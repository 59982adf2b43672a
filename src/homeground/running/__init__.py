# SPDX-License-Identifier: Apache-2.0
"""How steps run: fingerprints, records, resume, and the tables that steps hand each other."""
