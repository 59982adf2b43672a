# SPDX-License-Identifier: Apache-2.0
"""What the page says beside a plan and its worth: who could do the work, whose land it is, the chain to the buyer."""
