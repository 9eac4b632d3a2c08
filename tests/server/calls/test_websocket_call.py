"""A call over a WebSocket: messages both ways, and every end."""

from __future__ import annotations

import base64
import contextlib
import json

import numpy as np
import pytest

from harness.realtime.server.session import EXPIRED_MESSAGE
from harness.realtime.server.validation.shapes import MAX_APPEND_BASE64_CHARS
from harness.server.calls import call_runner
from harness.server.calls.websocket_call import (
    PIECE_CHARS,
    TOO_SLOW,
    WebSocketCall,
    in_pieces,
)
from harness.server.http import event_socket
from harness.server.http.event_socket import MOST_MESSAGE_BYTES
from harness.server.routes.state import server_session
from tests.support.local_server import LocalServer, local_server
from tests.support.sockets import socket_to
from tests.support.waiting import until


def because(server: LocalServer, session_id: str) -> str | None:
    ended = server.state.calls.find_ended(session_id)
    return ended.because if ended is not None else None


async def test_a_client_that_says_goodbye_ends_its_session() -> None:
    """At once; there is no resuming."""
    async with local_server() as server:
        async with socket_to(server) as client:
            await client.event("session.created")
            session_id = server.made_from[0].session_id
        await until(lambda: because(server, session_id) is not None)
        assert because(server, session_id) == "the client closed its WebSocket"


async def test_binary_messages_are_refused() -> None:
    """By an error event; the session never sees them and goes on."""
    async with local_server() as server, socket_to(server) as client:
        await client.event("session.created")
        await client.socket.send_bytes(b'{"type": "response.create"}')
        error = (await client.event("error"))["error"]
        assert (error["type"], error["code"]) == ("invalid_request_error", "invalid_event")
        await client.send(still="there")
        await client.event("echo")
        assert server.session.texts == ['{"still": "there"}']


async def test_a_session_too_old_is_closed_with_the_reason() -> None:
    """After the error event."""
    async with local_server() as server, socket_to(server) as client:
        await client.send(do="expire")
        assert await client.closed() == (1001, EXPIRED_MESSAGE)
        assert client.kinds()[-1] == "last words"


async def test_a_mistake_of_ours_is_told_by_the_code() -> None:
    async with local_server() as server, socket_to(server) as client:
        await client.send(do="break")
        assert (await client.closed())[0] == 1011


async def test_a_server_that_stops_says_goodbye() -> None:
    """Sockets do not hold it up."""
    async with local_server() as server, socket_to(server) as client:
        await client.event("session.created")
        await server.client.server.close()
        assert await client.closed() == (1001, "The server stops.")


