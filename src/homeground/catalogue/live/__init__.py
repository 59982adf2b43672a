# SPDX-License-Identifier: Apache-2.0
"""Live data: what a study lacks, brought from its providers by `homeground data fetch`; a run never comes here."""
