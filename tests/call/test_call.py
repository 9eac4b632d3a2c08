"""What a test does with a call: say, hear, expect; through a real browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from harness.audio.clip import silence
from harness.browser.launch import Chromium
from harness.call.call import Call
from harness.client.server_api import set_script
from harness.engines.browser.open import CallOptions, open_call
from harness.errors import ExpectationFailed, PeerLost
from harness.server.process.launch import RunningServer

pytestmark = pytest.mark.realtime

SCRIPT = {
    "rules": [
        {"when": {"words": ["somewhere"]}, "say": "One. Two. Three. Four. Five. Six. " * 8},
        {"when": {"words": ["forward"]}, "say": "Going forward."},
    ]
}
# A hiccup of a busy machine is no end of a turn.
TURNS = {"type": "server_vad", "silence_duration_ms": 1_500}
SESSION = {"audio": {"input": {"transcription": {"model": "whisper-1"}, "turn_detection": TURNS}}}


@pytest_asyncio.fixture(loop_scope="session")
async def call(shared_chromium: Chromium, shared_server: RunningServer) -> AsyncIterator[Call]:
    await set_script(shared_server, SCRIPT)
    options = CallOptions(session=SESSION)
    async with open_call(server=shared_server, chromium=shared_chromium, options=options) as call:
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


async def test_events_are_there_from_the_beginning_or_from_now(call: Call) -> None:
    created = await call.expect("session.created")
    assert created.source == "wire"
    late = call.events("session.created", from_start=False)
    assert late.take_available() == []
    states = [e.data["state"] for e in call.states().take_available()]
    assert "connected" in states
    with pytest.raises(ExpectationFailed, match="no\\.such\\.event"):
        await call.expect("no.such.event", within_s=0.1)


async def test_heard_frames_and_statistics_stream_while_the_call_runs(call: Call) -> None:
    frames = await anext(call.heard())
    assert frames.sample_rate_hz == 48_000
    async for report in call.stats_reports(every_s=1):
        assert report
        break


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


async def test_hanging_up_closes_the_page_s_call(call: Call) -> None:
    await call.hang_up()
    await call.expect("peer_connection.closed", within_s=10)


async def test_what_a_person_does_at_the_page_is_told(call: Call) -> None:
    """The real buttons of our own page; hanging up there is an end of the call, not its loss."""
    page = call.page.page
    await page.get_by_role("button", name="Mute microphone").click()
    await page.get_by_role("slider", name="Volume").fill("0.5")
    await page.get_by_role("button", name="Mute microphone").click()
    await page.get_by_role("button", name="Hang up").click()
    await call.expect("data_channel.closed")
    told = [
        (event.type, dict(event.data))
        for event in call.events().take_available()
        if event.type in ("microphone.clicked", "volume.changed", "close.clicked")
    ]
    assert told == [
        ("microphone.clicked", {"is_on": False}),
        ("volume.changed", {"volume": 0.5}),
        ("microphone.clicked", {"is_on": True}),
        ("close.clicked", {}),
    ]
    with pytest.raises(PeerLost, match="hung up"):
        await call.silence(1)
