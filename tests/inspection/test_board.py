"""The board: what is shown of a call that runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from harness.findings.watch import findings_of
from harness.inspection.board import MOST_CHARS, Board, finding_lines, meter
from harness.trace import TraceEvent
from tests.support.healthy_call import HEALTHY, events_of


def event(type: str, source: str = "page", t_s: float | None = 1.0, **data: Any) -> TraceEvent:
    return TraceEvent(0, t_s, source, type, data)


def board_of(events: Iterable[TraceEvent]) -> Board:
    board = Board()
    for each in events:
        board.take(each)
    return board


def test_the_state_of_a_call_that_is_well() -> None:
    board = board_of(events_of(HEALTHY))
    assert board.state.startswith("microphone open · connection-0 connected")
    assert "“oai-events” open" in board.state
    assert board.page.startswith("http")


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "microphone not asked for"),
        ([event("user_media.requested", call="a", constraints={})], "microphone asked for"),
        (
            [event("user_media.refused", call="a", name="NotAllowedError", reason="no")],
            "microphone refused (NotAllowedError)",
        ),
        (
            [event("microphone.enabled", microphone="m", enabled=False)],
            "microphone switched off",
        ),
        ([event("microphone.stopped", microphone="m")], "microphone given back"),
        ([event("microphone.stopped", microphone="m", ended=True)], "microphone ended"),
        (
            [
                event("peer_connection.created", connection="connection-0", configuration={}),
                event("peer_connection.closed", connection="connection-0"),
            ],
            "microphone not asked for · connection-0 closed",
        ),
        (
            [
                event("web_socket.created", socket="socket-0", label="wss://a/b"),
                event("web_socket.closed", socket="socket-0", label="wss://a/b", code=1, reason=""),
            ],
            "microphone not asked for · wss://a/b closed",
        ),
    ],
)
def test_states_are_in_words(events: list[TraceEvent], state: str) -> None:
    assert board_of(events).state == state


def test_what_is_told_and_what_is_not() -> None:
    board = Board()
    delta = json.dumps({"type": "response.output_audio_transcript.delta", "delta": "a"})
    done = json.dumps({"type": "response.done"})
    channel: dict[str, Any] = {
        "connection": "c",
        "channel": "d",
        "label": "oai-events",
        "direction": "received",
    }
    assert board.take(event("data_channel.message", text=delta, bytes_length=9, **channel)) is None
    assert board.take(event("stats", connection="c", report=[])) is None
    line = board.take(event("data_channel.message", text=done, bytes_length=9, **channel))
    assert line is not None
    assert "← response.done" in line
    bad = board.take(event("peer_connection.state", connection="c", kind="ice", state="failed"))
    assert bad is not None
    assert " ! " in bad


def test_a_hostile_page_steers_no_terminal() -> None:
    name = "\x1b]0;owned\x07\u202e"
    board = board_of(
        [
            event("page.loaded", url=f"http://a/{name}", is_top=True),
            event("data_channel.open", connection="c", channel="d", label=name),
            event("page.error", message=name),
        ]
    )
    shown = "".join([board.state, board.page, *board.events])
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}
    assert "\\x1b]0;owned" in shown


def test_a_level_is_a_bar() -> None:
    assert meter(None, 4) == "····"
    assert meter(-90.0, 4) == "····"
    assert meter(-30.0, 4) == "██··"
    assert meter(3.0, 4) == "████"


def test_a_finding_has_its_evidence_and_what_to_do() -> None:
    events = [event("page.exception", "harness", message="TypeError: \x1b[31mx is not a function")]
    (found,) = [one for one in findings_of(events) if one.name == "script_error"]
    head, *more = finding_lines(found)
    assert head.startswith("error script_error") or head.startswith("warning script_error")
    assert "\x1b" not in head
    assert any(line.startswith("  do: ") for line in more)
    assert any("page.exception" in line for line in more)


def test_a_long_line_says_that_it_goes_on() -> None:
    line = Board().take(event("console", text="so " * 200, url="x" * 100, kind="log"))
    assert line is not None
    assert len(line) == MOST_CHARS
    assert line.endswith("…")


@pytest.mark.parametrize(
    ("name", "outcome", "is_shown"),
    [
        ("addTrack", "returned", False),
        ("play", "pending", False),
        ("replaceTrack", "rejected", True),
        ("addTrack", "threw", True),
        ("setRemoteDescription", "rejected", False),  # peer_connection.error says it
    ],
)
def test_of_the_page_s_calls_those_that_failed_are_shown(
    name: str, outcome: str, is_shown: bool
) -> None:
    called = {"owner": "RTCPeerConnection", "name": name, "outcome": outcome}
    data: dict[str, Any] = {**called, "arguments": [], "took_ms": 1.0}
    line = Board().take(event("page.webrtc_call", **data))
    assert (line is not None) == is_shown


def test_focus_and_permissions_are_for_the_trace() -> None:
    board = board_of(
        [
            event("page.focus", state="blurred"),
            event("page.permission", name="microphone", state="granted"),
        ]
    )
    assert list(board.events) == []
