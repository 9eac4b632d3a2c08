"""What is judged by ear, and what is refused, of a page that tells little."""

from __future__ import annotations

import pytest

from harness.call.sent_words import SentWords
from harness.protocols.by_ear import ByEar
from harness.protocols.livekit import LiveKitProtocol
from harness.protocols.realtime import RealtimeProtocol
from harness.scenario.by_ear import AS_SENT, judge_sent_words, no_events, no_tools


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


def test_what_a_protocol_tells_is_not_refused() -> None:
    assert no_tools(RealtimeProtocol()) is None
    assert no_events(RealtimeProtocol()) is None
    assert no_events(LiveKitProtocol()) is None


def test_what_none_tells_is_refused_with_the_reason() -> None:
    assert "LiveKit tells no tool calls" in (no_tools(LiveKitProtocol()) or "")
    assert "by ear alone" in (no_tools(ByEar()) or "")
    assert "module:name" in (no_events(ByEar()) or "")
