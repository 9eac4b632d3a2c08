"""Programs that a user names: their Python, their environment, their end."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harness.programs import WholeLines, command_of, environment_of, kill_group


def test_python_is_ours_and_all_else_as_it_is() -> None:
    assert command_of(["python", "a.py"]) == [sys.executable, "a.py"]
    assert command_of(["python3", "a.py"])[0] == sys.executable
    assert command_of(["node", "a.js"]) == ["node", "a.js"]


def test_of_the_environment_it_gets_what_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_KEY", "a")
    monkeypatch.setenv("OTHER_KEY", "b")
    found = environment_of(["DESK_KEY", "NOT_THERE"])
    assert found["DESK_KEY"] == "a"
    assert "PATH" in found
    assert not {"OTHER_KEY", "NOT_THERE"} & set(found)


def test_it_ends_with_its_children_and_a_second_time_is_no_error() -> None:
    command = ["sh", "-c", "sleep 60 & wait"]
    process = subprocess.Popen(command, start_new_session=True)
    kill_group(process.pid)
    assert process.wait(10) != 0
    kill_group(process.pid)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_lines_come_whole_however_they_are_read(size: int) -> None:
    lines, written = (
        WholeLines(10),
        "one\n\n  zwölf \r\nmore than ten bytes\nten bytes.\nrest".encode(),
    )
    found = [
        line
        for start in range(0, len(written), size)
        for line in lines.add(written[start : start + size])
    ]
    assert [*found, *lines.end()] == ["one", "zwölf", "ten bytes.", "rest"]


def test_a_last_line_that_is_too_long_is_left_out_too() -> None:
    lines = WholeLines(10)
    assert lines.add(b"one\nmore than ten bytes") == ["one"]
    assert lines.end() == []
