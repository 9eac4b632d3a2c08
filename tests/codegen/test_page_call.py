"""The call of a page, by its events."""

from __future__ import annotations

from typing import Any

from harness.call.events import CallEvent
from harness.codegen.page_call import PageCall, page_call_of


def page(t_s: float, type_: str, **data: Any) -> CallEvent:
    return CallEvent(t_s, "page", type_, data)


BEGUN = [
    page(1.0, "microphone.started", microphone="m"),
    page(2.0, "peer_connection.state", connection="a", kind="connection", state="connected"),
]


def test_a_call_that_goes_on_has_not_ended() -> None:
    assert page_call_of(BEGUN, 2.1) == PageCall(2.1)


def test_it_ends_when_nothing_of_it_is_left() -> None:
    closed = page(9.0, "peer_connection.closed", connection="a")
    given_back = page(9.2, "microphone.stopped", microphone="m")
    later = page(9.5, "page.console", text="bye")
    assert page_call_of([*BEGUN, closed], 2.1).ended_s is None
    assert page_call_of([*BEGUN, closed, given_back, later], 2.1) == PageCall(2.1, 9.2)


def test_one_that_comes_again_has_not_ended() -> None:
    left = page(9.0, "page.loaded", url="http://h/", is_top=True)
    again = page(12.0, "microphone.started", microphone="n")
    assert page_call_of([*BEGUN, left], 2.1).ended_s == 9.0
    assert page_call_of([*BEGUN, left, again], 2.1).ended_s is None


def test_a_page_that_never_asked_has_not_ended() -> None:
    assert (
        page_call_of([page(0.5, "page.loaded", url="http://h/", is_top=True)], 1.0).ended_s is None
    )
