# SPDX-License-Identifier: Apache-2.0
"""The progress report to the Conference of the Parties, in the structure of the secretariat's note, as DOCX and PDF."""
