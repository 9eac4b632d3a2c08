"""Scenarios and calls in a report of pytest-html, which lies beside what they left."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from harness.pytest_plugin.html_extras import link, table
from tests.pytest_plugin.test_plugin import pytester, run  # noqa: F401 - a fixture
from tests.pytest_plugin.test_scenario_items import folder as folder  # a fixture

pytest_plugins = ["pytester"]

PLACE = Path(sys.prefix, "beside-html")
DATA = re.compile(r'data-jsonblob="([^"]*)"')


def rows(page: Path) -> dict[str, list[dict[str, Any]]]:
    """The last attempt at each test of a report, by the test's name."""
    found = DATA.search(page.read_text(encoding="utf-8"))
    assert found is not None
    tests = json.loads(html.unescape(found[1]))["tests"]
    return {name.split("/")[-1]: entries for name, entries in tests.items()}


def links(row: dict[str, Any], page: Path) -> dict[str, Path]:
    return {
        extra["name"]: page.parent / unquote(extra["content"])
        for extra in row["extras"]
        if extra["format_type"] == "url"
    }


@pytest.mark.skipif(not PLACE.is_dir(), reason="set-up puts pytest-html there")
@pytest.mark.parametrize("more", [(), ("-n", "2"), ("--reruns", "1")])
def test_a_report_links_what_scenarios_left_and_has_their_numbers(
    folder: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PLACE))
    options = ("--scenario-engine", "simulated", "--html=kept/all.html", "--self-contained-html")
    result = run(folder, "scenarios", *options, "--output", "kept/voice calls", *more)
    assert result.ret == 1
    page = folder.path / "kept" / "all.html"
    moved = folder.path / "moved"
    page.parent.rename(moved)  # as CI hands it on
    page = moved / "all.html"
    tests = rows(page)
    assert set(tests) == {
        "greeting.yaml::greeting",
        "table.yaml::table[Rome]",
        "table.yaml::table[Oslo]",
    }
    for row in tests["greeting.yaml::greeting"], tests["table.yaml::table[Oslo]"]:
        there = links(row[-1], page)
        assert set(there) == {"report.html", "call.wav", "trace.jsonl"}
        assert all(path.is_file() for path in there.values())
    [numbers] = [e["content"] for e in tests["greeting.yaml::greeting"][0]["extras"][3:]]
    assert "<th>engine</th><td>simulated</td>" in numbers
    assert "<th>verdict</th><td>passed</td>" in numbers
    assert "no.such" in tests["table.yaml::table[Oslo]"][-1]["log"]


class Config:
    """What a link asks of pytest's configuration."""

    def __init__(self, page: str | None, folder: Path) -> None:
        self.page = page
        self.invocation_params = pytest.Config.InvocationParams(args=(), plugins=None, dir=folder)

    def getoption(self, name: str, default: object) -> object:
        return self.page or default


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (None, "file:///w/out/a%20b/report.html"),
        ("report.html", "out/a%20b/report.html"),
        ("out/html/report.html", "../a%20b/report.html"),
        ("/w/out/a b/all.html", "report.html"),
    ],
)
def test_a_link_leads_from_the_page_to_the_file(page: str | None, expected: str) -> None:
    config: Any = Config(page, Path("/w"))
    assert link(Path("/w/out/a b/report.html"), config)["content"] == expected


def test_numbers_that_nobody_knows_are_left_out_and_text_is_text() -> None:
    made = table([("a<b", "x & y"), ("turn1.voice_to_voice_s", None)])
    assert made["content"] == "<table><tr><th>a&lt;b</th><td>x &amp; y</td></tr></table>"
