"""An assistant that answers what a cassette answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import numpy as np
import pytest

from harness.cassette.model import Cassette
from harness.cassette.replay import MISMATCH, CassetteAssistant
from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import Piece, Play, Prompt, Say, UseTool, Wait
from harness.realtime.server.assistants.script import Script
from tests.support.make_cassette import orders, tone
from tests.support.session_driver import FRAME_S, SessionDriver, silence

SOUNDS = {"audio/001.flac": tone(1.0).samples, "audio/002.flac": tone(2.0).samples}
BOOKED = Prompt(turn=1, tool="book", tool_result='{"ok": true, "number": 17}')
BOOK = {"type": "function", "name": "book", "parameters": {"type": "object"}}


def pieces_of(assistant: CassetteAssistant, prompt: Prompt) -> list[Piece]:
    return list(cast("Iterable[Piece]", assistant.answer(prompt)))


def test_an_answer_waits_as_it_did_and_has_its_sound() -> None:
    wait, play = pieces_of(CassetteAssistant(orders(), SOUNDS), BOOKED)
    assert isinstance(wait, Wait)
    assert isinstance(play, Play)
    assert wait.seconds == pytest.approx(0.38)
    assert wait.since_asked
    assert (play.transcript, len(play.samples)) == ("Four rolls, number 17.", 24_000)


def test_without_delays_it_answers_at_once() -> None:
    assistant = CassetteAssistant(orders(), SOUNDS, delays="none")
    assert pieces_of(assistant, Prompt("I'd like 4 rolls for Thursday", 1)) == [
        UseTool("book", '{"rolls": 4}')
    ]


def test_words_without_a_sound_are_spoken_by_the_local_voice() -> None:
    greeting = pieces_of(CassetteAssistant(orders(), SOUNDS), Prompt(is_greeting=True))
    assert greeting == [Say("Bakery Sonne, good morning.")]


def test_of_an_answer_that_was_cut_the_rest_is_spoken_by_the_local_voice() -> None:
    _, play, rest = pieces_of(CassetteAssistant(orders(), SOUNDS), Prompt("what do they cost", 2))
    assert isinstance(play, Play)
    assert isinstance(rest, Say)
    assert play.transcript.startswith("They cost two euros")
    assert f"{play.transcript}{rest.text}" == orders().turns[2].then[0].pieces[0].say


def test_what_it_does_not_have_is_an_error_or_left_to_another() -> None:
    other = Prompt("I would like nine rolls for Thursday", 1)
    with pytest.raises(AssistantError, match="“nine” here") as refused:
        CassetteAssistant(orders(), SOUNDS).answer(other)
    assert refused.value.code == MISMATCH
    script = Script.model_validate({"rules": [{"say": "Nine rolls, then."}]})
    lenient = CassetteAssistant(orders(), SOUNDS, fallback=script)
    assert pieces_of(lenient, other) == [Say("Nine rolls, then.")]


def test_an_answer_that_failed_fails_again() -> None:
    data = orders().model_dump(mode="json")
    error = {"code": "rate_limit_exceeded", "message": "Too many tokens."}
    data["turns"][0]["then"][0] |= {"status": "failed", "error": error, "pieces": ()}
    failing = CassetteAssistant(Cassette.model_validate(data), SOUNDS)
    with pytest.raises(AssistantError, match="Too many tokens") as failed:
        pieces_of(failing, Prompt(is_greeting=True))
    assert failed.value.code == "rate_limit_exceeded"


def test_in_a_session_the_sound_begins_when_it_did_however_long_recognition_takes() -> None:
    """The wait counts from the response's creation: a slow recogniser does not add to it."""
    started_s = []
    for recognition_s in (0.02, 0.3):
        assistant = CassetteAssistant(orders(), SOUNDS)
        call = SessionDriver(assistant=assistant)
        call.send("conversation.item.create", item=_typed("four rolls for Thursday"))
        call.holds_recognition = True
        call.say(then_silence_s=0.6)
        created = call.wait_for("response.created")
        created_s = call.times_s[call.events.index(created)]
        call.wait(recognition_s)
        call.settle_recognition("what do they cost")
        started = call.wait_for("output_audio_buffer.started")
        started_s.append(call.times_s[call.events.index(started)] - created_s)
    assert started_s == pytest.approx([0.5, 0.5], abs=0.021)


