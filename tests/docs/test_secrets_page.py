"""What the page on contexts and secrets shows is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.redact import MASK
from harness.scenario.load import load_scenario
from harness.scenario.page_context import PageContext

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "secrets.md").read_text(encoding="utf-8")
[EXAMPLE] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_scenario_is_one_and_hides_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("BASE_URL", "http://localhost:3000"),
        ("MEMBERS_PASSWORD", "wonder-ful"),
        ("PIN", "4711"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TEAM", raising=False)
    (tmp_path / "members.yaml").write_text(EXAMPLE, encoding="utf-8")
    loaded = load_scenario(tmp_path / "members.yaml")
    context = loaded.scenario.page.context_options(tmp_path)
    assert loaded.scenario.page.url == "http://localhost:3000/members"
    assert context["extra_http_headers"] == {"X-Team": "voice"}
    shown = loaded.hidden.text("http://localhost:3000 voice wonder-ful 4711 4,711 1.4711 completed")
    assert shown == f"http://localhost:3000 voice {MASK} {MASK} {MASK} 1.4711 completed"
    assert not loaded.hidden.notes


def test_every_option_has_a_line() -> None:
    table = PAGE.partition("| option |")[2].partition("\n\n")[0]
    assert [name for name in PageContext.model_fields if f"`{name}`" not in table] == []
