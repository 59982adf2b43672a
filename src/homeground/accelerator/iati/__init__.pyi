from .reading import (
    IatiFile as IatiFile,
)
from .reading import (
    duplicates as duplicates,
)
from .reading import (
    read_iati as read_iati,
)
from .reading import (
    validate_iati as validate_iati,
)
from .results import results_of as results_of
from .writing import write_iati as write_iati

__all__ = ["IatiFile", "duplicates", "read_iati", "results_of", "validate_iati", "write_iati"]
