"""Names of somebody else's code."""

from __future__ import annotations

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
