"""Names of somebody else's code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from harness.plugins import load


def test_a_name_is_looked_up_where_the_command_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_code_of_mine.py").write_text("class Desk:\n    answer = 42\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert load("own_code_of_mine:Desk").answer == 42
    assert load("own_code_of_mine:Desk.answer") == 42


def test_the_folder_of_the_file_that_names_it_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where, names in (("here", ("both_mine", "only_here")), ("beside", ("both_mine",))):
        (tmp_path / where).mkdir()
        for name in names:
            (tmp_path / where / f"{name}.py").write_text(f"found = {where!r}\n", "utf-8")
    beside = str(tmp_path / "beside")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert load("both_mine:found", beside) == "beside"
    assert load("both_mine:found", beside) == "beside"
    assert load("only_here:found", beside) == "here"
    assert load("json:dumps", beside) is json.dumps


def test_two_modules_of_one_name_are_told_and_none_is_taken_for_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    for where in ("one", "two"):
        (tmp_path / where).mkdir()
        (tmp_path / where / "twin_of_mine.py").write_text(f"found = {where!r}\n", "utf-8")
    assert load("twin_of_mine:found", str(tmp_path / "one")) == "one"
    with pytest.raises(ImportError, match="give it another"):
        load("twin_of_mine:found", str(tmp_path / "two"))


def test_a_module_that_ends_the_program_does_not_end_the_harness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "script_of_mine.py").write_text("raise SystemExit('no key')\n", "utf-8")
    with pytest.raises(ImportError, match="SystemExit: no key"):
        load("script_of_mine:main", str(tmp_path))


@pytest.mark.parametrize(
    ("reference", "error"),
    [
        ("no_such_module_here:x", ImportError),
        ("json:no_such_name", AttributeError),
        ("not a name", ValueError),
    ],
)
def test_what_is_not_there_is_an_error(reference: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        load(reference)
