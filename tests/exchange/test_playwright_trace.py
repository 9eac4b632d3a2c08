"""What is read of a Playwright trace, and of what is none."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ArtifactError
from harness.exchange import playwright_trace
from harness.exchange.playwright_trace import PlaywrightAction, read_playwright_trace

WALL_MS = 1_700_000_000_000.0
OPTIONS = {"type": "context-options", "version": 8, "wallTime": WALL_MS, "monotonicTime": 500.0}


def before(call: str, at_ms: float, of: str, method: str, **params: Any) -> dict[str, Any]:
    """An action begins."""
    return {
        "type": "before",
        "callId": call,
        "startTime": at_ms,
        "class": of,
        "method": method,
        "params": params,
    }


def after(call: str, at_ms: float, message: str | None = None) -> dict[str, Any]:
    """An action is over."""
    error = {} if message is None else {"error": {"name": "TimeoutError", "message": message}}
    return {"type": "after", "callId": call, "endTime": at_ms, **error}


def trace(path: Path, lines: Iterable[Any], name: str = "trace.trace") -> Path:
    """A zip with these lines."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, text + "\n")
        packed.writestr("resources/a.jpeg", b"\xff\xd8")
    return path


def test_actions_have_the_time_of_the_wall_and_say_how_they_went(tmp_path: Path) -> None:
    button = 'internal:role=button[name="Call us"i]'
    path = trace(
        tmp_path / "a.zip",
        [
            OPTIONS,
            before("call@1", 600.0, "Frame", "goto", url="http://127.0.0.1/?token=abc"),
            before("call@2", 900.5, "Frame", "click", selector=button),
            {"type": "log", "callId": "call@2", "time": 901, "message": "waiting"},
            after("call@1", 700.0),
            after("call@2", 1400.5, "\x1b[31mTimeout 500ms exceeded.\x1b[0m\nCall log:\n  - x"),
            before("call@3", 1500, "Frame", "expect", selector="#a", expression="to.be.visible"),
        ],
    )
    read = read_playwright_trace(path)
    assert read.missing == ""
    assert read.actions == (
        PlaywrightAction("goto", "http://127.0.0.1/", WALL_MS + 100, WALL_MS + 200),
        PlaywrightAction(
            "click",
            'role=button[name="Call us"i]',
            WALL_MS + 400.5,
            WALL_MS + 900.5,
            "Timeout 500ms exceeded.",
        ),
        PlaywrightAction("expect to be visible", "#a", WALL_MS + 1000),
    )


def test_what_was_typed_is_not_told(tmp_path: Path) -> None:
    path = trace(
        tmp_path / "a.zip",
        [
            OPTIONS,
            before("1", 501, "Frame", "fill", selector="#password", value="hunter22"),
            before("2", 502, "Page", "keyboardType", text="hunter22"),
            before("3", 503, "Page", "keyboardPress", key="h"),
            before("4", 504, "Page", "keyboardPress", key="Enter"),
            before("5", 505, "Frame", "evaluateExpression", expression="login('hunter22')"),
            before("6", 506, "Frame", "click", selector="text=sk-abcdefgh12345678"),
        ],
    )
    actions = read_playwright_trace(path).actions
    assert "hunter22" not in repr(actions)
    assert [(one.name, one.target) for one in actions] == [
        ("fill", "#password"),
        ("keyboard.type", ""),
        ("keyboard.press", ""),
        ("keyboard.press", "Enter"),
        ("evaluate", ""),
        ("click", "text=•••"),
    ]


def test_what_sets_a_page_up_is_none_of_the_test(tmp_path: Path) -> None:
    path = trace(
        tmp_path / "a.zip",
        [
            OPTIONS,
            before("1", 501, "BrowserContext", "addInitScript", source="…"),
            before("2", 502, "CDPSession", "send"),
            before("3", 503, "BrowserContext", "newPage"),
        ],
    )
    assert read_playwright_trace(path).actions == ()


def test_a_trace_that_is_cut_or_odd_is_read_as_far_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playwright_trace, "MOST_LINE_BYTES", 400)
    click = before("1", 501, "Frame", "click", selector="#a")
    odd = [[], 7, {"type": "before"}, {"type": "before", "callId": 3}, {"type": "after"}]
    odd += [{**click, "callId": "2", "startTime": "soon"}, {**click, "callId": "3", "params": 1}]
    lines = [OPTIONS, *odd, "x" * 1000, click, '{"type": "after", "callI']
    read = read_playwright_trace(trace(tmp_path / "a.zip", lines))
    assert [one.target for one in read.actions] == ["", "#a"]
    assert read.missing == "a line that is too long and a line that cannot be read"


def test_of_very_many_actions_the_first_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playwright_trace, "MOST_ACTIONS", 2)
    clicks = [before(str(n), 501 + n, "Frame", "click", selector="#a") for n in range(3)]
    read = read_playwright_trace(trace(tmp_path / "a.zip", [OPTIONS, *clicks]))
    assert len(read.actions) == 2
    assert read.missing == "what came after 2 actions"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([before("1", 1, "Frame", "click")], "no “context-options” in it"),
        ([{**OPTIONS, "monotonicTime": None}], "does not say when it was made"),
        ([{**OPTIONS, "wallTime": 1e300}], "does not say when it was made"),
        ([{**OPTIONS, "version": 6}], "version 6"),
    ],
)
def test_a_trace_without_a_time_is_refused(
    tmp_path: Path, lines: list[dict[str, Any]], found: str
) -> None:
    with pytest.raises(ArtifactError, match=found):
        read_playwright_trace(trace(tmp_path / "a.zip", lines))


def test_what_is_no_trace_is_refused_plainly(tmp_path: Path) -> None:
    cut = trace(tmp_path / "a.zip", [OPTIONS])
    cut.write_bytes(cut.read_bytes()[:-30])
    other = trace(tmp_path / "b.zip", ["hello"], name="hello.txt")
    for path in (cut, other, tmp_path / "nowhere.zip", tmp_path):
        with pytest.raises(ArtifactError, match="is no Playwright trace"):
            read_playwright_trace(path)


def test_a_trace_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playwright_trace, "MOST_BYTES", 1000)
    path = trace(tmp_path / "a.zip", [OPTIONS, "0" * 100_000])
    with pytest.raises(ArtifactError, match="too large"):
        read_playwright_trace(path)
