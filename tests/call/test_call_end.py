"""The end of a call, by what its page does after the user hung up."""

from __future__ import annotations

from typing import Any

from harness.call.call_end import CallEnd
from harness.call.events import CallEvent


def page(type_: str, **data: Any) -> CallEvent:
    return CallEvent(1.0, "page", type_, data)


def state(connection: str, state: str, kind: str = "connection") -> CallEvent:
    return page("peer_connection.state", connection=connection, kind=kind, state=state)


def up(*connections: str) -> CallEnd:
    """A call that is up, and whose user hangs up now."""
    end = CallEnd()
    end.on_call_event(page("microphone.started", microphone="m"))
    for connection in connections:
        end.on_call_event(state(connection, "connected"))
    end.user_hangs_up()
    return end


def test_a_call_lasts_until_the_page_does_something() -> None:
    end = up("a")
    assert not end.has_ended
    end.on_call_event(state("a", "connected", kind="ice"))
    end.on_call_event(page("page.loaded", url="http://h/frame", is_top=False))
    assert not end.has_ended
    assert end.left == "its peer connection is still connected and it still has the microphone"


def test_it_ends_with_its_last_connection_and_what_is_left_is_told() -> None:
    end = up("a", "b")
    end.on_call_event(page("peer_connection.closed", connection="a"))
    assert not end.has_ended
    end.on_call_event(page("peer_connection.closed", connection="b"))
    assert end.has_ended
    assert not end.is_whole
    assert end.left == "it still has the microphone"
    end.on_call_event(page("microphone.stopped", microphone="m"))
    assert end.is_whole
    assert end.left == ""


def test_it_ends_with_its_last_microphone() -> None:
    end = up("a")
    end.on_call_event(page("microphone.stopped", microphone="m"))
    assert end.has_ended
    assert end.left == "its peer connection is still connected"


def test_a_microphone_given_back_before_is_no_end() -> None:
    """Push to talk: between two sentences the page has none."""
    end = CallEnd()
    for event in (
        page("microphone.started", microphone="m"),
        state("a", "connected"),
        page("microphone.stopped", microphone="m"),
    ):
        end.on_call_event(event)
    end.user_hangs_up()
    assert not end.has_ended
    end.on_call_event(state("a", "closed"))
    assert end.has_ended


def test_another_document_has_nothing_of_the_call() -> None:
    end = up("a")
    end.on_call_event(page("page.loaded", url="http://h/bye", is_top=True))
    assert end.is_whole


def test_a_word_on_the_wire_ends_nothing() -> None:
    end = up("a")
    end.on_call_event(CallEvent(1.0, "wire", "peer_connection.closed", {"connection": "a"}))
    assert not end.has_ended
