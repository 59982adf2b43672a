# SPDX-License-Identifier: Apache-2.0
"""What people abroad would choose: questionnaire, choice cards, logit models, what an incentive is worth, client funnel."""
