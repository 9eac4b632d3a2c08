"""What a test does with a call: say, interrupt, mute, send; through a real browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from harness.audio.clip import silence
from harness.browser.launch import Chromium
from harness.call.call import Call
from harness.errors import ExpectationFailed
from harness.server.process.launch import RunningServer
from tests.support.scripted_call import scripted_call

pytestmark = pytest.mark.realtime


@pytest_asyncio.fixture(loop_scope="session")
async def call(shared_chromium: Chromium, shared_server: RunningServer) -> AsyncIterator[Call]:
    async with scripted_call(shared_chromium, shared_server) as call:
        yield call


async def test_a_turn_is_said_understood_answered_and_measured(call: Call) -> None:
    said = await call.say("goforward")
    answer = await call.answer(within_s=30)
    assert answer.transcript == "Going forward."
    assert answer.text
    assert answer.start_s is not None
    assert answer.start_s > said.speech_end_s
    assert answer.voice_to_voice_s == pytest.approx(answer.start_s - said.speech_end_s, abs=1e-3)
    assert not answer.interrupted
    assert "forward" in (await call.user_transcript(10) or "").lower()
    with pytest.raises(ExpectationFailed, match="an answer that is over"):
        await call.answer(within_s=0.2)


async def test_an_interruption_cuts_the_answer(call: Call) -> None:
    await call.say("something")
    onset_s = await call.answer_voice(within_s=30)
    said = await call.interrupt("goforward", after_s=1.0, within_s=30)
    assert said.speech_start_s == pytest.approx(onset_s + 1.0, abs=0.001), "the voice, not the clip"
    clip = next(e for e in call.events("microphone.clip").take_available() if e.data["interrupts"])
    assert clip.data["late_s"] == 0.0
    cut = await call.answer(within_s=30)
    assert cut.interrupted
    assert cut.end_s is not None
    assert cut.end_s < said.speech_start_s + 3
    assert (await call.answer(within_s=30)).transcript == "Going forward."


async def test_a_muted_microphone_sends_silence(call: Call) -> None:
    await call.mute()
    from_s = call.now_s + 0.3
    await call.say("goforward")
    sent = [f for f in call.page.sent.snapshot() if f.start_s > from_s]
    assert sent
    assert all(abs(frames.samples).max() == 0 for frames in sent)
    await call.mute(False)


async def test_a_protocol_event_can_be_sent_by_hand(call: Call) -> None:
    await call.send_event({"type": "no.such.type"})
    problem = await call.expect("problem", within_s=10)
    assert problem.data["code"]


async def test_a_clip_of_one_s_own_can_be_said(call: Call) -> None:
    said = await call.say(silence(0.2))
    assert said.end_s - said.start_s == pytest.approx(0.2)
    assert call.answers == []


async def test_a_tool_that_was_not_called_cannot_be_answered(call: Call) -> None:
    with pytest.raises(ExpectationFailed, match="was not called"):
        await call.answer_tool("book_table", "{}")
