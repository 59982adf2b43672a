# SPDX-License-Identifier: Apache-2.0
"""From one valid activity or organisation to rows of the registry, held against the rules on the way."""
