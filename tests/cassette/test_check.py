"""What makes a cassette stale."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harness.cassette.check import EventLine, check_events, check_head, order_of, verdict_of
from harness.cassette.model import Head

TODAY = date(2026, 11, 29)


def head(**more: Any) -> Head:
    return Head.model_validate({"harness_cassette": 1, **more})


def test_a_model_that_ends_is_noted_and_one_that_has_ended_makes_it_stale() -> None:
    session = {"model": "gpt-realtime", "audio": {"input": {"transcription": {"model": "x"}}}}
    (announced,) = check_head(head(session=session), "cassette.yaml", TODAY)
    assert (announced.level, announced.place) == ("note", "cassette.yaml")
    assert "20 January 2027" in announced.message
    (ended,) = check_head(head(session=session), "cassette.yaml", date(2027, 1, 21))
    assert ended.level == "stale"
    assert check_head(head(session={"model": "gpt-realtime-2.1"}), "", TODAY) == []


def test_what_the_recording_lacks_is_told_again() -> None:
    (note,) = check_head(head(notes=["2 messages were too long."]), "", TODAY)
    assert (note.level, note.message) == ("note", "2 messages were too long.")


def test_a_type_that_nobody_knows_is_kept_and_told_once() -> None:
    lines = [EventLine(n, "server", {"type": "response.sung"}) for n in (3, 4)]
    (found,) = check_events(lines, "events.jsonl")
    assert (found.level, found.place) == ("note", "events.jsonl:3")
    assert "“response.sung” from the server" in found.message
    assert "2 times" in found.message


@pytest.mark.parametrize(
    ("sender", "event", "said"),
    [
        ("server", {"type": "response.output_text.delta", "delta": 3}, "openai package"),
        ("server", {"type": "session.created", "event_id": "e"}, "session"),
        ("client", {"type": "session.update", "session": {"no_such": 1}}, "session"),
        ("client", {"type": "conversation.item.create"}, "item"),
    ],
)
def test_an_event_that_the_contract_refuses_makes_it_stale(
    sender: Any, event: dict[str, Any], said: str
) -> None:
    found = check_events([EventLine(7, sender, event)], "events.jsonl")
    assert {one.level for one in found} == {"stale"}
    assert said in " ".join(one.message for one in found)


def test_sound_that_was_taken_out_is_no_mistake() -> None:
    line = EventLine(1, "client", {"type": "input_audio_buffer.append", "audio": ""}, True)
    assert check_events([line], "") == []


def test_the_worst_finding_decides() -> None:
    assert verdict_of([]) == "current"
    stale = check_events([EventLine(1, "client", {"type": "session.update"})], "")
    assert verdict_of(stale) == "stale"


def test_the_order_of_events_takes_a_run_of_deltas_for_one() -> None:
    kinds = ["response.created", *["response.output_text.delta"] * 3, "response.done"]
    lines = [EventLine(n, "server", {"type": kind}) for n, kind in enumerate(kinds)]
    asked = EventLine(9, "client", {"type": "response.create"})
    assert order_of([*lines, asked]) == [
        "response.created",
        "response.output_text.delta",
        "response.done",
    ]
