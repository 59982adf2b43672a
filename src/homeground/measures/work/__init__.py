# SPDX-License-Identifier: Apache-2.0
"""Work of a plan: kinds of jobs kept apart, density beside what others publish, who could do it and when, skills, access."""
