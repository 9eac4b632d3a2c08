"""Tables: their rows, what a row is called, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ScenarioError
from harness.scenario.tables import Row, _label, rows_of
from harness.yaml_file import read_yaml


def rows(folder: Path, each: str, csv: str | None = None) -> list[Row]:
    (folder / "s.yaml").write_text(f"name: s\neach: {each}\n", encoding="utf-8")
    if csv is not None:
        (folder / "t.csv").write_text(csv, encoding="utf-8")
    return rows_of(read_yaml(folder / "s.yaml"), frozenset(), frozenset())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_with_its_lines(tmp_path: Path, delimiter: str) -> None:
    text = '\ufeffcity,words\nSão Paulo,"a, b; c\td"\n\n Oslo , x \n'
    written = text.replace("city,words", f"city{delimiter}words").replace(
        "Paulo,", "Paulo" + delimiter
    )
    found = rows(tmp_path, "t.csv", written.replace("Oslo ,", "Oslo " + delimiter))
    assert [(row.label, row.values["words"]) for row in found] == [
        ("Sao-Paulo", "a, b; c\td"),
        ("Oslo", "x"),
    ]
    assert found[1].place == f"{tmp_path / 't.csv'}:4"


def test_a_row_is_called_after_its_name_or_its_first_column_that_may_be_shown(
    tmp_path: Path,
) -> None:
    assert [r.label for r in rows(tmp_path, "[{a: x, name: N}, {a: x, name: M}]")] == ["N", "M"]
    assert [r.label for r in rows(tmp_path, "[{password: x, b: c}]")] == ["c"]
    assert [r.label for r in rows(tmp_path, "[{token: x}, {token: y}]")] == ["row-1", "row-2"]
    assert [r.label for r in rows(tmp_path, '[{pin: "${PIN}"}, {pin: "東京"}]')] == [
        "row-1",
        "row-2",
    ]


@pytest.mark.parametrize(
    ("each", "csv", "said"),
    [
        ("t.csv", "", "no rows"),
        ("t.csv", "city\n", "no rows"),
        ("t.csv", "city,city\nx,y\n", "t.csv:1: two columns are called “city”"),
        ("t.csv", "the city,b\nx,y\n", "t.csv:1: column 1 has no name"),
        ("t.csv", "a,b\nx,y\nx\n", "t.csv:3: this row has 1 cells"),
        ("t.csv", "a,b\nx,y\nx\n", "to do:    a cell without a value has its delimiter"),
        ("t.csv", "a,b\nx,y\nz,y,q\n", "expected: 2, one a column: a, b"),
        ("t.csv", "a,b\nx,y\nz,y,q\n", "to do:    put quotes around a cell"),
        ("zzz.csv", None, "to do:    check the path"),
        ("t.csv", "a\nx\nX\n", "t.csv:3: this row is called “X”, as another one is"),
        ("tt.csv", "a\nx\n", "did you mean"),
        ("3", None, "no table"),
        ("[]", None, "no table"),
        ("[3]", None, "a row names its columns"),
        ("[{}]", None, "this row is empty"),
        ("[{city: x}, {citty: y}]", None, "did you mean “city”?"),
        ("[{city: x}, {city: y, b: 1}]", None, "other columns than the first"),
        ("[{1a: x}]", None, "column 1 has no name"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_line(
    tmp_path: Path, each: str, csv: str | None, said: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        rows(tmp_path, each, csv)
    assert said in str(caught.value)


@given(st.text())
def test_any_text_is_a_part_of_a_folder_s_name_or_none(text: str) -> None:
    label = _label(text)
    assert set(label) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
    assert len(label) <= 40
    assert not label.startswith((".", "-"))
