# SPDX-License-Identifier: Apache-2.0
"""Land cover: change, take, sealing and abandonment."""
