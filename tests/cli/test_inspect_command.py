"""The arguments of ``harness inspect``."""

from __future__ import annotations

from tests.cli.conftest import Harness


def test_what_cannot_be_is_told_before_a_browser_starts(harness: Harness) -> None:
    done = harness("inspect", "localhost:3000")
    assert done.returncode == 2
    assert "no address of a page" in done.stderr
    done = harness("inspect", "http://127.0.0.1:1/", "--pause-on", "everything")
    assert done.returncode == 2
    assert "expected: finding" in done.stderr


def test_help_has_an_example(harness: Harness) -> None:
    done = harness("inspect", "--help")
    assert done.returncode == 0
    assert "harness inspect https://localhost:3000/voice --headed" in done.stdout
