from .chain.run import run as run
from .study.opening import open_study as open_study
