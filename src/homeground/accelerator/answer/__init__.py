# SPDX-License-Identifier: Apache-2.0
"""A first answer without any registry: what public, cited figures say of the money of the Great Green Wall, and what not."""
