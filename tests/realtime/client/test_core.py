from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from harness.realtime.client.core import SessionCore, SessionLimits
from harness.realtime.client.outputs import RequestCompleted, SendEvent
from harness.realtime.ids import Ids
from tests.support.client_driver import ClientDriver, user_message


def open_core() -> SessionCore:
    core = SessionCore(Ids(1), SessionLimits(), 5.0)
    core.state = "open"
    return core


def test_a_clock_that_jumps_back_or_is_none_stands_still() -> None:
    core = open_core()
    for now_s in (4.0, -1.0, math.nan, math.inf, -math.inf, 1e300):
        core.arrive(now_s)
        assert core.now_s == 5.0
    core.arrive(6.0)
    assert core.now_s == 6.0
    assert SessionCore(Ids(1), SessionLimits(), math.nan).now_s == 0.0


def test_a_given_event_id_is_kept() -> None:
    assert open_core().command({"type": "x", "event_id": "mine"}) == "mine"
    assert open_core().command({"type": "x", "event_id": 3}).startswith("event_")


def test_commands_are_held_until_there_is_a_channel() -> None:
    core = SessionCore(Ids(1), SessionLimits(), 0.0)
    core.command({"type": "input_audio_buffer.commit"})
    assert not core.take_outputs()
    core.state = "open"
    core.send_held()
    assert isinstance(core.take_outputs()[0], SendEvent)


def test_outputs_are_handed_out_once() -> None:
    core = open_core()
    core.command({"type": "x"})
    assert core.take_outputs()
    assert not core.take_outputs()


def test_requests_of_a_kind_are_answered_in_turn() -> None:
    core = open_core()
    ids = [core.command({"type": "session.update", "session": {}}) for _ in range(2)]
    for event_id in ids:
        core.take_outputs()
        core.answered_by({"type": "session.updated", "session": {}})
        [answered] = core.take_outputs()
        assert isinstance(answered, RequestCompleted)
        assert answered.event_id == event_id
    core.answered_by({"type": "session.updated", "session": {}})
    assert not core.take_outputs()


def test_requests_about_items_are_answered_by_their_own_items() -> None:
    call = ClientDriver().open()
    created = {name: call.do(call.session.send_text, name) for name in ("one", "two")}
    second = call.sent[-1]["item"]["id"]
    call.add(user_message("somebody_s"))
    call.add(user_message(second), "somebody_s")
    assert created["two"] in call.answers
    assert created["one"] not in call.answers
    ids = [call.do(call.session.delete_item, item_id) for item_id in ("a", "b")]
    call.receive("conversation.item.deleted", item_id="b")
    assert ids[1] in call.answers
    assert ids[0] not in call.answers
    retrieved = call.do(call.session.retrieve_item, second)
    call.receive("conversation.item.retrieved", item=user_message(second))
    assert retrieved in call.answers


def test_an_answer_outside_is_not_taken_for_one_inside() -> None:
    call = ClientDriver().open()
    inside = call.do(call.session.respond)
    outside = call.do(call.session.respond_outside)
    call.answer("resp_out", conversation_id=None)
    assert outside in call.answers
    assert inside not in call.answers


def test_a_cancellation_is_answered_by_the_end_of_its_answer() -> None:
    call = ClientDriver().open()
    call.answer("resp_1")
    call.answer("resp_out", conversation_id=None)
    event_id = call.do(call.session.cancel, "resp_1")
    call.done("resp_out", conversation_id=None)
    assert event_id not in call.answers
    call.done("resp_1", status="cancelled")
    assert event_id in call.answers


def test_an_item_without_an_id_is_not_waited_for() -> None:
    core = open_core()
    core.command({"type": "conversation.item.create", "item": {"type": "message"}})
    core.command({"type": "conversation.item.create"})
    assert core.wake_at_s() is None


def test_a_request_that_nobody_answers_is_overdue() -> None:
    core = open_core()
    event_id = core.command({"type": "input_audio_buffer.commit"})
    assert core.wake_at_s() == 35.0
    core.arrive(34.9)
    assert core.overdue() == []
    core.arrive(35.0)
    assert core.overdue() == [event_id]


@given(st.floats(0, 1e11))
def test_what_a_wake_up_is_asked_for_is_due_then(now_s: float) -> None:
    core = SessionCore(Ids(1), SessionLimits(), now_s)
    core.state = "open"
    event_id = core.command({"type": "input_audio_buffer.commit"})
    core.arrive(core.wake_at_s() or 0.0)
    assert core.overdue() == [event_id]
