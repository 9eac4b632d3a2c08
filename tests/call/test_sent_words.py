"""The user's words as they were sent, and what the page kept to itself."""

from __future__ import annotations

from typing import Any, cast

from harness.call.events import CallEvent
from harness.call.sent_words import SentWords, sent_words
from harness.speech.spans import Span


class Sounds:
    """Remembers where it was asked to listen."""

    def __init__(self) -> None:
        self.asked: list[Span] = []

    def sent_words(self, span: Span) -> str:
        self.asked.append(span)
        return "go forward"


def not_sent(start_s: float, end_s: float) -> CallEvent:
    data = {"start_s": start_s, "end_s": end_s, "reason": "the page muted its track"}
    return CallEvent(start_s, "harness", "said.not_sent", data)


def test_it_is_listened_a_little_around_what_was_said() -> None:
    sounds = Sounds()
    events = [not_sent(0.0, 0.5), not_sent(3.0, 4.0)]
    assert sent_words(cast("Any", sounds), Span(1.0, 3.0), events) == SentWords("go forward")
    [asked] = sounds.asked
    assert asked.start_s < 1.0
    assert asked.end_s > 3.0


def test_what_the_page_did_not_send_of_it_is_said() -> None:
    sent = sent_words(cast("Any", Sounds()), Span(0.1, 3.0), [not_sent(2.0, 4.0)])
    assert sent.unsent == "from 2.000 s to 4.000 s: the page muted its track"
