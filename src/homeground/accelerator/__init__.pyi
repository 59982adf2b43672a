from .cooperation.asked import cooperation_summary as cooperation_summary
from .cooperation.checks import check_cooperation as check_cooperation
from .issues import Issue as Issue
from .ladder.finance_ladder import finance_ladder as finance_ladder
from .ladder.rollup import rollup as rollup
from .matching.match import match as match

__all__ = [
    "Issue",
    "check_cooperation",
    "cooperation_summary",
    "finance_ladder",
    "match",
    "rollup",
]
