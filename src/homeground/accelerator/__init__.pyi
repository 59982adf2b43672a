from .iati.reading import read_iati as read_iati
from .iati.writing import write_iati as write_iati
from .issues import Issue as Issue

__all__ = ["Issue", "read_iati", "write_iati"]