@pytest.mark.parametrize("held_up_s", [0.0, 0.06, 0.2])
def test_in_a_session_that_notices_late_the_sound_begins_when_it_did(held_up_s: float) -> None:
    """A busy machine hears of the last of a turn late, all at once: the answer is not late."""
    began_s = []
    for late_s in (0.0, held_up_s):
        assistant = CassetteAssistant(orders(), SOUNDS)
        call = SessionDriver(assistant=assistant, words=["what do they cost"])
        call.send("conversation.item.create", item=_typed("four rolls for Thursday"))
        call.say(then_silence_s=0.44)
        for _ in range(round(late_s / FRAME_S)):
            call.play()
        for _ in range(round(late_s / FRAME_S)):
            call.session.receive_audio(silence(FRAME_S), call.now_s)
            call.drain()
        call.wait_for("output_audio_buffer.started")
        played = np.concatenate(call.played)
        began_s.append(float(np.flatnonzero(played)[0]) / 24_000)
    assert began_s[1] == pytest.approx(began_s[0], abs=0.001)


@pytest.mark.parametrize("later_s", [0.0, 0.007, 0.013])
def test_in_a_session_the_sound_begins_to_the_sample_whatever_the_frames(later_s: float) -> None:
    data = orders().model_dump(mode="json")
    data["turns"][1]["then"][1]["pieces"][0]["at_s"] = 0.4 + later_s
    assistant = CassetteAssistant(Cassette.model_validate(data), SOUNDS)
    call = SessionDriver(assistant=assistant, settings={"tools": [BOOK]})
    call.send("conversation.item.create", item=_typed("I would like four rolls for Thursday."))
    call.send("response.create")
    called = call.wait_for("response.function_call_arguments.done")
    output = {"call_id": called["call_id"], "output": '{"number": 17, "ok": true}'}
    call.send("conversation.item.create", item={"type": "function_call_output", **output})
    call.send("response.create")
    frames = len(call.played)
    call.wait_for("output_audio_buffer.started")
    played = np.concatenate(call.played[frames:])
    # The first of those is played 20 ms after the response was created.
    began_s = float(np.flatnonzero(played)[0]) / 24_000 + FRAME_S
    assert began_s == pytest.approx(0.4 + later_s, abs=0.001)


def test_in_a_session_other_words_fail_the_response_with_the_difference() -> None:
    call = SessionDriver(assistant=CassetteAssistant(orders(), SOUNDS))
    call.send("conversation.item.create", item=_typed("five rolls for Thursday, please"))
    call.send("response.create")
    response = call.wait_for("response.done")["response"]
    error = response["status_details"]["error"]
    assert (response["status"], error["code"]) == ("failed", MISMATCH)
    assert "“five” here" in error["message"]


def test_in_a_session_a_tool_is_called_and_its_result_answered() -> None:
    assistant = CassetteAssistant(orders(), SOUNDS, delays="none")
    call = SessionDriver(assistant=assistant, settings={"tools": [BOOK]})
    call.send("conversation.item.create", item=_typed("I would like four rolls for Thursday."))
    call.send("response.create")
    called = call.wait_for("response.function_call_arguments.done")
    assert called["arguments"] == '{"rolls": 4}'
    output = {"call_id": called["call_id"], "output": '{"number": 17, "ok": true}'}
    call.send("conversation.item.create", item={"type": "function_call_output", **output})
    call.send("response.create")
    spoken = call.wait_for("response.output_audio_transcript.done")
    assert spoken["transcript"] == "Four rolls, number 17."


def _typed(text: str) -> dict[str, object]:
    return {
        "type": "message",
        "role": "user",
        "content": [{"type": "input_text", "text": text}],
    }