async def test_a_client_that_does_not_read_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a code of its own, and before all that it did not read."""
    async with local_server() as server, socket_to(server) as client:
        await client.event("session.created")
        monkeypatch.setattr(call_runner, "MOST_BUFFERED_BYTES", -1)
        await client.send(text="x")
        assert await client.closed() == TOO_SLOW


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_client_that_reads_again_learns_why_it_was_closed(
    monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    """Also long after: its call is over then, and the server has nothing more to do with it."""
    monkeypatch.setattr(call_runner, "MOST_BUFFERED_BYTES", 2_000_000)
    monkeypatch.setattr(event_socket, "CLOSE_WITHIN_S", 0.1 if is_late else 60.0)
    async with local_server() as server, socket_to(server) as client:
        await client.event("session.created")
        session_id = server.made_from[0].session_id
        [call] = server.state.calls.running
        connection = client.socket._response.connection
        assert connection is not None
        assert connection.transport is not None
        connection.transport.pause_reading()
        while not call.over.is_set():
            await client.send(text="x" * 1_000_000)
        if is_late:
            await until(lambda: server.state.calls.running == [])
        connection.transport.resume_reading()
        assert await client.closed() == TOO_SLOW
        await until(lambda: because(server, session_id) == "the client does not read its events")


async def test_an_event_of_many_megabytes_comes_back_whole() -> None:
    async with local_server() as server, socket_to(server) as client:
        await client.send(text="x" * 3_000_000)
        assert len((await client.event("echo"))["text"]) > 3_000_000


async def test_the_largest_append_fits() -> None:
    """15 MiB of audio; it goes to the session in pieces."""
    async with local_server() as server, socket_to(server) as client:
        await client.event("session.created")
        audio = "A" * MAX_APPEND_BASE64_CHARS
        await client.send(type="input_audio_buffer.append", audio=audio)
        await client.send(done=True)
        await until(lambda: server.session.texts[-1:] == ['{"done": true}'], within_s=60)
        pieces = [json.loads(text)["audio"] for text in server.session.texts[:-1]]
        assert "".join(pieces) == audio
        assert max(map(len, pieces)) == PIECE_CHARS


async def test_what_is_larger_than_any_event_closes_the_socket() -> None:
    """Unread, so the rest of it may well meet a closed guard; others are not concerned."""
    async with local_server() as server, socket_to(server) as other:
        async with socket_to(server) as client:
            await client.event("session.created")
            with contextlib.suppress(ConnectionError):
                await client.socket.send_str("x" * (MOST_MESSAGE_BYTES + 1))
            await until(lambda: len(server.state.calls.running) == 1)
        await other.send(still="there")
        await other.event("echo")


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "[" * 100_000,
        json.dumps({"type": "input_audio_buffer.append", "audio": "A" * 100}),
        json.dumps({"type": "input_audio_buffer.append", "audio": "!" * 100_000}),
        json.dumps({"type": "input_audio_buffer.append", "audio": "AA==" + "A" * 100_000}),
        json.dumps({"type": "input_audio_buffer.append", "audio": ["A" * 100_000]}),
        json.dumps({"type": "conversation.item.create", "audio": "A" * 100_000}),
        json.dumps({"type": "input_audio_buffer.append", "audio": "A" * 100_000 + "AA=="}),
    ],
    ids=range(8),
)
def test_what_is_no_long_append_goes_on_as_it_came(text: str) -> None:
    """To be refused as a whole, where it is wrong."""
    assert list(in_pieces(text)) == [text]


def test_a_sample_may_be_one_byte() -> None:
    """Of G.711 any number of bytes is whole; of PCM16 only an even one."""
    audio = base64.b64encode(bytes(PIECE_CHARS + 1)).decode()
    text = json.dumps({"type": "input_audio_buffer.append", "audio": audio})
    assert list(in_pieces(text)) == [text]
    pieces = [json.loads(piece)["audio"] for piece in in_pieces(text, sample_bytes=1)]
    assert len(pieces) == 2
    assert "".join(pieces) == audio


async def test_telephone_audio_of_odd_length_goes_in_pieces_too() -> None:
    """The format is the session's, as it told its client."""
    async with local_server() as server:
        server.state.make_session = server_session
        async with socket_to(server) as client:
            form = {"input": {"format": {"type": "audio/pcmu"}, "turn_detection": None}}
            await client.send(type="session.update", session={"type": "realtime", "audio": form})
            await client.event("session.updated")
            (call,) = server.state.calls.running
            assert isinstance(call, WebSocketCall)
            before = call.events_received
            audio = base64.b64encode(b"\xff" * (PIECE_CHARS + 1)).decode()
            await client.send(type="input_audio_buffer.append", audio=audio)
            await client.send(type="input_audio_buffer.commit")
            await client.event("input_audio_buffer.committed")
            assert call.events_received == before + 3


async def test_a_conversation_with_audio_as_events() -> None:
    """Audio in, a committed turn, and an answer whose audio goes between its words."""
    async with local_server() as server:
        server.state.make_session = server_session
        async with socket_to(server) as client:
            tone = (8000 * np.sin(np.arange(24_000) / 10)).astype("<i2")
            loud = base64.b64encode(tone.tobytes()).decode()
            silent = base64.b64encode(bytes(2 * 48_000)).decode()
            for audio in (loud, silent):
                await client.send(type="input_audio_buffer.append", audio=audio)
            done = await client.event("response.done")
            assert done["response"]["status"] == "completed"
            kinds = client.kinds()
            assert kinds.index("input_audio_buffer.committed") < kinds.index("response.created")
            words = [n for n, kind in enumerate(kinds) if kind.endswith("transcript.delta")]
            sounds = [n for n, kind in enumerate(kinds) if kind == "response.output_audio.delta"]
            assert words[0] < sounds[0] < words[-1]
            assert not any(kind.startswith("output_audio_buffer") for kind in kinds)
