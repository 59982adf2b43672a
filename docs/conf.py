# SPDX-License-Identifier: Apache-2.0
"""The manual as pages for a browser: `make docs`. It asks nothing of the internet; every warning is an error."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tools"))
import build_reference  # noqa: E402

project = "homeground"
author = "The homeground developers"
release = version = installed("homeground")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
default_role = "code"  # `name` in a docstring
nitpicky = False  # names of other libraries lead nowhere without the internet

myst_heading_anchors = 4  # links such as degradation.md#columns, as on the forge

napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
autodoc_typehints = "none"  # types stand in the docstrings, with shapes and units
autodoc_member_order = "bysource"

html_theme = "pydata_sphinx_theme"
html_title = f"homeground {release}"
html_theme_options = {
    "navbar_align": "left",
    "navbar_persistent": [],
    "navbar_end": ["theme-switcher"],
    "article_header_end": [],
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_toc_level": 2,
}
html_show_sourcelink = False
html_copy_source = False
copyright = "the homeground developers, Apache-2.0; data under licences of their own"


def licences(_: Sphinx, name: str, text: list[str]) -> None:
    """The page of licences lies beside the docs: a link to it leads to its copy in the manual."""
    text[0] = text[0].replace("](../DATA_LICENSES.md", "](reference/data-licences.md")


def setup(app: Sphinx) -> None:
    """A page for each public function is written before the pages are read."""
    app.add_lexer("csv", TextLexer)  # the forge colours tables, Pygments does not know them
    app.connect("builder-inited", lambda _: build_reference.write(DOCS / "reference"))
    app.connect("source-read", licences)
    app.connect("autodoc-process-docstring", lambda *given: build_reference.escaped(given[-1]), priority=100)
