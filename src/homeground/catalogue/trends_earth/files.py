# SPDX-License-Identifier: Apache-2.0
"""Which files of a job's folder are read; none is opened here, and no heavy library is loaded."""

from __future__ import annotations

from pathlib import Path

RASTERS = (".tif", ".tiff", ".vrt")


def job_files(folder: Path) -> list[Path]:
    """Files of a job's folder that are read: JSON, rasters, and what lies beside rasters.

    Parameters
    ----------
    folder : Path
        Not searched below; one that is not there has none.

    Returns
    -------
    list of Path
        In the order of their names.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("job.vrt", "job_summary.json", "job.xlsx"):
    ...         Path(folder, name).touch()
    ...     [path.name for path in job_files(Path(folder))]
    ['job.vrt', 'job_summary.json']
    """
    endings = (".json", *RASTERS, ".xml")
    files = folder.iterdir() if folder.is_dir() else iter(())
    return sorted(path for path in files if path.suffix.lower() in endings and path.is_file())
