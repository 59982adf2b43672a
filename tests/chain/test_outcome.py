# SPDX-License-Identifier: Apache-2.0
"""What `homeground.run` and `homeground.open_study` return: tables in a terminal and a notebook, and their results."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

import pandas as pd
import pytest

import homeground as hg
from homeground.errors import DataError

STUDY = 'title = "Small <b>"\nquestion = "Where is it dry?"\ncountries = ["GMB"]\n[brief]\nlanguages = [{languages}]\n'


def study(folder, languages='"en"'):
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY.format(languages=languages), encoding="utf-8")
    return hg.open_study(folder)


@pytest.fixture(scope="module")
def land(tmp_path_factory):
    made = tmp_path_factory.mktemp("outcome")
    return hg.run(study(made / "gambia"), only=["land"], root=made / "results")


def test_a_study_is_a_small_table(tmp_path):
    shown = repr(study(tmp_path / "gambia"))
    lines = shown.splitlines()
    assert lines[0] == "Small <b> (base)"
    assert [line.split()[0] for line in lines[1:6]] == ["question", "countries", "baseline;", "own", "file"]
    assert "  question          Where is it dry?" in lines
    assert "none: the embedded atlas" in lines[4]
    assert str(study(tmp_path / "again")) != shown  # another file
    assert str(tmp_path / "gambia" / "study.toml") in shown


def test_a_study_of_ones_own_names_its_inputs_budget_and_scenarios():
    shown = repr(hg.open_study("great-green-wall", "double-budget"))
    assert shown.startswith("Great Green Wall (double-budget)\n")
    assert "goals" in shown
    assert "8.6e9 USD" in shown
    assert all(len(line) <= 80 for line in shown.splitlines()[:-1])  # the last names a file, which is not cut


def test_in_a_notebook_every_text_is_escaped(tmp_path, land):
    for one in (study(tmp_path / "gambia"), land):
        page = one._repr_html_()
        assert page.startswith("<table><caption>Small &lt;b&gt; (base)</caption><tr>")
        assert page.count("<tr>") == page.count("</tr>") > 1


def test_a_study_speaks_its_language(tmp_path):
    assert "référence ; période" in repr(study(tmp_path / "fr", '"fr"')).replace("\u00a0", " ")
    assert "国家" in repr(study(tmp_path / "zh", '"zh"'))


def test_results_print_what_was_found(land):
    lines = repr(land).splitlines()
    assert lines[0] == "Small <b> (base)"
    assert lines[1].startswith("  Land    ")
    assert " ".join(repr(land).split()).count(" ".join(land.findings["land"].split())) == 1
    assert str(land.folder) in repr(land)
    assert list(land.findings) == ["land"]
    assert len(land.warnings) > 1
    assert f"{len(land.warnings)} things to mind: .warnings" in repr(land)


def test_results_are_a_folder_and_give_tables(land):
    assert os.fspath(land) == str(land.folder)
    assert (land / "run.json").is_file()
    table = land.show("land", by="region")
    assert isinstance(table, pd.DataFrame)
    assert set(table["iso3"]) == {"GMB"}
    assert list(land.show()["iso3"]) == ["GMB"]
    with pytest.raises(DataError, match="has no plan"):
        land.plan()


def test_parts_load_when_first_used_and_the_version_is_that_of_the_package():
    code = (
        "import sys, homeground as hg\n"
        "assert not {'numpy', 'pandas', 'xarray', 'homeground.land.drought'} & set(sys.modules)\n"
        "assert {'land', 'people', 'evidence', 'measures', 'finance', 'risk', 'brief'} <= set(dir(hg))\n"
        "assert all(getattr(hg, name).__name__ == 'homeground.' + name for name in dir(hg) if name in "
        "('land', 'people', 'evidence', 'measures', 'finance', 'risk', 'brief'))\n"
        "assert 'numpy' not in sys.modules\n"
        "print(hg.__version__, hg.land.spi.__name__)\n"
        "try:\n    hg.nothing\nexcept AttributeError as error:\n    assert 'nothing' in str(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [version("homeground"), "spi"]


def test_the_command_line_tells_its_version():
    done = subprocess.run([sys.executable, "-m", "homeground.cli.app", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"homeground {version('homeground')}\n")
