from .issues import Issue as Issue
from .matching.match import match as match

__all__ = ["Issue", "match"]
