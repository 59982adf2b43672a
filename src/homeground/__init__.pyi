from .chain import run as run
from .study import open_study as open_study
