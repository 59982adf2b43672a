# SPDX-License-Identifier: Apache-2.0
"""In which order the money of a blended structure is paid out, who bears losses, and the ratios lenders ask for."""
