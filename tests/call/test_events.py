"""Call events are matched by globs on their type, or by the class of their fact."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from harness.call.events import KEPT, CallEvent, ProtocolEvent, call_events, matching
from harness.errors import UsageError
from harness.facts.answers import AnswerJudged
from harness.facts.call import MicrophoneMuted
from harness.facts.catalogue import CATALOGUE
from harness.facts.fact import Unknown
from harness.facts.steps import Note
from harness.realtime.client.events import Opened

DONE = CallEvent(1.0, "wire", "response.done", {"response": {}}, "received")
MUTED = CallEvent(2.0, "harness", "microphone.mute", {"muted": True})
ODD = CallEvent(3.0, "page", "hologram.started", {"depth_m": 2})


def test_a_pattern_is_a_glob_on_the_type() -> None:
    assert DONE.matches("response.*")
    assert DONE.matches("*")
    assert not DONE.matches("session.*")
    assert str(DONE) == "←response.done"


def test_an_event_is_a_fact_with_its_time() -> None:
    assert MUTED.fact == MicrophoneMuted(True)
    assert DONE.fact == ProtocolEvent("response.done", "received", {"response": {}})
    assert ODD.fact == Unknown("page", "hologram.started", {"depth_m": 2})


def test_events_are_asked_for_by_type_or_by_class() -> None:
    events = [DONE, MUTED, ODD]
    assert [e for e in events if matching("*.started")(e)] == [ODD]
    assert [e for e in events if matching(MicrophoneMuted)(e)] == [MUTED]
    assert [e for e in events if matching(ProtocolEvent)(e)] == [DONE]
    assert [e for e in events if matching(Unknown)(e)] == [ODD]


def test_an_event_whose_data_are_not_of_its_class_is_none_of_it() -> None:
    assert not matching(Note)(CallEvent(1.0, "harness", "note", {"words": "x"}))
    assert not matching(AnswerJudged)(CallEvent(1.0, "wire", "answer.judged", {}))


def test_a_class_that_no_event_has_is_refused() -> None:
    with pytest.raises(UsageError, match=r"realtime\.client\.events\.Opened"):
        matching(Opened)


def test_of_a_call_of_hours_what_matters_stays_and_of_what_comes_all_the_time_the_latest() -> None:
    stream = call_events()
    for second in range(8 * 3600):
        stream.push(CallEvent(second, "page", "stats", {"report": []}))
        stream.push(CallEvent(second, "wire", "response.output_text.delta", {}, "received"))
        if second % 100 == 0:
            stream.push(CallEvent(second, "dialogue", "user.committed", {}))
    kept = stream.snapshot()
    counts = Counter(event.type for event in kept)
    assert counts["user.committed"] == 288
    assert KEPT["statistics"] <= counts["stats"] <= 2 * KEPT["statistics"]
    assert KEPT["details"] <= counts["response.output_text.delta"] <= 2 * KEPT["details"]
    assert stream.cause is None, "no call ends because it lasts"


FROM_PAGE = sorted(
    (source, kind) for source, kind in CATALOGUE if source == "page" or kind.startswith("page.")
)


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param([("page", "playback.changed")], id="a volume that is turned all the time"),
        pytest.param([("page", "microphone.enabled")], id="a track that is switched all the time"),
        pytest.param([("dialogue", "user.transcript")], id="words in fragments"),
        pytest.param([("page", "hologram.started")], id="what nobody knows yet"),
        pytest.param(FROM_PAGE, id="all that a page can do"),
    ],
)
def test_nothing_that_a_page_does_often_ends_its_call(kinds: list[tuple[Any, str]]) -> None:
    stream = call_events()
    stream.push(CallEvent(0.0, "dialogue", "session.ready", {}))
    for number in range(stream.capacity + 1):
        stream.push(CallEvent(number, *kinds[number % len(kinds)], {}))
    assert stream.cause is None
    kept = stream.snapshot()
    assert kept[0].type == "session.ready", "what happens once stays"
    assert len(kept) <= 2 * sum(KEPT.values()) + 1
    assert kept[-1].t_s == stream.capacity
