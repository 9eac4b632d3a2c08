"""Which answer is next, in a call in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from harness.audio.signals import white_noise
from harness.call.call import Call
from harness.call.callers import Callers
from harness.call.heard_answer import Said
from harness.call.listener import Listener
from harness.call.opening import CallOptions
from harness.call.utterance import Utterance
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ExpectationFailed
from harness.facts.call import OwnVoiceHeard
from harness.line.audio import AudioFrames
from harness.realtime.server.assistants.script import Script
from harness.score.answers import Answer
from harness.speech.spans import Span
from harness.virtual_time import run_in_virtual_time

pytestmark = pytest.mark.usefixtures("fresh_speech")

LONG = "We opened forty years ago as a small bakery by the harbour, and then we added six tables."


def in_a_call(
    talk: Callable[[Call], Awaitable[None]], *rules: dict[str, Any], **turns: Any
) -> None:
    """Hold one with an assistant that follows the rules."""
    session = {"audio": {"input": {"turn_detection": {"type": "server_vad", **turns}}}}

    async def main() -> None:
        script = Script.model_validate({"rules": list(rules)})
        options = CallOptions(session=session)
        async with open_simulated_call(script, SimulatedSpeech(), options=options) as call:
            await talk(call)

    run_in_virtual_time(main)


def test_an_answer_is_given_once() -> None:
    async def talk(call: Call) -> None:
        await call.say("goforward")
        assert (await call.answer()).transcript == "Going."
        with pytest.raises(ExpectationFailed):
            await call.answer(within_s=3)
        assert await call.no_answer(2) is None, "the one that was given is no news"

    in_a_call(talk, {"say": "Going."})


def test_an_answer_that_nobody_asked_for_yet_is_one_that_came() -> None:
    async def talk(call: Call) -> None:
        await call.say("goforward")
        await call.silence(5)
        assert "had come before" in (await call.no_answer(2) or "")

    in_a_call(talk, {"say": "Going."})


def test_the_next_turn_is_not_answered_by_the_last_ones_answer() -> None:
    async def talk(call: Call) -> None:
        await call.say("goforward")
        await call.silence(5)
        await call.say("booking-table-for-two")
        answer = await call.answer()
        assert answer.transcript == "For two."
        assert answer.voice_to_voice_s is not None
        assert 0.3 < answer.voice_to_voice_s < 2.5

    in_a_call(talk, {"when": {"turn": 1}, "say": "Going."}, {"say": "For two."})


def test_after_an_interruption_comes_the_cut_answer_and_then_the_next() -> None:
    async def talk(call: Call) -> None:
        await call.say("goforward")
        await call.interrupt("interruption-stop", after_s=1.0)
        cut, after = await call.answer(), await call.answer()
        assert cut.interrupted
        assert (after.interrupted, after.transcript) == (False, "Of course.")

    in_a_call(talk, {"when": {"turn": 1}, "say": LONG}, {"say": "Of course."})


def test_an_answer_that_was_asked_for_by_hand_is_the_next() -> None:
    async def talk(call: Call) -> None:
        await call.say("goforward")
        await call.silence(5)
        await call.send_event({"type": "response.create"})
        answer = await call.answer()
        first, second = call.answers
        assert answer.answer_id == second.answer_id != first.answer_id
        assert call.second_answers() == [], "it was asked for"

    in_a_call(talk, {"say": "Going."})


def test_what_was_heard_is_noted_for_the_report() -> None:
    async def talk(call: Call) -> None:
        await call.say("goforward")
        answer = await call.answer()
        noted = await call.expect("answer.judged")
        assert noted.data["answer_id"] == answer.answer_id
        assert noted.data["voice_to_voice_s"] == answer.voice_to_voice_s
        assert noted.data["spans"][0][0] == answer.start_s
        assert noted.data["spans"][-1][1] == answer.end_s

    in_a_call(talk, {"say": "Going."})


def test_waiting_ends_when_its_time_is_over_though_answers_to_others_come() -> None:
    async def talk(call: Call) -> None:
        await call.say("goforward")
        began_s = asyncio.get_running_loop().time()
        with pytest.raises(ExpectationFailed, match="was not over after 2 s"):
            await call.answer(within_s=2)
        assert asyncio.get_running_loop().time() - began_s == pytest.approx(2, abs=0.1)

    in_a_call(talk, {"say": LONG})


def test_an_answer_that_was_taken_back_before_it_was_heard_is_none() -> None:
    """The user hesitates, the server answers into the pause at once, and is spoken over."""

    async def talk(call: Call) -> None:
        await call.say("booking-hesitation")
        answer = await call.answer()
        assert len(call.answers) > 1
        assert call.answers[0].interrupted
        assert answer.answer_id == call.answers[-1].answer_id
        assert answer.voice_to_voice_s is not None
        assert answer.voice_to_voice_s > 0

    in_a_call(talk, {"say": "Of course. How many people are you?"}, silence_duration_ms=100)


@pytest.mark.parametrize("begins", [True, False])
def test_who_has_been_speaking_since_before_the_wait_is_told(begins: bool) -> None:
    """The first answer goes on over the user and the wait: silence is not what was found."""

    async def talk(call: Call) -> None:
        await call.say("goforward")
        await call.silence(2)
        await call.say("yes-please")
        with pytest.raises(ExpectationFailed) as told:
            await call.answer(within_s=1 if begins else 0.3)  # the next one begins after 0.7 s
        assert "somebody has been speaking since" in str(told.value.found)
        assert "before this wait began" in str(told.value.found)
        assert "bakery" in str(told.value.found)

    in_a_call(talk, {"say": LONG}, interrupt_response=False)


def test_the_users_own_voice_is_noted_once_whole_and_before_any_answer() -> None:
    """It comes back 0.2 s later, within the turn; only ears know of it. The clip is noise."""
    rate_hz, said_s, delay_s = 48_000, 1.0, 0.2
    question = white_noise(1.5, 0.1, seed=1)
    sent, heard = (np.zeros(5 * rate_hz, np.float32) for _ in range(2))
    for side, start_s in ((sent, said_s), (heard, said_s + delay_s)):
        side[round(start_s * rate_hz) :][: question.frames] = question.samples
    echo = Answer("heard-1", said_s + delay_s, voice_start_s=said_s + delay_s)
    told = Answer("r1", 4.0, text="Yes.", over_s=4.5)
    noted: list[Any] = []

    class Stream:
        count = 1

        def __init__(self, samples: np.ndarray[Any, np.dtype[np.float32]]) -> None:
            self.samples = samples

        def snapshot(self) -> list[AudioFrames]:
            return [AudioFrames(0.0, self.samples, "test", 0)]

    async def offload(work: Callable[..., Any], *given: Any) -> Any:
        return work(*given)

    line = SimpleNamespace(sent=Stream(sent), heard=Stream(heard))
    recorder = SimpleNamespace(
        tracker=SimpleNamespace(answers=[echo, told]),
        recordings=SimpleNamespace(read_heard=None, read_sent=None),
        heard_until_s=5.0,
        note=lambda fact, _: noted.append(fact),
    )
    tools = SimpleNamespace(
        offload=offload, find_speech=lambda clip: [Span(said_s + delay_s, said_s + delay_s + 1.5)]
    )
    said = [Said(Utterance("noise", question, "Noise?", None, 0.0, 1.5), said_s)]
    listener = Listener(
        cast("Any", line), cast("Any", recorder), cast("Any", None), cast("Any", tools), said,
        Callers().join("test"), lambda: 5.0,
    )  # fmt: skip

    async def main() -> None:
        await listener.note_own_voices()
        assert noted == [], "it is not over"
        echo.over_s = 3.0
        await listener.note_own_voices()
        await listener.note_own_voices()

    asyncio.run(main())
    (own,) = noted
    assert isinstance(own, OwnVoiceHeard)
    assert (own.start_s, own.end_s) == pytest.approx((1.2, 2.7))
    assert own.delay_s == pytest.approx(delay_s, abs=0.02)
