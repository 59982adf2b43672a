# SPDX-License-Identifier: Apache-2.0
"""Steps that bring a database from each version to the next."""
