"""Findings of the microphone: what is one, and what only looks like it."""

from __future__ import annotations

from harness.facts.call import CallFailed, CallHungUp, CallOpened, NotSent
from harness.facts.connection import ConnectionClosed
from harness.facts.media import (
    MicrophoneStarted,
    MicrophoneStopped,
    UserMediaGranted,
    UserMediaRefused,
    UserMediaRequested,
)
from harness.facts.sockets import SocketClosed, SocketOpen
from harness.score.sending import MUTED, NO_TRACK, SILENT_TRACK
from tests.support.healthy_call import (
    CONNECTION,
    HEALTHY,
    MICROPHONE,
    OPEN,
    PEER,
    UP,
    found_in,
    names_in,
    said,
    ticking,
    without,
)

REFUSED = (0.03, UserMediaRefused("getUserMedia-0", "NotAllowedError", "Permission denied"))
ASKED = MICROPHONE[0]


def test_a_refusal_counts() -> None:
    (found,) = found_in(ASKED, REFUSED)
    assert found.name == "microphone_refused"
    assert found.cause == "getUserMedia was refused: NotAllowedError Permission denied."
    assert found.at_s == 0.03
    assert [one.type for one in found.evidence] == ["user_media.refused"]


def test_a_page_that_asks_for_less_and_gets_it_is_well() -> None:
    unmet = (0.01, UserMediaRefused("getUserMedia-0", "OverconstrainedError", "sampleRate"))
    assert names_in((0.0, ASKED[1]), unmet, HEALTHY) == []
    assert names_in((0.0, ASKED[1]), unmet) == ["microphone_overconstrained"]


def test_a_call_without_a_microphone() -> None:
    assert names_in(CONNECTION, UP, OPEN, ticking(6)) == ["microphone_never_asked"]


def test_an_engine_without_a_page_has_nobody_to_ask() -> None:
    opened = (0.30, CallOpened("native", "http://a/", 0.0))
    without_page = without(CallOpened, of=OPEN)
    assert names_in(CONNECTION, UP, without_page, opened, ticking(6)) == []


def test_asked_long_after_the_call_was_up() -> None:
    late = [(t_s + 4, fact) for t_s, fact in MICROPHONE]
    assert "microphone_late" in names_in(CONNECTION, UP, OPEN, late, ticking(6))
    soon = [(t_s + 0.5, fact) for t_s, fact in MICROPHONE]
    assert names_in(CONNECTION, UP, OPEN, soon, ticking(6)) == []


def test_what_is_said_after_the_microphone_was_given_back_is_lost() -> None:
    stopped = (2.0, MicrophoneStopped("microphone-0"))
    (found,) = found_in(HEALTHY, stopped, said(3.0, 4.0))
    assert found.name == "microphone_given_back"
    assert "stopped its microphone at 2.00 s" in found.cause
    assert "“Hello there.” was said" in found.cause


def test_who_cannot_speak_any_more_fails_the_call() -> None:
    stopped = (2.0, MicrophoneStopped("microphone-0"))
    failed = (8.0, CallFailed("PageError", "No microphone is open: the page gave it back."))
    assert names_in(HEALTHY, stopped, failed) == ["microphone_given_back"]
    other = (8.0, CallFailed("ExpectationFailed", "Nothing was heard."))
    assert names_in(HEALTHY, stopped, other) == []


def test_a_microphone_that_is_asked_for_again_before_the_user_speaks_is_well() -> None:
    stopped = (2.0, MicrophoneStopped("microphone-0"))
    again = (2.5, MicrophoneStarted("microphone-1", "Microphone", 48_000, "worklet"))
    assert names_in(HEALTHY, stopped, again, said(3.0, 4.0)) == []


ENDED = (2.0, MicrophoneStopped("microphone-0", ended=True))


def test_a_microphone_that_ends_by_itself_and_is_not_asked_for_again() -> None:
    (found,) = found_in(HEALTHY, ENDED, ticking(8))
    assert found.name == "microphone_ended"
    assert found.cause == (
        "The microphone ended by itself at 2.00 s, and for 5 s the page asked for no other."
    )
    assert names_in(HEALTHY, ENDED, ticking(6)) == [], "it has its time"
    stopped = (2.0, MicrophoneStopped("microphone-0"))
    assert names_in(HEALTHY, stopped, ticking(8)) == [], "the page stopped it itself"


def test_a_page_that_asks_again_has_seen_that_its_microphone_is_gone() -> None:
    again = (4.0, UserMediaRequested("getUserMedia-1", {"audio": True}))
    granted = (4.1, UserMediaGranted("getUserMedia-1", []))
    assert names_in(HEALTHY, ENDED, again, granted, ticking(12)) == []
    other = (1.5, MicrophoneStarted("microphone-1", "Other", 48_000, "device"))
    assert names_in(HEALTHY, other, ENDED, ticking(12)) == [], "it has another one"


def test_after_a_call_its_microphone_may_end() -> None:
    assert names_in(HEALTHY, ENDED, (3.0, ConnectionClosed(PEER)), ticking(12)) == []
    assert names_in(HEALTHY, (1.9, CallHungUp()), ENDED, ticking(12)) == []


def test_a_call_over_a_websocket_loses_its_microphone_too() -> None:
    socket = [(0.1, SocketOpen("socket-0", "wss://a/", "")), *MICROPHONE]
    assert names_in(socket, ENDED, ticking(8)) == ["microphone_ended"]
    closed = (3.0, SocketClosed("socket-0", "wss://a/", 1000, ""))
    assert names_in(socket, ENDED, closed, ticking(8)) == []


def test_who_wants_to_speak_before_the_time_is_up_is_told_at_once() -> None:
    failed = (4.0, CallFailed("PageError", "No microphone is open: it ended."))
    (found,) = found_in(HEALTHY, ENDED, failed)
    assert found.name == "microphone_ended"
    assert found.cause.endswith("and somebody wanted to speak.")


def test_a_microphone_that_outlives_the_call() -> None:
    closed = (5.0, ConnectionClosed(PEER))
    assert names_in(HEALTHY, closed, ticking(9)) == ["microphone_left_open"]
    stopped = (5.2, MicrophoneStopped("microphone-0"))
    assert names_in(HEALTHY, closed, stopped, ticking(9)) == []


def test_what_was_not_sent_has_its_name_by_the_reason() -> None:
    for reason, name in (
        (MUTED, "microphone_muted"),
        (NO_TRACK, "sender_without_track"),
        (SILENT_TRACK, "sent_track_silent"),
    ):
        lost = (4.0, NotSent(3.0, 4.0, reason))
        (found,) = found_in(HEALTHY, said(3.0, 4.0), lost)
        assert (found.name, found.at_s) == (name, 3.0)
    assert names_in(HEALTHY, (4.0, NotSent(3.0, 4.0, "nobody knows"))) == []


def test_echo_cancellation_is_off_in_any_of_its_forms() -> None:
    granted = (0.2, UserMediaGranted("getUserMedia-0", []))
    for off in (False, {"exact": False}, {"ideal": False}):
        asked = (0.1, UserMediaRequested("getUserMedia-0", {"audio": {"echoCancellation": off}}))
        assert names_in(asked, granted) == ["echo_cancellation_off"]
    on = (0.1, UserMediaRequested("getUserMedia-0", {"audio": {"echoCancellation": True}}))
    assert names_in(on, granted) == []
