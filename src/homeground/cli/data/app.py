# SPDX-License-Identifier: Apache-2.0
"""`homeground data`: thin typer commands; heavy libraries are imported inside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from homeground.cli.options import JsonOption, LanguageOption, RootOption, ScenarioOption, StudyArgument

data_app = typer.Typer(
    help="What data there are, where they come from, and bringing them.", no_args_is_help=True, rich_markup_mode=None
)


@data_app.command("list")
def data_list(as_json: JsonOption = False) -> None:
    """The data homeground knows: embedded in the package, figures, and sources to fetch."""
    from homeground.cli.data.listing import show_data

    show_data(as_json=as_json)


@data_app.command("plots")
def data_plots(
    study: StudyArgument,
    precision: Annotated[
        float, typer.Option(help="Half of the 95 % interval wanted of the share of degraded land; 0.05: 5 points.")
    ] = 0.05,
    accuracy: Annotated[float, typer.Option(help="How much of the map is expected to be right (unverified).")] = 0.8,
    least: Annotated[int, typer.Option(help="Plots of each class at the least, rare ones too.")] = 50,
    to: Annotated[Path | None, typer.Option(help="New folder to write to; left out: STUDY-plots.")] = None,
    scenario: ScenarioOption = None,
    language: LanguageOption = None,
    results: RootOption = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """Draw plots to be visited, at random within each class of the map, as GeoPackage, KML and a CSV to fill in.

    No file says what the map thinks of a plot. Given back as [data].reference_plots, the CSV gives the area of degraded
    land with its interval.
    """
    from homeground.cli.plots import make_plots
    from homeground.study.opening import in_language, open_study

    opened = in_language(open_study(study, scenario), language)
    make_plots(opened, precision=precision, accuracy=accuracy, least=least, to=to, root=results, as_json=as_json)


@data_app.command("fetch")
def data_fetch(
    study: StudyArgument,
    layers: Annotated[
        list[str] | None,
        typer.Option(
            help="Layers, such as rain,cover, or a layer of one source: rain=chirps-v3. Left out: the default set."
        ),
    ] = None,
    resolution: Annotated[
        float | None, typer.Option(help="Cells may be as large as this, degrees; left out: the quick source.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be fetched; needs no internet.")
    ] = False,
    to: Annotated[Path | None, typer.Option(help="Copy the study into this new folder first.")] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring what a study lacks into its data folder, and name it in study.toml.

    Nothing is ever fetched by a run. What failed is told with the way by hand; the same command goes on.
    """
    from homeground.cli.data.fetching import fetch_study

    fetch_study(study, layers or [], resolution=resolution, dry_run=dry_run, to=to, language=language, as_json=as_json)


@data_app.command("bundle")
def data_bundle(
    study: StudyArgument,
    to: Annotated[Path | None, typer.Option(help="A new .zip; left out: STUDY.zip here.")] = None,
) -> None:
    """Pack a study and all its data into one file for a colleague without internet."""
    from homeground.cli.data.bundles import bundle_study

    bundle_study(study, to)


@data_app.command("check")
def data_check(bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A file that `bundle` wrote.")]) -> None:
    """Verify that a bundle is whole and unchanged, and safe to unpack."""
    from homeground.cli.data.bundles import check_bundle_file

    check_bundle_file(bundle)
