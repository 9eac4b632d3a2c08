"""The client's half of the reference's conformance checklist (section 18), one test a row."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.client.microphone import Microphone
from harness.facts.dialogue import Problem
from harness.realtime.dialogue import Dialogue
from harness.realtime.turn_detection import SEMANTIC_MAX_SILENCE_MS
from tests.support.client_driver import (
    ClientDriver,
    JoinedDriver,
    spoken_message,
    user_message,
)
from tests.support.session_driver import SessionDriver

TRANSCRIPTION = "conversation.item.input_audio_transcription"
LONG = "One two three four five six seven eight. Nine ten eleven twelve thirteen fourteen."


def is_over(call: ClientDriver) -> bool:
    return call.session.snapshot().is_turn_over


@pytest.mark.parametrize("end", ["stopped", "cleared"])
def test_row_1_a_turn_is_over_when_it_is_done_and_was_played(end: str) -> None:
    call = ClientDriver().open()
    call.answer()
    call.receive("output_audio_buffer.started", response_id="resp_1")
    call.done()
    assert not is_over(call)
    call.receive(f"output_audio_buffer.{end}", response_id="resp_1")
    assert is_over(call)
    call.answer("resp_2")
    call.done("resp_2")
    call.wait(1.0)
    assert is_over(call), "where nothing was played, nothing is waited for"


def test_row_2_what_may_be_missing_is_not_required() -> None:
    """A whole conversation with every optional event and field taken out of it."""
    server = SessionDriver([{"say": LONG}], words=["hello"] * 2)
    bare = Bare(server)
    bare.connect()
    bare.run(1.0, speak=True)
    bare.run_until_over()
    bare.do(bare.session.respond)
    bare.run_until_over()
    assert bare.errors() == []
    assert [data["text"] for data in bare.news("answer_over")] == [LONG, LONG]
    assert len(bare.item_ids()) == 3


class Bare(JoinedDriver):
    """Joined to a server, but for what the service leaves out now and then."""

    def exchange(self) -> None:
        for event in self.server.events[self._passed :]:
            event.pop("obfuscation", None)
            if event["type"] == "conversation.item.done":
                event["previous_item_id"] = None
        kept = [e for e in self.server.events if e["type"] != "rate_limits.updated"]
        self.server.events[:] = kept
        super().exchange()


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_row_3_transcripts_come_in_any_order_and_find_their_item(place: int) -> None:
    call = ClientDriver().open()
    for item_id in ("u1", "u2"):
        item = {**user_message(item_id), "content": [{"type": "input_audio", "transcript": None}]}
        call.add(item, "u1" if item_id == "u2" else None)
    steps: list[Any] = [
        call.answer,
        lambda: call.add(spoken_message("a", "Yes."), "u2"),
        lambda: call.done("resp_1", spoken_message("a", "Yes.")),
    ]
    for at, step in enumerate([*steps, None]):
        if at == place:
            for item_id in ("u2", "u1"):
                where = {"item_id": item_id, "content_index": 0}
                call.receive(f"{TRANSCRIPTION}.completed", **where, transcript=f"said {item_id}")
        if step is not None:
            step()
    assert call.session.snapshot().texts == {"u1": "said u1", "u2": "said u2", "a": "Yes."}
    assert call.errors() == []


@pytest.mark.parametrize(
    "code", ["response_cancel_not_active", "conversation_already_has_active_response"]
)
def test_row_4_races_are_told_as_races(code: str) -> None:
    call = ClientDriver().open()
    facts = {"type": "invalid_request_error", "message": code, "param": None, "event_id": None}
    call.receive("error", error={**facts, "code": code})
    call.receive("error", error={**facts, "code": "unknown_parameter"})
    assert [data["is_race"] for data in call.news("error")] == [True, False]
    assert call.session.snapshot().state == "open"


def test_row_4_an_answer_that_began_by_itself_costs_no_request() -> None:
    """The request that lost is asked again, and nobody is told of a failure."""
    call = ClientDriver().open()
    call.do(call.session.respond)
    call.answer()
    call.refuse(
        call.last("response.create")["event_id"], "conversation_already_has_active_response"
    )
    call.done()
    call.wait(1.0)
    assert call.count("response.create") == 2
    call.answer("resp_2")
    call.done("resp_2")
    assert is_over(call)


@pytest.mark.parametrize(
    ("status", "details", "reason"),
    [
        ("completed", None, None),
        ("cancelled", {"type": "cancelled", "reason": "turn_detected"}, "turn_detected"),
        ("incomplete", {"type": "incomplete", "reason": "max_output_tokens"}, "max_output_tokens"),
        ("failed", {"type": "failed", "error": {"code": "server_error", "message": "x"}}, "x"),
    ],
)
def test_row_5_every_end_is_told_as_what_it_is(status: str, details: Any, reason: Any) -> None:
    call = ClientDriver().open()
    call.answer()
    call.done(status=status, status_details=details)
    (over,) = call.news("answer_over")
    assert over["status"] == status
    assert reason is None or reason in (over["reason"] or "")
    assert is_over(call)


async def test_row_6_silence_follows_whatever_is_said() -> None:
    """For as long as the connection pulls: more than any turn detection waits for."""
    microphone = Microphone(lambda _: None, lambda: True)
    clip = AudioClip(np.full(960, 0.5, np.float32), CALL_RATE_HZ)
    said = asyncio.create_task(microphone.play(clip))
    await asyncio.sleep(0)
    assert microphone.pull(960).any()
    await said
    longest_s = max(SEMANTIC_MAX_SILENCE_MS.values()) / 1000
    after = [microphone.pull(960) for _ in range(round(longest_s / 0.02) + 1)]
    assert not np.concatenate(after).any()


def test_row_7_every_error_is_told_to_programs_and_to_the_record() -> None:
    error = {"type": "invalid_request_error", "code": "unknown_parameter", "param": "session.foo"}
    event = {"type": "error", "event_id": "event_1", "error": {**error, "message": "Unknown."}}
    call = ClientDriver().open()
    call.session.receive_event(event, 1.0)
    call.drain()
    (told,) = call.news("error")
    assert (told["code"], told["param"], told["is_race"]) == (
        "unknown_parameter",
        "session.foo",
        False,
    )
    (recorded,) = Dialogue().on_message("received", json.dumps(event))
    assert recorded == Problem("unknown_parameter", "Unknown.")
