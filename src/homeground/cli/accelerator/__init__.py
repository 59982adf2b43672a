# SPDX-License-Identifier: Apache-2.0
"""`homeground accelerator`: what was promised, paid and achieved, who could join whom, what was learnt."""
