# SPDX-License-Identifier: Apache-2.0
"""What some studies need and a plain install leaves out: where it is missing, one line says how to install it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "kernels": ("numba", "dask"),
    "netcdf": ("h5netcdf", "h5py"),
    "chinese": ("noto_cjk_sans_otc",),
    "cluster": ("distributed",),
    "fetch": ("requests", "tomlkit"),
    "accelerator": ("sqlalchemy", "alembic", "lxml", "docx"),
    "postgres": ("pg8000",),
}  # as pyproject.toml names them; packages as they are imported


def absent(package: str) -> bool:
    """Whether a package is not installed; nothing is imported.

    Parameters
    ----------
    package : str
        As it is imported.

    Returns
    -------
    bool

    Examples
    --------
    >>> absent("numpy"), absent("no_such_package")
    (False, True)
    """
    return find_spec(package) is None


def command(extra: str) -> str:
    """The command that installs an extra.

    Parameters
    ----------
    extra : str
        One of `EXTRAS`.

    Returns
    -------
    str

    Examples
    --------
    >>> command("netcdf")
    'pip install "homeground[netcdf]"'
    """
    return f'pip install "homeground[{extra}]"'


def advice(extra: str) -> str:
    """What is not installed of an extra, and the command that installs it; empty where nothing is missing.

    Parameters
    ----------
    extra : str
        One of `EXTRAS`.

    Returns
    -------
    str

    Examples
    --------
    >>> from unittest.mock import patch
    >>> with patch.dict("sys.modules", {"h5py": None}):
    ...     advice("netcdf")
    'h5py is not installed. Install: pip install "homeground[netcdf]"'
    """
    missing = [package for package in EXTRAS[extra] if absent(package)]
    if not missing:
        return ""
    return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed. Install: {command(extra)}"
