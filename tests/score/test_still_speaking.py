"""Who is being heard at the end of what was told."""

from __future__ import annotations

from harness.call.events import CallEvent
from harness.score.still_speaking import speaking_since


def voice(kind: str, t_s: float, **data: str) -> CallEvent:
    return CallEvent(t_s, "harness", f"heard.voice_{kind}", data)


def test_a_voice_that_has_not_stopped_is_heard_since_it_began() -> None:
    started = voice("started", 1.5, answer_id="a")
    assert speaking_since([started]) == (1.5, "a")
    assert speaking_since([started, CallEvent(2.0, "harness", "microphone.clip")]) == (1.5, "a")


def test_nobody_is_heard_after_a_stop_and_before_the_first_word() -> None:
    assert speaking_since([]) is None
    assert speaking_since([voice("started", 1.5), voice("stopped", 2.0)]) is None


def test_the_last_voice_counts() -> None:
    told = [voice("started", 1.0), voice("stopped", 2.0), voice("started", 3.0, answer_id="b")]
    assert speaking_since(told) == (3.0, "b")
