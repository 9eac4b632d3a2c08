"""The browser that voice tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pytest_plugin.shared_engines import find_channel


def test_a_browser_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.UsageError, match="--browser-channel msedge"):
        find_channel("msedge")


def test_a_channel_is_found_by_its_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "google-chrome-stable"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_channel("chrome") == str(program)
