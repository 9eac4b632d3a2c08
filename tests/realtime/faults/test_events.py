"""Events late, doubled, reordered, missing, oversized, malformed, and held up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.realtime.faults.events import EventFaults, as_text
from harness.realtime.faults.parse import read_faults
from harness.realtime.faults.triggers import Applied, Scope

TRANSCRIPTION = "conversation.item.input_audio_transcription"


def event(kind: str, number: int | str = 0, **more: Any) -> dict[str, Any]:
    return {"type": kind, "event_id": f"event_{number}", **more}


def numbers(texts: list[str]) -> list[int]:
    return [int(json.loads(text)["event_id"].removeprefix("event_")) for text in texts]


class Wire:
    """Offers numbered events one a second, and keeps what is sent, and when."""

    def __init__(self, *faults: str, scope: Scope | None = None, most_bytes: int = 10**7) -> None:
        self.applied: list[Applied] = []
        self.machine = EventFaults(self.applied.append, most_bytes)
        self.machine.arm(read_faults(list(faults)), scope or Scope())
        self.sent: list[str] = []

    def offer(self, *events: dict[str, Any], now_s: float = 0.0) -> list[str]:
        for one in events:
            self.machine.offer(one, now_s)
        return self.machine.take_due(now_s)


def test_without_faults_events_pass_unchanged_and_at_once() -> None:
    wire = Wire()
    events = [event("response.created", n) for n in range(5)]
    assert wire.offer(*events) == [as_text(one) for one in events]
    assert wire.machine.next_s() is None


def test_late_events_do_not_hold_up_the_others() -> None:
    wire = Wire("event_late; events=response.done; delay_s=2")
    assert numbers(wire.offer(event("response.done", 1), event("rate_limits.updated", 2))) == [2]
    assert wire.machine.next_s() == 2.0
    assert wire.machine.take_due(1.9) == []
    assert numbers(wire.machine.take_due(2.0)) == [1]
    assert wire.applied == [Applied("event_late", "response.done is 2 s late", 0.0)]


def test_doubled_missing_and_reordered() -> None:
    assert numbers(Wire("event_doubled").offer(event("a", 1))) == [1, 1]
    assert numbers(Wire("event_missing; events=a").offer(event("a", 1), event("b", 2))) == [2]
    swapped = Wire("event_reordered; events=a; times=1")
    assert numbers(swapped.offer(*(event("a", n) for n in range(4)))) == [1, 0, 2, 3]
    later = Wire("event_reordered; events=a; by=2")
    assert numbers(later.offer(event("a", 0), *(event("b", n) for n in range(1, 4)))) == [
        1,
        2,
        0,
        3,
    ]


def test_one_that_waits_for_later_events_does_not_wait_for_ever() -> None:
    wire = Wire("event_reordered; events=a")
    assert wire.offer(event("a", 1)) == []
    assert wire.machine.next_s() == 1.0
    assert numbers(wire.machine.take_due(1.0)) == [1]


def test_skip_times_and_chance_pick_the_same_events_for_one_seed() -> None:
    some = Wire("event_missing; skip=2; times=3")
    assert numbers(some.offer(*(event("a", n) for n in range(8)))) == [0, 1, 5, 6, 7]
    picked = [
        numbers(Wire(f"event_missing; probability=0.5; seed={seed}").offer(
            *(event("a", n) for n in range(200))
        ))
        for seed in (1, 1, 2)
    ]  # fmt: skip
    assert picked[0] == picked[1] != picked[2]
    assert 60 < len(picked[0]) < 140


def test_an_oversized_event_is_still_that_event() -> None:
    (text,) = Wire("event_oversized; bytes=50000").offer(event("a", 1))
    assert len(text) == 50_000
    assert json.loads(text)["event_id"] == "event_1"
    (text,) = Wire("event_oversized; bytes=50000", most_bytes=2_000).offer(event("a", 1))
    assert len(text) == 2_000


@pytest.mark.parametrize("how", ["cut", "not_json", "not_an_object", "no_type", "wrong_types"])
def test_a_malformed_event_is_none(how: str) -> None:
    made = event("response.done", 1, response={"id": "resp_A"})
    (text,) = Wire(f"event_malformed; how={how}").offer(made)
    try:
        parsed = json.loads(text)
    except ValueError:
        assert how in ("cut", "not_json")
        return
    good = isinstance(parsed, dict) and "type" in parsed and isinstance(parsed["response"], dict)
    assert not good


def test_a_stall_keeps_everything_in_order() -> None:
    wire = Wire("event_late; events=a; delay_s=1")
    wire.machine.stall()
    assert wire.offer(event("a", 1), event("b", 2)) == []
    assert wire.machine.take_due(1.0) == []
    assert wire.machine.go_on() == 2
    assert numbers(wire.offer(event("c", 3), now_s=2.0)) == [2, 1, 3]
    assert wire.machine.go_on() == 0


def test_a_failed_transcription_comes_instead_of_the_words() -> None:
    wire = Wire("transcription_failed; times=1")
    sent = wire.offer(
        event(f"{TRANSCRIPTION}.delta", 1, item_id="item_A", delta="hello"),
        event(f"{TRANSCRIPTION}.completed", 2, item_id="item_A", transcript="hello"),
    )
    (failed,) = map(json.loads, sent)
    assert failed["type"] == f"{TRANSCRIPTION}.failed"
    assert failed["item_id"] == "item_A"
    assert "hello" not in sent[0]


def test_an_empty_or_late_transcript() -> None:
    completed = event(f"{TRANSCRIPTION}.completed", 2, item_id="item_A", transcript="hello")
    (empty,) = map(json.loads, Wire("transcription_empty").offer(completed))
    assert empty == {**completed, "transcript": ""}
    late = Wire("transcription_late; delay_s=3")
    assert late.offer(completed) == []
    assert late.machine.next_s() == 3.0


def test_a_fault_of_one_answer_leaves_the_others_alone() -> None:
    wire = Wire("event_missing; events=response.done", scope=Scope("resp_B"))
    done = [event("response.done", n, response={"id": f"resp_{n}"}) for n in "AB"]
    assert [json.loads(text)["response"]["id"] for text in wire.offer(*done)] == ["resp_A"]


def test_a_fault_of_one_answer_ends_where_the_next_begins() -> None:
    wire = Wire("event_missing", scope=Scope("resp_A"))
    assert wire.offer(event("rate_limits.updated", 1)) == []
    begun = event("response.created", 2, response={"id": "resp_B"})
    assert numbers(wire.offer(begun, event("rate_limits.updated", 3))) == [2, 3]
