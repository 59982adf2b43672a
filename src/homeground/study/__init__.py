# SPDX-License-Identifier: Apache-2.0
"""What a study file may say, how it is opened, and the studies that ship."""
