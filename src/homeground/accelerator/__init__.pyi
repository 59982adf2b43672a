from .issues import Issue as Issue

__all__ = ["Issue"]
