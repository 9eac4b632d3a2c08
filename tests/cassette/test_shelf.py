"""The cassettes of a folder, and which one is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cassette.shelf import CassetteOptions, Shelf, assistant_name, cassettes_in, choose
from harness.errors import UsageError
from harness.realtime.server.assistants.script import Script
from tests.support.make_cassette import write_orders


def test_one_cassette_answers_in_every_scenario(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    shelf = Shelf(CassetteOptions(folder, lenient=True))
    script = Script()
    assert shelf.names == [""]
    assistant = shelf.assistant_for("anything", script)
    assert assistant.fallback is script
    assert assistant_name("") == "cassette"


def test_of_several_the_one_with_the_scenario_s_name_answers(tmp_path: Path) -> None:
    for name in ("orders", "returns"):
        write_orders(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a cassette")
    assert list(cassettes_in(tmp_path)) == ["orders", "returns"]
    shelf = Shelf(CassetteOptions(tmp_path))
    assert shelf.assistant_for("returns", Script()).fallback is None
    assert assistant_name("returns") == "cassette:returns"
    with pytest.raises(UsageError, match="did you mean orders"):
        choose(shelf.names, "order", tmp_path)


def test_a_folder_without_any_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no cassette"):
        cassettes_in(tmp_path)
    with pytest.raises(UsageError, match="no such folder"):
        cassettes_in(tmp_path / "gone")
