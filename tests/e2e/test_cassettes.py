"""A session is recorded once, and answers for ever: in every engine, and to a page."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harness.browser.launch import Chromium
from harness.call.opening import CallOptions
from harness.cassette.check import EventLine, order_of
from harness.cassette.files import read_cassette
from harness.cassette.inspection import inspect, read_events
from harness.engines.browser.open import open_call
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ArtifactError, UsageError
from harness.realtime.server.assistants.script import Script
from harness.report.results import Results
from harness.scenario.run import run_scenarios
from harness.server.assistants.choice import Parts
from harness.server.process.launch import start_server
from harness.trace import read_trace
from harness.virtual_time import run_in_virtual_time
from tests.cassette.test_files import edit
from tests.support.run_failures import failures

ORDERS = """
name: lamps
session: {audio: {input: {transcription: {model: gpt-transcribe}}}}
assistant:
  rules:
    - {when: {turn: 1}, say: "Going forward ten meters."}
    - {when: {turn: 2}, say: "I could drive to the crater and take pictures of the rocks, or roll
        down to the dry river and look for traces of water there, or climb the hill."}
    - {when: {turn: 3}, say: "All right, I go on."}
steps:
  - say: goforward
  - expect: {words: [forward, ten], voice_to_voice_s: 2.5}
  - say: something
  - interrupt: {after_ms: 1500, say: goforward, stops_within_s: 1.2}
  - expect: {words: [go, on]}
  - hang_up
"""
READY_WITHIN_S = 60.0
OTHER_SCRIPT = {"rules": [{"say": "This is not from the cassette."}]}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cassettes")


@pytest.fixture(scope="module")
def scenario(home: Path) -> Path:
    path = home / "lamps.yaml"
    path.write_text(ORDERS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def recorded(home: Path, scenario: Path) -> Path:
    """A cassette of a simulated call, and the call's folder beside it."""
    made = run_scenarios([scenario], out=home / "out", engine="simulated", record=home / "lamps")
    assert asyncio.run(made).verdict == "passed"
    return home / "lamps"


def with_text(folder: Path, text: str) -> Path:
    path = folder / "lamps.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def with_other_script(folder: Path) -> Path:
    """The same scenario, whose script would say something else."""
    head, _, rest = ORDERS.partition("assistant:")
    steps = rest[rest.index("steps:") :]
    return with_text(folder, f"{head}assistant: {json.dumps(OTHER_SCRIPT)}\n{steps}")


async def replay(scenario: Path, out: Path, **options: Any) -> Results:
    return await run_scenarios([scenario], out=out, **{"engine": "simulated", **options})


def order_in(cassette: Path) -> list[str]:
    """The server's events in order, until the answer that is cut."""
    lines = [one for one in read_events(cassette / "events.jsonl") if isinstance(one, EventLine)]
    kinds = order_of(lines)
    return kinds[: kinds.index("output_audio_buffer.cleared")]


def test_what_was_recorded_is_readable_and_fits_the_contract(recorded: Path) -> None:
    loaded = read_cassette(recorded)
    turns = loaded.cassette.turns
    assert [turn.number for turn in turns] == [1, 2, 3]
    assert "go forward" in (turns[0].said or "").lower()
    assert turns[1].then[0].pieces[0].cut
    assert turns[0].then[0].pieces[0].at_s > 0
    assert len(loaded.sounds) == 3
    assert [one for one in inspect(recorded, date(2026, 11, 29)) if one.level != "note"] == []


async def test_it_answers_as_it_did_with_a_script_that_says_something_else(
    recorded: Path, scenario: Path, tmp_path: Path
) -> None:
    other = with_other_script(tmp_path)
    first = await replay(other, tmp_path / "a", cassette=recorded, record=tmp_path / "again")
    assert first.verdict == "passed", failures(first)
    before, after = read_cassette(recorded).cassette, read_cassette(tmp_path / "again").cassette
    assert [turn.said for turn in after.turns] == [turn.said for turn in before.turns]
    for turn, again in zip(before.turns, after.turns, strict=True):
        for answer, repeated in zip(turn.then, again.then, strict=True):
            assert repeated.pieces[0].at_s == pytest.approx(answer.pieces[0].at_s, abs=0.06)
    assert order_in(tmp_path / "again") == order_in(recorded)


async def test_without_delays_it_answers_sooner(
    recorded: Path, scenario: Path, tmp_path: Path
) -> None:
    other = with_other_script(tmp_path)
    slow = await replay(other, tmp_path / "a", cassette=recorded)
    fast = await replay(other, tmp_path / "b", cassette=recorded, delays="none")
    waits = [r.scenarios[0].turns[0].latencies.voice_to_voice_s for r in (slow, fast)]
    assert waits[0] is not None
    assert waits[1] is not None
    assert waits[1] <= waits[0]


async def test_other_words_are_an_error_that_shows_the_difference(
    recorded: Path, scenario: Path, tmp_path: Path
) -> None:
    path = with_text(tmp_path, ORDERS.replace("say: goforward\n", "say: something\n", 1))
    results = await replay(path, tmp_path / "out", cassette=recorded)
    assert results.verdict == "failed"
    first = next(one for one in results.scenarios[0].expectations if one.verdict == "failed")
    assert "an answer failed: Turn 1, “" in (first.evidence or "")
    assert "Nearest: turn 2" in (first.evidence or "")


async def test_leniently_the_local_assistant_answers_what_is_not_there(
    recorded: Path, tmp_path: Path
) -> None:
    steps = "steps: [{say: something}, {expect: {words: [cassette]}}, hang_up]"
    path = with_text(tmp_path, f"name: lamps\nassistant: {json.dumps(OTHER_SCRIPT)}\n{steps}\n")
    results = await replay(path, tmp_path / "out", cassette=recorded, lenient=True)
    assert results.verdict == "passed", failures(results)


async def test_what_does_not_go_together_is_told_before_anything_starts(
    recorded: Path, scenario: Path, tmp_path: Path
) -> None:
    for options, said in (
        ({"lenient": True}, "none was given"),
        ({"cassette": recorded, "delays": "some"}, "no such delays"),
        ({"cassette": tmp_path}, "There is no cassette"),
        ({"cassette": recorded, "engine": "native", "server_url": "openai"}, "local server"),
        ({"cassette": recorded, "engine": "browser", "page_url": "http://h/"}, "calls elsewhere"),
        ({"record": scenario}, "cannot become a cassette"),
    ):
        with pytest.raises(UsageError, match=said):
            await replay(scenario, tmp_path / "out", **options)


async def test_an_edited_cassette_is_recorded_anew_only_where_that_is_said(
    recorded: Path, scenario: Path, tmp_path: Path
) -> None:
    kept = Path(shutil.copytree(recorded, tmp_path / "kept"))
    edit(kept / "turns.yaml", "turns:", "# by hand\nturns:")
    with pytest.raises(UsageError, match="would be lost"):
        await replay(scenario, tmp_path / "out", record=kept)
    results = await replay(scenario, tmp_path / "out", record=kept, overwrite=True)
    assert results.verdict == "passed", failures(results)
    assert "by hand" not in (kept / "turns.yaml").read_text(encoding="utf-8")


def test_a_call_that_breaks_leaves_the_cassette_that_was_there(
    recorded: Path, tmp_path: Path
) -> None:
    kept = Path(shutil.copytree(recorded, tmp_path / "kept"))
    before = (kept / "turns.yaml").read_bytes()

    async def break_a_call(target: Path) -> None:
        options = CallOptions(record=target)
        async with open_simulated_call(Script(), SimulatedSpeech(), options=options) as call:
            await call.expect("session.created")
            raise ZeroDivisionError

    for target in (kept, tmp_path / "new"):
        with pytest.raises(ZeroDivisionError):
            run_in_virtual_time(partial(break_a_call, target))
    assert (kept / "turns.yaml").read_bytes() == before
    assert (tmp_path / "new/turns.yaml").exists(), "what it left is better than nothing"


def test_a_call_whose_cassette_cannot_be_kept_has_that_in_its_trace(tmp_path: Path) -> None:
    async def call_without_place() -> None:
        options, speech = CallOptions(record=tmp_path / "shelf/lamps"), SimulatedSpeech()
        async with open_simulated_call(Script(), speech, out=tmp_path, options=options) as call:
            await call.expect("session.created")
            (tmp_path / "shelf").write_text("in the way", encoding="utf-8")

    with pytest.raises(ArtifactError, match="shelf"):
        run_in_virtual_time(call_without_place)
    (error,) = read_trace(tmp_path / "trace.jsonl").of_type("error")
    assert "shelf" in error.data["message"]


@pytest.mark.realtime
async def test_over_real_webrtc_without_a_browser(
    recorded: Path, scenario: Path, tmp_path: Path
) -> None:
    other = with_other_script(tmp_path)
    results = await replay(other, tmp_path / "out", engine="native", cassette=recorded)
    assert results.verdict == "passed", failures(results)


@pytest.mark.browser
@pytest.mark.realtime
async def test_a_page_is_answered_from_it(
    recorded: Path, shared_chromium: Chromium, tmp_path: Path
) -> None:
    parts = Parts(cassette=str(recorded))
    async with start_server(parts=parts) as server:
        session = {"audio": {"input": {"transcription": {"model": "gpt-transcribe"}}}}
        options = CallOptions(session=session, record=tmp_path / "page")
        async with open_call(
            server=server, chromium=shared_chromium, options=options, out=tmp_path / "out"
        ) as call:
            await call.say("goforward")
            answer = await call.answer(within_s=30)
            assert answer.transcript == "Going forward ten meters."
            assert "meters" in answer.recognised.lower()
        key = server.api_key.encode()
    written = {path.name: path.read_bytes() for path in (tmp_path / "page").rglob("*.*")}
    assert "turns.yaml" in written
    assert not [name for name, content in written.items() if key in content]
    kept = read_cassette(tmp_path / "page")
    assert kept.cassette.turns[0].then[0].pieces[0].say == "Going forward ten meters."
    assert "opus" in json.dumps(kept.cassette.head.signalling)
    trace = read_trace(tmp_path / "out" / "trace.jsonl")
    assert trace.of_type("track.recorded")


@asynccontextmanager
async def serving(*arguments: str) -> AsyncIterator[dict[str, Any]]:
    """`harness serve` as a process: where it is, and its key."""
    command = [sys.executable, "-m", "harness", "serve", "--port", "0", "--json", *arguments]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield json.loads(await asyncio.wait_for(process.stdout.readline(), READY_WITHIN_S))
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()
    assert process.returncode == 130


TWICE_THE_SAME = """
name: lamps
session: {audio: {input: {transcription: {model: gpt-transcribe}}}}
steps:
  - say: goforward
  - expect: {words: [forward, ten]}
  - say: goforward
  - expect: {words: [cassette]}
  - hang_up
"""


@pytest.mark.realtime
@pytest.mark.parametrize("is_lenient", [False, True])
async def test_a_server_that_is_started_by_command_answers_from_it(
    is_lenient: bool, recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps(OTHER_SCRIPT), encoding="utf-8")
    lenient = ["--lenient", "--script", str(script)] if is_lenient else []
    async with serving("--workers", "1", "--cassette", str(recorded), *lenient) as ready:
        monkeypatch.setenv("HARNESS_API_KEY", ready["api_key"])
        path = with_text(tmp_path, TWICE_THE_SAME)
        results = await replay(path, tmp_path / "out", engine="native", server_url=ready["url"])
    first, second = results.scenarios[0].expectations[:2]
    assert first.verdict == "passed"
    assert second.verdict == ("passed" if is_lenient else "failed"), failures(results)
    if not is_lenient:
        assert "Nearest: turn 1" in (second.evidence or "")
