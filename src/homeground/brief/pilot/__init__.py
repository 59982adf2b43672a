# SPDX-License-Identifier: Apache-2.0
"""The pack of a pilot as DOCX and XLSX."""
