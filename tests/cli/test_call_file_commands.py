"""The arguments of the commands on recorded calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Harness
from tests.cli.test_list_findings import trace
from tests.support.healthy_call import HEALTHY


@pytest.mark.parametrize("command", ["findings", "pack", "view"])
def test_each_has_an_example(harness: Harness, command: str) -> None:
    assert f"harness {command} out/booking" in harness(command, "--help").stdout


def test_view_shows_the_report(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace(tmp_path / "call", HEALTHY)
    shown: list[str] = []

    def show(url: str) -> bool:
        shown.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", show)
    assert harness("view", "call").returncode == 0
    assert shown == [(tmp_path / "call" / "report.html").as_uri()]
