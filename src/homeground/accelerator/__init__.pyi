from .issues import Issue as Issue
from .ladder.finance_ladder import finance_ladder as finance_ladder
from .ladder.rollup import rollup as rollup

__all__ = ["Issue", "finance_ladder", "rollup"]
