"""Findings of sound over a WebSocket: which pace is another rate, and which is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from harness.facts.sockets import SocketMessage, SocketOpen
from tests.support.healthy_call import At, found_in, names_in

SOCKET = ("socket-0", "wss://a/v1/realtime")
OPEN: At = (0.0, SocketOpen(*SOCKET, "realtime"))


def message(t_s: float, direction: Any, body: Mapping[str, Any], sound: int | None = None) -> At:
    """What goes over the socket."""
    text = json.dumps(body, ensure_ascii=False)
    return t_s, SocketMessage(*SOCKET, direction, text, len(text), sound_bytes=sound)


def append(t_s: float, sound: int | None, audio: str = "…") -> At:
    """Sound that the page sends; what it is told as where it is long."""
    return message(t_s, "sent", {"type": "input_audio_buffer.append", "audio": audio}, sound)


def streamed(
    rate_hz: float, until_s: int = 8, *, sample_bytes: int = 2, from_s: float = 1.0
) -> list[At]:
    """Sound in real time, told once a second."""
    a_second = int(rate_hz) * sample_bytes
    return [append(from_s + second, a_second if second else 4_800) for second in range(until_s)]


@pytest.mark.parametrize(
    ("rate_hz", "ratio", "likely"),
    [
        (44_100, "1.84", "44.1 kHz"),
        (48_000, "2.00", "48 kHz, or two channels, or each piece is sent twice"),
        (16_000, "0.67", "16 kHz"),
        (8_000, "0.33", "8 kHz"),
        (47_300, "1.97", "48 kHz, or two channels, or each piece is sent twice"),
    ],
)
def test_another_rate_is_told_once_with_what_it_likely_is(
    rate_hz: int, ratio: str, likely: str
) -> None:
    (found,) = found_in(OPEN, streamed(rate_hz, 20))
    assert found.name == "sent_at_another_rate"
    heard = "slow and deep" if rate_hz > 24_000 else "fast and high"
    assert found.cause == (
        f"For 5 s the page sent {ratio} times as many samples as 24 kHz has: most likely it is "
        f"{likely}, and the server hears it too {heard}."
    )


@pytest.mark.parametrize("rate_hz", [24_000, 23_400, 22_050, 21_000, 26_000])
def test_the_right_rate_and_a_machine_that_is_a_little_late(rate_hz: int) -> None:
    assert names_in(OPEN, streamed(rate_hz, 20)) == []


def test_five_seconds_are_needed() -> None:
    assert names_in(OPEN, streamed(48_000, 5)) == []
    assert names_in(OPEN, streamed(48_000, 6)) == ["sent_at_another_rate"]


def test_who_sends_only_while_somebody_speaks_is_well() -> None:
    gated = [append(float(second), 48_000 if second % 3 else 0) for second in range(30)]
    assert names_in(OPEN, gated) == []
    held = [one for start in range(0, 40, 8) for one in streamed(48_000, 4, from_s=start)]
    assert names_in(OPEN, held) == [], "pushed to talk, for 4 s each"


def test_what_was_kept_until_the_socket_was_open_comes_at_once() -> None:
    kept = [append(1.0, 4_800), append(2.0, 5 * 48_000)]
    assert names_in(OPEN, kept, streamed(24_000, 12, from_s=3.0)) == []


def session(t_s: float, audio_format: Mapping[str, Any]) -> At:
    """The session's format, as the server tells it."""
    told = {"type": "realtime", "audio": {"input": {"format": audio_format}}}
    return message(t_s, "received", {"type": "session.created", "session": told})


def test_the_rate_is_the_one_that_the_session_says() -> None:
    wide = session(0.1, {"type": "audio/pcm", "rate": 48_000})
    assert names_in(OPEN, wide, streamed(48_000)) == []
    assert names_in(OPEN, wide, streamed(24_000)) == ["sent_at_another_rate"]
    phone = session(0.1, {"type": "audio/pcmu"})
    assert names_in(OPEN, phone, streamed(8_000, sample_bytes=1)) == []
    assert names_in(OPEN, phone, streamed(16_000, sample_bytes=1)) == ["sent_at_another_rate"]
    other = session(0.1, {"type": "audio/other"})
    assert names_in(OPEN, other, streamed(16_000)) == []


def test_what_the_page_asks_for_counts_until_the_server_says_it() -> None:
    wanted = {"type": "audio/pcm", "rate": 16_000}
    update = {"type": "session.update", "session": {"audio": {"input": {"format": wanted}}}}
    names = names_in(OPEN, message(0.1, "sent", update), streamed(16_000))
    assert "sent_at_another_rate" not in names


def test_short_pieces_stand_in_their_messages() -> None:
    pieces = [append(1 + n / 100, None, "A" * 1_280) for n in range(1_000)]
    assert names_in(OPEN, pieces) == ["sent_at_another_rate"], "480 samples, 10 ms each"
    slow = [append(1 + n / 50, None, "A" * 1_280) for n in range(500)]
    assert names_in(OPEN, slow) == []


def test_an_older_trace_does_not_tell_how_much_sound_went() -> None:
    assert names_in(OPEN, [append(float(second), None) for second in range(20)]) == []
