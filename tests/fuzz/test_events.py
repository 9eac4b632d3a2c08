"""Any text as an event: an answer of the protocol every time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.fuzzing import EVENT_TEXT, SETTINGS, check_text
from tests.support.session_driver import SessionDriver


@SETTINGS
@given(st.lists(EVENT_TEXT, min_size=1, max_size=6), st.sampled_from(["webrtc", "websocket"]))
def test_a_session_answers_whatever_comes(texts: list[str], transport: str) -> None:
    call = SessionDriver([{"say": "Yes."}], transport=transport)
    for text in texts:
        call.send_text(text)
        call.wait(0.04)
    for event in call.events:
        assert isinstance(event["type"], str)
        assert isinstance(event["event_id"], str)
        if event["type"] == "error":
            assert set(event["error"]) == {"type", "code", "message", "param", "event_id"}
            check_text(event["error"]["message"], str(texts))


@SETTINGS
@given(EVENT_TEXT)
def test_the_session_goes_on_after_it(text: str) -> None:
    call = SessionDriver()
    call.send_text(text)
    call.send("session.update", session={"type": "realtime", "instructions": "Still here."})
    call.wait_for("session.updated", within_s=1)
