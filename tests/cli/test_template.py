# SPDX-License-Identifier: Apache-2.0
"""Tables to fill in: what is written is read back as what ships, and a table that is not filled in is refused by name."""

import numpy as np
import pandas as pd
import pytest

from homeground.catalogue.regions import load_regions
from homeground.catalogue.tables import read_given
from homeground.cli.own.from_codes import new_study
from homeground.cli.own.template import TEMPLATES, write_template
from homeground.errors import DataError, StudyError
from homeground.land.cover.land_cover import checked_matrix, to_unccd
from homeground.measures.given import options_of
from homeground.measures.options import options
from homeground.study.opening import open_study
from homeground.study.tables import given_tables


def read(name, path):
    return read_given(path, given_tables()[TEMPLATES[name]].table)


@pytest.fixture
def niger(tmp_path):
    new_study(["NER"], tmp_path / "niger")
    return tmp_path / "niger"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_says_what_every_column_means(name, tmp_path):
    text = write_template(name, tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    for column in given_tables()[TEMPLATES[name]].table.columns:
        assert f"# {column.column}: " in text
    heads = next(line for line in text.splitlines() if not line.lstrip('"').startswith("#")).split(",")
    assert set(given_tables()[TEMPLATES[name]].table.always) <= set(heads)


def test_measures_of_the_template_are_those_that_ship(niger):
    file = niger / "study.toml"
    write_template("options", niger / "options.csv")
    file.write_text(file.read_text(encoding="utf-8").replace("# options = ", "options = "), encoding="utf-8")
    there, shipped = options_of(open_study(niger)).loc["NER"], options()
    # The median of a record's ends may lie outside them by rounding to four digits, nothing else.
    pd.testing.assert_frame_equal(there[shipped.columns], shipped)


def test_the_matrix_of_the_template_is_the_one_that_ships(tmp_path):
    rows = read("matrix", write_template("matrix", tmp_path / "m.csv"))
    assert len(rows) == 49
    square = rows.pivot(index="initial", columns="final", values="change")
    # Grassland that becomes cropland is gain, tree-covered land that becomes grassland is loss (UNCCD default matrix).
    assert square.loc[2, 3] == 1
    assert square.loc[1, 2] == -1
    assert np.diag(square).tolist() == [0] * 7
    assert checked_matrix(square)[1:, 1:].tolist() == square.to_numpy().tolist()


def test_the_legend_of_the_template_nests_as_the_shipped_one(tmp_path):
    import xarray as xr

    rows = read("legend", write_template("legend", tmp_path / "l.csv"))
    codes = xr.DataArray(rows["code"].to_numpy())
    assert to_unccd(codes, "esa-cci").values.tolist() == rows["unccd_class"].tolist()


def test_people_to_be_counted_have_a_row_for_each_region_and_are_refused_until_they_are(niger, tmp_path):
    path = write_template("population", tmp_path / "people.csv", open_study(niger))
    with pytest.raises(DataError, match="population"):
        read("population", path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    filled = [line.replace(",,,", ",1000,2024,census") for line in lines]
    path.write_text("\n".join(filled), encoding="utf-8-sig")
    rows = read("population", path)
    assert rows["region_id"].tolist() == load_regions(["NER"])["region_id"].tolist()
    assert set(rows["population"]) == {1000}


def test_tags_of_hxl_and_remarks_between_rows_are_no_rows(tmp_path):
    (tmp_path / "p.csv").write_text(
        "# my census\nregion_id;population;year;source\n#adm1+code;#population;#date+year;#meta+source\nNE-1;5;2024;census\n",
        encoding="utf-8",
    )
    rows = read("population", tmp_path / "p.csv")
    assert rows.values.tolist() == [["NE-1", 5.0, 2024, "census"]]
    assert rows.index.tolist() == [4]  # as the file counts its rows


def test_a_file_is_not_written_over_and_a_name_that_is_none_is_told(tmp_path):
    path = write_template("goals", tmp_path / "goals.csv")
    with pytest.raises(StudyError, match="exists already"):
        write_template("goals", path)
    with pytest.raises(StudyError, match='Did you mean "options"'):
        write_template("optionz", tmp_path / "o.csv")
