"""Every file of a cassette, looked at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from harness.cassette.inspection import inspect
from harness.errors import UsageError
from tests.cassette.test_files import edit, line_with
from tests.support.make_cassette import write_orders

TODAY = date(2026, 11, 29)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no cassette"):
        inspect(tmp_path, TODAY)


def test_all_that_is_wrong_is_told_and_the_worst_comes_first(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    (folder / "audio" / "001.flac").unlink()
    events = folder / "events.jsonl"
    lines = events.read_text().splitlines()
    events.write_text("\n".join([*lines, lines[0][:20], '{"at_s": 1}', "[1]"]) + "\n")
    found = inspect(folder, TODAY)
    order = ("broken", "stale", "note")
    levels = [order.index(one.level) for one in found]
    assert levels == sorted(levels)
    told = {one.place: one.message for one in found}
    line = line_with(folder / "turns.yaml", "audio/001.flac")
    assert "No such file" in told[f"{folder / 'turns.yaml'}:{line}"]
    assert "cannot be read" in told[f"{events}:3"]
    assert "no 'event'" in told[f"{events}:4"]
    assert f"{events}:5" in told
    assert "unknown event type" in told[f"{events}:2"]


def test_a_line_that_cannot_be_read_breaks_it(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    edit(folder / "turns.yaml", "number: 2", "nmuber: 2")
    (folder / "events.jsonl").unlink()
    first, *rest = inspect(folder, TODAY)
    assert first.level == "broken"
    assert first.place == f"{folder / 'turns.yaml'}:{line_with(folder / 'turns.yaml', 'nmuber')}"
    assert [one.level for one in rest] == ["note"]
