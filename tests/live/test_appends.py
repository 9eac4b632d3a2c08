"""Acknowledgements of what a client adds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.live.appends import Appends
from harness.live.state import LiveState
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.outputs import SendEvent


@given(
    texts=st.lists(st.text(max_size=300), min_size=1, max_size=6),
    steps_s=st.lists(st.floats(0.0, 1.0), max_size=12),
)
def test_each_is_answered_once_in_order_and_not_before_its_time(
    texts: list[str], steps_s: list[float]
) -> None:
    """An acknowledgement, or an error where the session closes first."""
    state = LiveState({}, Echo(), Ids(1), "webrtc")
    state.started_s = 0.0
    appends = Appends(state)
    for number, text in enumerate(texts):
        appends.add("session.thinking.appended", text, str(number))
    names: list[str] = []
    for step_s in [*steps_s, None]:
        if step_s is None:
            appends.give_up()
        else:
            state.now_s += step_s
            appends.advance()
        for output in state.take_outputs():
            assert isinstance(output, SendEvent)
            event = output.event
            if event["type"] != "error":
                assert event["end_ms"] <= state.now_ms
            names.append(event.get("client_event_id") or event["error"]["client_event_id"])
    assert names == [str(number) for number in range(len(texts))]
    assert appends.due_ms() is None
