# SPDX-License-Identifier: Apache-2.0
"""Files that anybody may send: read in a bounded way, typed, and told what is wrong with each row."""
