"""Scenarios end to end: their folders, and reports that are written while the engine ends."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from unittest import mock
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.clock import MonotonicClock
from harness.errors import BrowserError, ScenarioError, ServerStartError
from harness.hidden import NOTHING, forms_of
from harness.redact import MASK
from harness.scenario import conversations
from harness.scenario.conversations import _folder, _report_while_ending, _Run
from harness.scenario.engines import Engine, EngineOptions
from harness.scenario.progress import HidingProgress, NoProgress
from harness.scenario.run import run_scenarios


def test_scenarios_of_one_name_get_folders_of_their_own() -> None:
    out = Path("out")
    first = _folder(out, "s", [])
    second = _folder(out, "s", [first])
    assert (first, second) == (out / "s", out / "s-2")


async def test_an_engine_that_ends_badly_has_its_report_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[_Run] = []
    monkeypatch.setattr(conversations, "_report", lambda run, options: written.append(run))
    run = _Run(Path("out"), HidingProgress(NoProgress(), NOTHING), MonotonicClock(), [])
    engines = AsyncExitStack()

    async def ends_badly() -> None:
        await asyncio.sleep(0)
        raise ServerStartError("stuck")

    engines.push_async_callback(ends_badly)
    with pytest.raises(ServerStartError, match="stuck"):
        await _report_while_ending(run, EngineOptions(), engines)
    assert written == [run]
    assert run.is_reporting


async def test_a_call_that_never_opens_has_not_the_verdict_of_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "s.yaml", tmp_path / "out"
    path.write_text("name: s\nsteps: [{silence: 0.2}, hang_up]\n", encoding="utf-8")
    first = await run_scenarios([path], out=out, engine="simulated")
    assert (first.verdict, (out / "s" / "trace.jsonl").exists()) == ("passed", True)

    @contextlib.asynccontextmanager
    async def breaks(*arguments: object) -> AsyncIterator[Engine]:
        engine = mock.Mock(spec=Engine)
        engine.run = mock.AsyncMock(side_effect=BrowserError("The browser did not start."))
        yield engine

    monkeypatch.setattr(conversations, "open_engine", breaks)
    with pytest.raises(BrowserError, match="did not start"):
        await run_scenarios([path], out=out, engine="simulated")
    assert not (out / "s" / "trace.jsonl").exists()


ENCODED: tuple[Callable[[str], str], ...] = (
    str,
    json.dumps,
    quote,
    lambda value: json.dumps(json.dumps([value], ensure_ascii=False)),
    lambda value: base64.b64encode(f"kim:{value}".encode()).decode(),
    lambda value: base64.urlsafe_b64encode(f"{value}!".encode()).decode(),
)


class Told(NoProgress):
    """Keeps what is told of the steps."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def step(self, kind: str, text: str, t_s: float) -> None:
        self.texts.append(text)

    def said(self, text: str, t_s: float) -> None:
        self.texts.append(text)

    def expectation(self, text: str, verdict: str, evidence: str, t_s: float) -> None:
        self.texts += [text, evidence]


def scenario_of(value: str, pin: str) -> dict[str, object]:
    """One that has a value wherever it can be, and in each form."""
    items = [
        {"type": "conversation.item.create", "item": {"type": "message", "role": "user",
         "content": [{"type": "input_text", "text": f"it is {encode(value)} or {pin}"}]}}
        for encode in ENCODED
    ]  # fmt: skip
    call = {"name": "pay", "arguments": {"key": value, "pin": pin, "keys": {value: [value]}}}
    return {
        "name": "hidden",
        "description": f"with {value}",
        "session": {"instructions": f"Keep {value}, and {pin}.", "tools": [{
            "type": "function", "name": "pay", "description": value, "parameters": {},
        }]},
        "assistant": {"rules": [{"call": call}]},
        "steps": [
            *({"send": item} for item in items),
            {"say": {"file": "goforward", "text": f"My PIN is {pin}, and {value}."}},
            {"expect": {"tool": {"name": "pay", "arguments": {"key": value, "pin": pin}}}},
            {"tool_result": {"name": "pay", "output": {"paid_with": value, "pin": pin}}},
            {"expect": {"event": f"never.{value}", "within_s": 0.5}},
        ],
    }  # fmt: skip


async def run_of(folder: Path, written: dict[str, object]) -> tuple[str, list[str]]:
    """What a simulated run leaves behind as texts, and what it told."""
    (folder / "s.yaml").write_text(json.dumps(written), encoding="utf-8")
    told = Told()
    results = await run_scenarios(
        [folder / "s.yaml"], out=folder / "out", engine="simulated", progress=told
    )
    [scenario] = results.scenarios
    assert [e.verdict for e in scenario.expectations] == ["passed", "failed"]
    files = [path for path in (folder / "out").rglob("*") if path.suffix not in ("", ".wav")]
    assert {"trace.jsonl", "results.json", "junit.xml", "report.html"} <= {f.name for f in files}
    return "\n".join(path.read_text(encoding="utf-8") for path in files), told.texts


@settings(max_examples=1, deadline=None)
@example("\"\\/ é%+\n<&'~*")
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=6))
def test_no_file_of_a_run_has_a_value_of_the_environment_in_any_form(rest: str) -> None:
    """What is expected is judged by the values all the same."""
    value = f"Zq{rest}"
    environ = {"SPECIAL": value, "PIN": "4711"}
    written = scenario_of("${SPECIAL}", "${PIN}")
    for step, encode in zip(written["steps"], ENCODED, strict=False):  # type: ignore[call-overload]
        text = f"it is {encode(value)} or ${{PIN}}".replace("${S", "$${S")
        step["send"]["item"]["content"][0]["text"] = text
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, environ):
        files, told = asyncio.run(run_of(Path(folder), written))
    assert [form for form in forms_of(value) if form in files] == []
    assert [text for text in told if value in text or "4711" in text] == []
    assert "My PIN is •••" in files
    assert f"{MASK} or {MASK}" in files
    assert '"4711' not in files
    assert "4711 " not in files


async def test_an_error_of_a_run_does_not_say_it_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP", "zq-recording")
    (tmp_path / "s.yaml").write_text("name: s\nsteps:\n  - say: ${CLIP}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"s\.yaml:3: step 1") as caught:
        await run_scenarios([tmp_path / "s.yaml"], out=tmp_path / "out", engine="simulated")
    assert MASK in str(caught.value)
    assert "zq-recording" not in str(caught.value)
