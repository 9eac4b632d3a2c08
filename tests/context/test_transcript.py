"""What of a call is kept, when, and in which order."""

from __future__ import annotations

from typing import Any

from harness.context.thread_items import text_of_row
from harness.context.transcript import PATIENCE_S, CallTranscript, Forget, Keep, Kept
from tests.support.contexts import (
    NOW,
    added,
    answered,
    context,
    done,
    session,
    spoken,
    truncated,
    understood,
    written,
)


def transcript(*events: dict[str, Any], **fields: Any) -> tuple[CallTranscript, list[Kept]]:
    one = CallTranscript(context(), **fields)
    return one, [kept for event in events for kept in one.on_server_event(event, 1.0, NOW)]


def texts(kept: list[Kept]) -> list[str]:
    return [text_of_row(one.row) if isinstance(one, Keep) else "(gone)" for one in kept]


TURN = (added(spoken("u1")), added(answered("a1", "", "in_progress"), "u1"))
ANSWER = done(answered("a1", "We are open from nine to five."), "u1")


def test_an_answer_waits_for_the_words_it_answers() -> None:
    one, kept = transcript(session(), *TURN, ANSWER)
    assert kept == []
    kept = one.on_server_event(understood("u1", "When are you open?"), 2.0, NOW)
    assert texts(kept) == ["When are you open?", "We are open from nine to five."]
    assert one.end(9.0, NOW) == []


def test_it_does_not_wait_for_ever_nor_for_words_that_nobody_writes_down() -> None:
    one, _ = transcript(session(), *TURN, ANSWER)
    other = added(spoken("u2"), "a1")
    assert texts(one.on_server_event(other, 1.0 + PATIENCE_S, NOW)) == [
        "We are open from nine to five."
    ]
    late = one.on_server_event(understood("u1", "When?"), 20.0, NOW)
    assert texts(late) == ["When?"]
    silent = session(audio={"input": {"transcription": None}})
    _, kept = transcript(silent, *TURN, ANSWER)
    assert texts(kept) == ["We are open from nine to five."]


def test_an_answer_that_is_cut_is_kept_as_far_as_it_was_heard() -> None:
    one, kept = transcript(added(written("u1", "Hours?")), *TURN[1:], ANSWER)
    assert texts(kept) == ["Hours?", "We are open from nine to five."]
    (cut,) = one.on_server_event(truncated("a1", 1000), 3.0, NOW + 9)
    assert isinstance(cut, Keep)
    assert isinstance(kept[1], Keep)
    assert text_of_row(cut.row) == "We are open"
    assert (cut.row["id"], cut.row["created_at"]) == (
        kept[1].row["id"],
        kept[1].row["created_at"],
    )
    (gone,) = one.on_server_event(truncated("a1", 0), 3.0, NOW)
    assert gone == Forget(kept[1].row["id"])


def test_what_comes_from_the_thread_is_not_kept_again() -> None:
    old = [added(written("msg_1", "Old.")), added(answered("msg_2", "Too."), "msg_1")]
    one, kept = transcript(*old, there=["msg_1", "msg_2"])
    assert kept == []
    one.is_there("msg_3")
    assert one.on_server_event(added(written("msg_3", "Typed."), "msg_2"), 1.0, NOW) == []


def test_a_conversation_that_is_put_back_after_a_loss_is_not_kept_twice() -> None:
    one, first = transcript(added(written("u1", "Hours?")), *TURN[1:], ANSWER)
    assert one.lost(4.0, NOW) == []
    again = [
        added(written("u1", "Hours?")),
        added(answered("a1", "We are open from nine to five."), "u1"),
        added(written("u2", "Thanks."), "a1"),
    ]
    kept = [k for event in again for k in one.on_server_event(event, 9.0, NOW + 9)]
    assert texts(kept) == ["Thanks."]
    assert len(first) == 2


def test_a_tool_is_kept_with_its_result() -> None:
    call = {
        "id": "f1",
        "type": "function_call",
        "status": "completed",
        "call_id": "c1",
        "name": "book",
        "arguments": "{}",
    }
    output = {"id": "o1", "type": "function_call_output", "call_id": "c1", "output": "ok"}
    one, kept = transcript(added(call))
    assert kept == []
    (row,) = one.on_server_event(added(output, "f1"), 2.0, NOW)
    assert isinstance(row, Keep)
    assert (row.row["type"], row.row["output"]) == ("client_tool_call", "ok")


def test_what_is_said_before_a_binding_is_not_its_own() -> None:
    one, _ = transcript(added(written("u1", "Before.")))
    one.skip_so_far()
    kept = one.on_server_event(added(written("u2", "After."), "u1"), 2.0, NOW)
    assert texts(kept) == ["After."]


def test_nonsense_of_the_server_is_let_pass() -> None:
    _, kept = transcript({"type": "no.such"}, {"type": "conversation.item.added"})
    assert kept == []
