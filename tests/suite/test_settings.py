"""Settings of a project: found above, checked, and told where they cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import SettingsError
from harness.suite.settings import ProjectSettings, find_settings

GOOD = """
[tool.realtime-harness]
scenarios = ["calls"]
engine = "simulated"
max-failures = 3
variables = {city = "Rome", limit = 2}
"""


def test_they_hold_below_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path)
    found = find_settings(tmp_path / "below")
    assert found.options == {"scenarios": ["calls"], "engine": ["simulated"], "max_failures": 3}
    assert found.variables == {"city": "Rome", "limit": 2}
    (tmp_path / "below" / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    assert find_settings(tmp_path / "below") == ProjectSettings()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("worker = 2", "did you mean workers?"),
        ("workers = 'two'", "a whole number"),
        ("workers = true", "a whole number"),
        ("scenarios = 'calls'", "a list of texts"),
        ("allow_flaky = 1", "true or false"),
        ("wait_s = 'long'", "seconds"),
        ("variables = {'a b' = 1}", "names and values"),
        ("variables = {day = 2026-05-01}", "variables: day cannot be that."),
        ("variables = {day = 2026-05-01T10:00:00Z}", 'in quotes: "2026-05-01 10:00:00+00:00"'),
        ("variables = {at = [1, {noon = 12:00:00}]}", "variables: at.1.noon cannot"),
        ("out = 3", "a text"),
        ("out = ", "TOML"),
    ],
)
def test_what_cannot_be_is_told_with_the_file(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.realtime-harness]\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        find_settings(tmp_path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
