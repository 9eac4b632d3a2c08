"""Environment variables under their new and their old names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.environment import is_debugging, names_of, variable

PACKAGE = Path(__file__).parents[1] / "harness"


def test_the_longer_name_counts_first_and_the_old_one_still_does() -> None:
    both = {"HARNESS_CACHE": "old", "REALTIME_HARNESS_CACHE": "new"}
    assert variable("HARNESS_CACHE", both) == "new"
    assert variable("HARNESS_CACHE", {"HARNESS_CACHE": "old"}) == "old"
    assert variable("HARNESS_CACHE", {"REALTIME_HARNESS_CACHE": "", "HARNESS_CACHE": "x"}) == ""
    assert variable("HARNESS_CACHE", {}) is None


def test_what_is_somebody_else_s_has_one_name() -> None:
    assert names_of("OPENAI_API_KEY") == ("OPENAI_API_KEY",)


def test_the_process_s_own_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_DEBUG", raising=False)
    monkeypatch.setenv("REALTIME_HARNESS_DEBUG", "1")
    assert is_debugging()
    monkeypatch.setenv("REALTIME_HARNESS_DEBUG", "0")
    assert not is_debugging()


def test_nobody_else_reads_variables_of_ours() -> None:
    direct = re.compile(r"environ(\.get\(|\[)\s*[\"']HARNESS_")
    found = [p for p in PACKAGE.rglob("*.py") if direct.search(p.read_text(encoding="utf-8"))]
    assert found == []
