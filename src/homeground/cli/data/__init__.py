# SPDX-License-Identifier: Apache-2.0
"""`homeground data`: what there is, what is brought, what is handed on."""
