# SPDX-License-Identifier: Apache-2.0
"""Strategic objective 5 of the Convention: resources by activity, in the form that a Party confirms, corrects or rejects."""
