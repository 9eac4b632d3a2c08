"""Which worker a request is for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ProtocolError
from harness.server.process.routing import Target, parse_head, target_of


def target(line: str) -> Target:
    return target_of(parse_head(f"{line} HTTP/1.1\r\nHost: a\r\n\r\n".encode()))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("POST /v1/realtime/calls", Target("least loaded", begins_call=True)),
        ("OPTIONS /v1/realtime/calls", Target("any")),
        ("GET /v1/realtime?model=gpt-realtime", Target("least loaded", begins_call=True)),
        ("GET /v1/realtime?call_id=rtc_u3_abc", Target("any", worker=3)),
        ("GET /v1/realtime?model=x&call_id=rtc%5Fu3_abc", Target("any", worker=3)),
        ("POST /v1/realtime/calls/rtc_u12_abc/hangup", Target("any", worker=12)),
        ("POST /v1/realtime/calls/rtc_abc/hangup", Target("any")),
        ("GET /harness/calls/rtc_u1_x/received.wav", Target("any", worker=1)),
        ("PUT /harness/calls/rtc_u1_x/faults", Target("any", worker=1)),
        ("GET /v1/realtime?call_id=sess_u2_a", Target("any", worker=2)),
        ("POST /v1/live/sessions", Target("least loaded", begins_call=True)),
        ("GET /v1/live/sessions", Target("least loaded", begins_call=True)),
        ("GET /v1/live/sessions/live_u3_a/attach", Target("any", worker=3)),
        ("POST /v1/live/sessions/live_u2_a/hangup", Target("any", worker=2)),
        ("GET /harness/faults/applied?since_s=3", Target("front")),
        ("PUT /harness/script", Target("front")),
        ("DELETE /harness/faults", Target("front")),
        ("GET /harness/faults", Target("any")),
        ("GET /harness/calls", Target("front")),
        ("GET /metrics", Target("front")),
        ("POST /v1/realtime/client_secrets", Target("any")),
        ("POST /v1/responses", Target("any", worker=0)),
        ("GET /v1/responses/resp_1?stream=true", Target("any", worker=0)),
        ("GET /v1/chatkit/threads?limit=2", Target("any", worker=0)),
        ("POST /v1/responsesx", Target("any")),
        ("GET /", Target("any")),
    ],
)
def test_every_request_finds_its_place(line: str, expected: Target) -> None:
    assert target(line) == expected


def test_a_head_goes_on_as_it_came_but_for_the_connection_and_who_asks() -> None:
    """A client cannot say of itself that it is here."""
    head = parse_head(
        b"GET /a?b=%20c HTTP/1.1\r\nHost: voice.test\r\nconnection: keep-alive\r\n"
        b"X-HARNESS-PEER: local\r\nX-Bytes: \xe9\r\n\r\n"
    )
    lines = head.forwarded("remote").split(b"\r\n")
    assert lines == [
        *[b"GET /a?b=%20c HTTP/1.1", b"Host: voice.test", b"X-Bytes: \xe9"],
        *[b"Connection: close", b"X-Harness-Peer: remote", b"", b""],
    ]


def test_a_websocket_stays_one_and_other_upgrades_do_not() -> None:
    """Where it is refused, the connection ends all the same."""
    line = b"%s /v1/realtime HTTP/1.1\r\nUpgrade: %s\r\nConnection: Upgrade\r\n\r\n"
    socket = parse_head(line % (b"GET", b"WebSocket")).forwarded("local")
    assert b"\r\nUpgrade: WebSocket\r\nConnection: Upgrade, close\r\n" in socket
    for other in (line % (b"GET", b"h2c"), line % (b"POST", b"websocket")):
        sent = parse_head(other).forwarded("local")
        assert b"Upgrade" not in sent
        assert b"\r\nConnection: close\r\n" in sent


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        (b"", 0),
        (b"content-length: 12\r\n", 12),
        (b"Content-Length: -1\r\n", 0),
        (b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", None),
    ],
)
def test_a_body_is_as_long_as_its_head_says(lines: bytes, length: int | None) -> None:
    assert parse_head(b"POST / HTTP/1.1\r\n" + lines + b"\r\n").body_bytes == length


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\x16\x03\x01 TLS HTTP/1.1\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nX-Harness-Peer : local\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\r\n X-Harness-Peer: local\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\nX-Harness-Peer: local\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\rX-Harness-Peer: local\r\n\r\n",
    ],
)
def test_what_is_no_request_goes_nowhere(data: bytes) -> None:
    """Nor does a header that somebody hid."""
    with pytest.raises(ProtocolError):
        parse_head(data)


@given(st.binary(max_size=200))
def test_no_bytes_break_it_or_claim_to_be_local(data: bytes) -> None:
    try:
        head = parse_head(b"GET / HTTP/1.1\r\n" + data + b"\r\n\r\n")
    except ProtocolError:
        return
    target_of(head)
    lines = head.forwarded("remote").removesuffix(b"\r\n\r\n").split(b"\r\n")[1:]
    names = [line.partition(b":")[0].strip().lower() for line in lines]
    assert names.count(b"x-harness-peer") == 1
    assert lines[-1] == b"X-Harness-Peer: remote"
