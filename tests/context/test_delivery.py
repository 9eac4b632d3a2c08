"""Late results are put in when neither side speaks: whatever is said, each once, in order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.context.delivery import ANSWER_BEGINS_WITHIN_S, QUIET_S, Delivery, LateResult


def result(job: str = "job_1", tool: str = "research") -> LateResult:
    return LateResult(job, f"fc_{job}", f"fco_{job}", tool, "{}", "It rains.")


def response(kind: str, response_id: str = "r1") -> dict[str, Any]:
    return {"type": f"response.{kind}", "response": {"id": response_id}}


def played(kind: str, response_id: str = "r1") -> dict[str, Any]:
    return {"type": f"output_audio_buffer.{kind}", "response_id": response_id}


STARTED = {"type": "input_audio_buffer.speech_started"}
STOPPED = {"type": "input_audio_buffer.speech_stopped"}


def test_in_silence_it_is_due_at_once() -> None:
    delivery = Delivery(0.0)
    delivery.add(result())
    assert delivery.due(5.0) == [result()]
    assert delivery.due(5.0) == []
    assert delivery.wake_at_s() is None


def test_nobody_is_interrupted() -> None:
    delivery = Delivery(0.0)
    delivery.add(result())
    delivery.on_server_event(STARTED, 1.0)
    assert (delivery.due(9.0), delivery.wake_at_s()) == ([], None)
    delivery.on_server_event(STOPPED, 10.0)
    assert delivery.wake_at_s() == 10.0 + QUIET_S
    delivery.on_server_event(response("created"), 10.2)
    delivery.on_server_event(played("started"), 10.4)
    delivery.on_server_event(response("done"), 10.8)
    assert delivery.due(20.0) == []
    delivery.on_server_event(played("stopped"), 21.0)
    assert delivery.due(21.0 + QUIET_S - 0.01) == []
    assert delivery.due(21.0 + QUIET_S) == [result()]


def test_sound_that_came_as_events_is_played_first() -> None:
    delivery = Delivery(0.0)
    delivery.add(result())
    delivery.on_server_event(response("created"), 1.0)
    second = {"type": "response.output_audio.delta", "delta": "A" * 64_000}  # 48000 bytes
    for _ in range(3):
        delivery.on_server_event(second, 1.1)
    delivery.on_server_event(response("done"), 1.2)
    assert delivery.wake_at_s() == 4.1 + QUIET_S
    delivery.on_server_event({"type": "conversation.item.truncated"}, 2.0)
    assert delivery.wake_at_s() == 2.0 + QUIET_S


def test_the_answer_to_one_is_waited_for_before_the_next() -> None:
    delivery = Delivery(0.0)
    delivery.add(result())
    assert delivery.due(1.0) == [result()]
    delivery.add(result("job_2"))
    assert delivery.due(1.1) == []
    assert delivery.wake_at_s() == 1.0 + ANSWER_BEGINS_WITHIN_S
    delivery.on_server_event(response("created"), 1.2)
    delivery.on_server_event(response("done"), 1.3)
    assert delivery.wake_at_s() == 1.3 + QUIET_S


def test_what_is_not_wanted_any_more_never_comes() -> None:
    delivery = Delivery(0.0)
    delivery.add(result())
    delivery.add(result("job_2"))
    delivery.drop(["job_1"])
    assert delivery.due(5.0) == [result("job_2")]


def test_a_lost_connection_leaves_nobody_speaking() -> None:
    delivery = Delivery(0.0)
    for event in (STARTED, response("created"), played("started")):
        delivery.on_server_event(event, 1.0)
    delivery.lost(2.0)
    delivery.add(result())
    assert delivery.wake_at_s() == 2.0 + QUIET_S


def test_its_items_are_a_call_and_its_output() -> None:
    call, output = result().items()
    assert (call["type"], call["name"], call["arguments"]) == ("function_call", "research", "{}")
    assert (output["type"], output["output"]) == ("function_call_output", "It rains.")
    assert call["call_id"] == output["call_id"]


class Talk:
    """Who speaks, told in another way: by what is open."""

    def __init__(self) -> None:
        self.open: set[str] = set()

    def apply(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        name, _, what = kind.rpartition(".")
        key = str(event.get("response_id") or event.get("response", {}).get("id")) + name
        if what in ("speech_started", "created", "started"):
            self.open.add(key)
        elif what in ("speech_stopped", "done", "stopped", "cleared"):
            self.open.discard(key)


EVENTS = [STARTED, STOPPED] + [
    make(kind, response_id)
    for response_id in ("r1", "r2")
    for make, kind in (
        (response, "created"),
        (response, "done"),
        (played, "started"),
        (played, "stopped"),
        (played, "cleared"),
    )
]


@given(
    st.lists(
        st.tuples(
            st.floats(0, 3, allow_nan=False), st.sampled_from([*EVENTS, "add", "drop", "look"])
        ),
        max_size=60,
    )
)
def test_each_comes_once_in_order_and_never_while_one_speaks(
    steps: list[tuple[float, Any]],
) -> None:
    delivery, talk = Delivery(0.0), Talk()
    now_s, quiet_since_s = 0.0, 0.0
    added: list[str] = []
    given_out: list[str] = []
    dropped: set[str] = set()

    def look() -> None:
        due = [one.job for one in delivery.due(now_s)]
        if due:
            assert not talk.open
            assert now_s - quiet_since_s >= QUIET_S - 1e-9
        given_out.extend(due)

    for after_s, step in steps:
        now_s += after_s
        if step == "add":
            added.append(f"job_{len(added)}")
            delivery.add(result(added[-1]))
        elif step == "drop":
            dropped |= {one.job for one in delivery.waiting}
            delivery.drop(added)
        elif step == "look":
            look()
        else:
            before = set(talk.open)
            talk.apply(step)
            if before and not talk.open:
                quiet_since_s = now_s
            delivery.on_server_event(step, now_s)
    for event in EVENTS:
        if event["type"].rpartition(".")[2] in ("speech_stopped", "done", "stopped"):
            if talk.open:
                quiet_since_s = now_s
            talk.apply(event)
            delivery.on_server_event(event, now_s)
    now_s += ANSWER_BEGINS_WITHIN_S + QUIET_S
    look()
    assert given_out == [job for job in added if job not in dropped]
