# SPDX-License-Identifier: Apache-2.0
"""Which files a step reads, each by the name it is told under: of the atlas, of the figures, and of the study.

Read without heavy libraries: what stands is told before anything runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from homeground.catalogue import atlas_files, figure_files
from homeground.study.model import LEGENDS, Study


def atlas_inputs(*files: str) -> dict[str, Path]:
    """Files of the embedded atlas.

    Parameters
    ----------
    files : str
        Names of files, such as "countries.csv".

    Returns
    -------
    dict of str to Path

    Examples
    --------
    >>> list(atlas_inputs("population.parquet"))
    ['atlas population.parquet']
    """
    return {f"atlas {name}": atlas_files.path(name) for name in files}


def figure_inputs(*tables: str) -> dict[str, Path]:
    """Tables of published figures.

    Parameters
    ----------
    tables : str
        Names of tables, such as "displacement".

    Returns
    -------
    dict of str to Path

    Examples
    --------
    >>> list(figure_inputs("displacement"))
    ['figures displacement']
    """
    return {f"figures {name}": figure_files.path(name) for name in tables}


def region_inputs(study: Study) -> dict[str, Path]:
    """The file that a study's regions come from, by name.

    Parameters
    ----------
    study : Study
        A study that was opened.

    Returns
    -------
    dict of str to Path
        One file: that of ``[data].regions``, or of the embedded atlas.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> list(region_inputs(open_study("great-green-wall")))
    ['atlas regions']
    """
    path = study.input("regions")
    return {"atlas regions": atlas_files.path("regions.parquet")} if path is None else {path.name: path}


def map_inputs(*layers: str, regions: bool = False) -> Callable[[Study], dict[str, Path]]:
    """Files of the named maps of one epoch: the user's where given, else the atlas's; with the study's regions if asked.

    Parameters
    ----------
    layers : str
        Names of layers of the atlas, such as "cover".
    regions : bool
        Whether the polygons of the study are read too.

    Returns
    -------
    function of a study that gives a dict of str to Path

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> list(map_inputs("cover")(open_study("great-green-wall")))
    ['atlas layers.csv', 'atlas cover']
    """

    def find(study: Study) -> dict[str, Path]:
        found = region_inputs(study) if regions else {}
        if any(study.input(layer) is None for layer in layers):
            found["atlas layers.csv"] = atlas_files.path("layers.csv")  # units and scale of each layer
        for layer in layers:
            own, name = study.input(layer), f"atlas {layer}"
            if (series := study.series_instead(layer)) is not None:
                found |= layer_inputs(study, series)
            found[name if own is None else f"{layer}: {own.name}"] = own or atlas_files.path(f"{layer}.tif")
        return found

    return find


def table_inputs(study: Study, *names: str) -> dict[str, Path]:
    """Tables and polygons of ``[data]`` that the study gives.

    Parameters
    ----------
    study : Study
    names : str
        Keys of ``[data]``.

    Returns
    -------
    dict of str to Path
        Without those that it does not give.

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> table_inputs(open_study("great-green-wall"), "population", "options")
    {}
    """
    return {path.name: path for name in names if (path := study.input(name)) is not None}


def layer_inputs(study: Study, *names: str) -> dict[str, Path]:
    """Files of the named layers that the study gives, and their legends, by the name they are told under.

    Parameters
    ----------
    study : Study
    names : str
        Keys of ``[data]`` that are maps or series.

    Returns
    -------
    dict of str to Path

    Examples
    --------
    >>> from homeground.study.opening import open_study
    >>> layer_inputs(open_study("great-green-wall"), "ndvi")
    {}
    """
    found = {}
    for name in names:
        for path in study.layer_files(name):
            found[f"{name}: {_told(path, study)}"] = path
            if path.suffix.lower() == ".vrt":  # its values lie in other files
                from homeground.catalogue.layers.series import companions

                found |= {f"{name}: {_told(other, study)}": other for other in companions(path)}
        layer = study.layer(name)
        if layer is not None and layer.legend is not None and layer.legend not in LEGENDS:
            found[f"{name}: {layer.legend}"] = study.folder / layer.legend
    return found


def _told(path: Path, study: Study) -> str:
    """Path from the study's folder where it lies there: files of one name in several folders are several inputs."""
    folder = study.folder.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
