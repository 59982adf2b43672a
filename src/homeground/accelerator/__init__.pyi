from .issues import Issue as Issue
from .registry.opening import Registry as Registry
from .registry.opening import open_registry as open_registry

__all__ = ["Issue", "Registry", "open_registry"]
