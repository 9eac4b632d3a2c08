"""What is judged by ear, and what is refused, of a page that tells little."""

from __future__ import annotations

import json

import pytest

from harness.call.sent_words import SentWords
from harness.protocols.by_ear import ByEar
from harness.protocols.interface import Channel, Message
from harness.protocols.livekit import LiveKitProtocol
from harness.protocols.realtime import RealtimeProtocol
from harness.protocols.rtvi import RtviProtocol
from harness.scenario.by_ear import (
    AS_SENT,
    judge_sent_words,
    no_events,
    no_tools,
    tells_user_words,
)


def test_words_that_were_sent_hold_and_it_is_said_who_heard_them() -> None:
    judged = judge_sent_words(["ten"], SentWords("go forward ten meters"))
    assert judged.passed
    assert judged.evidence == f"heard: “go forward ten meters” ({AS_SENT})"


@pytest.mark.parametrize(
    ("sent", "evidence"),
    [
        (SentWords("go forward"), "missing “ten”"),
        (SentWords(""), "heard: “”"),
        (None, "nothing yet"),
        (SentWords("ten", "from 1.000 s to 2.000 s: muted"), "did not send all of it, from 1.000"),
    ],
)
def test_words_that_were_not_do_not(sent: SentWords | None, evidence: str) -> None:
    judged = judge_sent_words(["ten"], sent)
    assert judged.outcome == "failed"
    assert evidence in judged.evidence


def test_a_room_whose_agent_tells_no_transcripts_is_judged_by_ear() -> None:
    assert not tells_user_words(LiveKitProtocol(), {})
    assert tells_user_words(LiveKitProtocol(), {"SG_u1": "A table for two."})
    assert tells_user_words(RtviProtocol(), {}), "it tells them in every call: none came"
    assert not tells_user_words(ByEar(), {})


def test_a_session_that_asks_for_no_transcription_is_judged_by_ear() -> None:
    protocol = RealtimeProtocol()
    assert tells_user_words(protocol, {})
    session = {"audio": {"input": {"transcription": None}}}
    created = json.dumps({"type": "session.created", "session": session})
    protocol.read(Message(Channel("oai-events"), "received", created))
    assert not tells_user_words(protocol, {})
    assert tells_user_words(protocol, {"item_1": "A table for two."})


def test_what_a_protocol_tells_is_not_refused() -> None:
    assert no_tools(RealtimeProtocol()) is None
    assert no_events(RealtimeProtocol()) is None
    assert no_events(LiveKitProtocol()) is None


def test_what_none_tells_is_refused_with_the_reason() -> None:
    assert "LiveKit tells no tool calls" in (no_tools(LiveKitProtocol()) or "")
    assert "by ear alone" in (no_tools(ByEar()) or "")
    assert "module:name" in (no_events(ByEar()) or "")
