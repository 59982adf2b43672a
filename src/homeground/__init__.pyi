from . import accelerator as accelerator
from . import brief as brief
from . import evidence as evidence
from . import finance as finance
from . import land as land
from . import measures as measures
from . import people as people
from . import risk as risk
from .chain.outcome import run as run
from .study.opening import open_study as open_study

__version__: str
