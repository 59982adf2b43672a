# SPDX-License-Identifier: Apache-2.0
"""One measure for each of very many units, under rules that hold over all of them."""
