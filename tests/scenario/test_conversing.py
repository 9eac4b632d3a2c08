"""A caller that thinks in a scenario file: its talk is held, judged, and held again offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest

from harness.call.heard_answer import HeardAnswer
from harness.facts.call import ClipPlayed
from harness.personas.caller import Line, Talk
from harness.personas.judge import Verdict
from harness.personas.persona import Persona
from harness.report.results import Results
from harness.scenario.converse_step import Converse
from harness.scenario.conversing import _Speaker, judge_ending, judged
from harness.scenario.progress import NoProgress
from harness.scenario.run import run_scenarios
from harness.trace import TraceEvent, read_trace
from tests.support.chat_endpoint import DONE, ChatEndpoint, chat_endpoint, delta, end

SCENARIO = """\
name: guest
assistant:
  rules:
  - {when: {turn: 1}, say: "For what time would you like it?"}
  - {when: {turn: 2}, say: Your table for two is booked.}
steps:
- converse: {persona: guest.yaml, turns: 4, judge: ["Was a table booked?"]}
- expect: {no_answer: true, within_s: 2}
- hang_up
"""
VERDICT = {"answer": "yes", "quotes": ["table for two is booked"], "reason": "it says so"}
WORDS = (
    "I would like a table for two, please.",
    "At seven, and thank you. [done]",
    json.dumps(VERDICT),
)


def written(folder: Path) -> Path:
    (folder / "guest.yaml").write_text("goal: a table for two\nnoise: cafe\n", encoding="utf-8")
    path = folder / "guest-talk.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def writing(endpoint: ChatEndpoint, *texts: str) -> None:
    endpoint.answers = [[delta(content=text), end(), DONE] for text in texts]


async def held(folder: Path) -> tuple[Results, list[TraceEvent]]:
    results = await run_scenarios(written(folder), out=folder / "out", engine="simulated")
    return results, list(read_trace(folder / "out" / "guest" / "trace.jsonl").events)


def data_of(events: list[TraceEvent], kind: str) -> list[dict[str, Any]]:
    return [dict(event.data) for event in events if event.type == kind]


def said_in(events: list[TraceEvent]) -> list[tuple[str, float]]:
    """What was said, and when."""
    clips = [event.fact for event in events if isinstance(event.fact, ClipPlayed)]
    return [(clip.text, clip.start_s) for clip in clips]


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "MODEL", "API_KEY"):
        monkeypatch.delenv(f"HARNESS_LLM_{name}", raising=False)


@pytest.mark.usefixtures("no_model")
async def test_a_talk_is_held_and_held_again_with_nobody_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chat_endpoint() as endpoint:
        writing(endpoint, *WORDS)
        with monkeypatch.context() as there:
            there.setenv("HARNESS_LLM_URL", endpoint.url)
            there.setenv("HARNESS_LLM_MODEL", "m")
            first, events = await held(tmp_path)
    judgements = [
        (one["kind"], one["verdict"]) for one in data_of(events, "expectation") if one["step"] == 1
    ]
    assert (first.verdict, judgements) == (
        "passed",
        [("converse", "passed"), ("judge", "passed")],
    )
    again, events_again = await held(tmp_path)
    assert again.verdict == "passed"
    assert len(said_in(events)) == 2
    assert said_in(events_again) == said_in(events)


@pytest.mark.usefixtures("no_model")
async def test_without_an_endpoint_the_run_is_an_error_that_says_so(tmp_path: Path) -> None:
    results, _ = await held(tmp_path)
    assert results.verdict == "error"
    assert "Nobody plays this caller" in str(results.scenarios[0])


class Ears:
    """Hears these answers, one after the other; words say what came in place of one."""

    def __init__(self, *answers: HeardAnswer | str) -> None:
        self.answers = list(answers)

    async def next_answer(self, within_s: float) -> HeardAnswer | str:
        return self.answers.pop(0)


def heard(text: str, start_s: float, *, interrupted: bool = False) -> HeardAnswer:
    made = mock.Mock(spec=HeardAnswer, start_s=start_s, interrupted=interrupted, text=text)
    return cast("HeardAnswer", made)


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ([heard("Wai", 1.5, interrupted=True), heard("It is booked.", 2.5)], "It is booked."),
        ([heard("Wai", 1.5, interrupted=True), "no answer within 15 s"], "Wai"),
        ([heard("It is", 2.5, interrupted=True)], "It is"),
    ],
)
async def test_an_answer_in_a_pause_between_two_sentences_is_not_the_one(
    answers: list[HeardAnswer | str], text: str
) -> None:
    said = mock.Mock(start_s=0.1, end_s=2.0, speech_end_s=1.9)
    call = mock.Mock(say=mock.AsyncMock(return_value=said), until=mock.AsyncMock())
    ears = Ears(*answers)
    speaker = _Speaker(call, NoProgress(), mock.Mock(), ears)
    await speaker.say("At seven. Goodbye!")
    assert (await speaker.answer(15)).transcript == text
    assert ears.answers == []


GUEST = Persona(goal="a table")
TALK = (Line("caller", "A table?"), Line("agent", "There is none."))


@pytest.mark.parametrize(
    ("ends", "ended", "passed"),
    [
        ("done", "done", True),
        ("done", "gave_up", False),
        ("gave_up", "gave_up", True),
        ("gave_up", "done", False),
        ("any", "too_long", True),
    ],
)
def test_a_talk_has_to_end_as_the_step_says(ends: Any, ended: Any, passed: bool) -> None:
    judgement = judge_ending(Converse(persona="g.yaml", ends=ends), GUEST, Talk(TALK, ended))
    assert judgement.passed is passed
    assert "“There is none.”" in judgement.evidence
    assert ended in judgement.evidence


def test_a_judge_that_is_unsure_cannot_tell() -> None:
    unsure = judged("Booked?", Verdict("unsure", (), "not said"))
    assert (unsure.verdict, unsure.text) == ("cannot_tell", "the judge says yes to “Booked?”")
    no = judged("Booked?", Verdict("no", ("There is none",), "it is full"))
    assert (no.verdict, no.evidence) == ("failed", "no: it is full: “There is none”")
