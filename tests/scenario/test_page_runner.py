"""Steps on the page in a scenario: what counts as an act, what is judged, when a call has ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.audio.clip import silence
from harness.call.call import Said
from harness.call.events import CallEvent
from harness.call.utterance import Utterance
from harness.engines.browser.page_checks import Look
from harness.errors import ExpectationFailed, PageClosed, PeerLost
from harness.facts.browser import SnapshotTaken
from harness.findings.page import ScriptError
from harness.scenario import page_runner
from harness.scenario.model import Step
from harness.scenario.page_expectations import PageExpectation
from harness.scenario.page_runner import PageRunner, step_text
from harness.streams.event_stream import EventStream

CLIP = Utterance("u", silence(1.0), "Go forward.", None, 0.1, 0.9)
ENDS = "peer_connection.closed"


class FakeUser:
    """Does nothing, or what the test says; remembers what it was asked."""

    def __init__(self, *_: Any) -> None:
        self.done: list[Any] = []
        self.problem = ""
        self.looks: list[Look] = []
        self.on_act: Callable[[], None] = lambda: None

    async def act(self, step: Mapping[str, Any]) -> None:
        self.done.append(dict(step))
        self.on_act()
        if self.problem:
            raise ExpectationFailed("A step did not work.", found=self.problem)

    async def check(self, kind: str, wanted: Mapping[str, Any], within_s: float) -> Look:
        self.done.append((kind, within_s))
        return self.looks.pop(0)

    @asynccontextmanager
    async def holding(self, wanted: Mapping[str, Any], within_s: float) -> AsyncIterator[None]:
        self.done.append(("press", wanted))
        yield
        self.done.append("release")


class FakeCall:
    """A call in a page, whose events the test pushes."""

    def __init__(self) -> None:
        self.stream: EventStream[CallEvent] = EventStream("events")
        self.acts = 0
        self.now_s = 5.0
        self.waited_s = 0.0
        self.notes: list[Any] = []
        self.recorder = SimpleNamespace(
            events=self.stream, hanging_up=False, note=lambda fact, _: self.notes.append(fact)
        )
        self.page = SimpleNamespace(page=None, goto=None, calls_left=0, may_go=lambda: None)

    def events(self, _: str) -> Any:
        return self.stream.reader()

    def user_acts(self) -> None:
        self.acts += 1

    async def say(self, utterance: Utterance, wait: bool) -> Said:
        return Said(utterance, self.now_s)

    async def offload(self, work: Callable[..., Any], *given: Any) -> Any:
        return work(*given)

    async def until(self, t_s: float) -> None:
        self.waited_s = t_s

    def push(self, type_: str, **data: Any) -> None:
        self.stream.push(CallEvent(1.0, "page", type_, data))


@pytest.fixture
def call() -> FakeCall:
    call = FakeCall()
    call.push("microphone.started", microphone="m")
    call.push("peer_connection.state", connection="a", kind="connection", state="connected")
    return call


@pytest.fixture
def runner(call: FakeCall, monkeypatch: pytest.MonkeyPatch) -> PageRunner:
    monkeypatch.setattr(page_runner, "PageUser", FakeUser)
    return PageRunner(call, Path("/s"), Path("/out"), 0.05)  # type: ignore[arg-type]


def user_of(runner: PageRunner) -> FakeUser:
    user: Any = runner._user
    assert isinstance(user, FakeUser)
    return user


def step(**given: Any) -> Step:
    return Step.model_validate(given)


async def test_only_what_the_user_does_makes_older_events_old(
    runner: PageRunner, call: FakeCall
) -> None:
    looks = [step(wait_for="#a"), step(screenshot="a"), step(evaluate="1")]
    for each in looks:
        assert await runner.act(each) == []
    assert call.acts == 0
    await runner.act(step(click="#a"))
    await runner.act(step(fill={"#a": "b"}))
    assert call.acts == 2
    assert user_of(runner).done[-1] == {"fill": {"#a": "b"}, "within_s": 0.05}


async def test_a_step_that_fails_tells_what_the_page_said_first(
    runner: PageRunner, call: FakeCall
) -> None:
    call.stream.push(CallEvent(1.0, "harness", "page.exception", {"message": "no such table"}))
    user_of(runner).problem = "it is disabled"
    [failed] = await runner.act(step(click={"role": "button", "name": "Book"}))
    assert (failed.kind, failed.passed) == ("click", False)
    assert failed.text == "click the button “Book”"
    assert failed.evidence == "the page: exception: no such table; it is disabled"


async def test_a_lost_call_is_that_and_no_verdict_on_the_page(
    runner: PageRunner, call: FakeCall
) -> None:
    user_of(runner).problem = "nothing matches"
    user_of(runner).on_act = lambda: call.stream.end(PeerLost("gone"))
    with pytest.raises(PeerLost):
        await runner.act(step(click="#a"))
    with pytest.raises(PeerLost):
        await runner.expect(PageExpectation(visible="#a"), None)
    assert len(user_of(runner).done) == 1


async def test_each_thing_expected_of_the_page_is_judged_in_its_own_time(
    runner: PageRunner,
) -> None:
    user = user_of(runner)
    user.looks = [Look(True, "visible"), Look(False, "“B”"), Look(True, "2")]
    wanted = {"visible": "#a", "text": {"of": "h1", "is": "A", "within_s": 7},
              "count": {"of": "li", "is": 2}}  # fmt: skip
    judged = await runner.expect(PageExpectation.model_validate(wanted), 3)
    assert [(one.kind, one.passed, one.evidence) for one in judged] == [
        ("page_visible", True, "visible"),
        ("page_text", False, "“B”"),
        ("page_count", True, "2"),
    ]
    assert user.done == [("visible", 3), ("text", 7), ("count", 3)]
    user.looks = [Look(True, "visible")]
    await runner.expect(PageExpectation(visible="#a"), None)
    assert user.done[-1] == ("visible", 0.05)


async def test_a_button_is_let_go_a_little_after_the_last_word(
    runner: PageRunner, call: FakeCall
) -> None:
    held = step(hold={"css": "#talk", "while": "u"}).hold
    assert held is not None
    assert await runner.hold(held, CLIP) == []
    assert user_of(runner).done == [("press", {"css": "#talk"}), "release"]
    assert call.waited_s == pytest.approx(6.2)
    assert call.acts == 1


async def hang_up(runner: PageRunner, **given: Any) -> tuple[bool, str]:
    wanted: Any = step(hang_up={"click": "#end", **given}).hang_up
    [judged] = await runner.hang_up(wanted)
    assert (judged.kind, judged.text) == ("hang_up", "“#end” ends the call")
    return judged.passed, judged.evidence


async def test_the_page_s_button_has_to_end_the_call(runner: PageRunner, call: FakeCall) -> None:
    assert await hang_up(runner) == (
        False,
        "0.05 s after the click its peer connection is still connected and it still has the "
        "microphone",
    )
    user_of(runner).problem = "it is disabled"
    assert await hang_up(runner) == (False, "it is disabled")


async def test_a_call_that_ends_in_whole(runner: PageRunner, call: FakeCall) -> None:
    def end() -> None:
        assert call.recorder.hanging_up, "what closes now was meant to close"
        call.push(ENDS, connection="a")
        call.push("microphone.stopped", microphone="m")

    user_of(runner).on_act = end
    assert await hang_up(runner) == (True, "ended 0.0 s after the click")
    assert [type(note).__name__ for note in call.notes] == ["CallHungUp"]


async def test_what_is_left_of_a_call_that_ended_is_noted(
    runner: PageRunner, call: FakeCall
) -> None:
    user_of(runner).on_act = lambda: call.push(ENDS, connection="a")
    assert (await hang_up(runner))[0]
    assert "it still has the microphone" in call.notes[-1].text


async def test_a_page_that_is_left_has_ended_its_call(runner: PageRunner, call: FakeCall) -> None:
    user_of(runner).on_act = lambda: setattr(call.page, "calls_left", 1)
    assert (await hang_up(runner))[0]
    assert len(call.notes) == 1

    def close() -> None:
        raise PageClosed("The page went away.")

    user_of(runner).on_act = close
    assert await hang_up(runner) == (True, "the page closed itself")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"hold": {"key": "t", "while": "u"}}, "t"),
        ({"hold": {"css": "#t", "while": "u"}}, "“#t”"),
        ({"hang_up": {"click": {"text": "End"}}}, "the text “End”"),
        ({"goto": "/menu"}, "/menu"),
    ],
)
def test_a_step_on_the_page_in_words(given: dict[str, Any], text: str) -> None:
    assert step_text(step(**given)) == text


async def test_the_page_is_kept_as_it_was_when_something_was_found(
    runner: PageRunner, call: FakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take(finding: str) -> SnapshotTaken:
        return SnapshotTaken(finding, f"{finding}.png", f"{finding}.dom.txt")

    found = [ScriptError("It threw.", 1.0)]
    monkeypatch.setattr(page_runner, "findings_so_far", lambda _: found)
    monkeypatch.setattr(runner._snapshots, "_take", take)
    await runner.keep_snapshots()
    await runner.keep_snapshots()
    assert call.notes == [SnapshotTaken("script_error", "script_error.png", "script_error.dom.txt")]
