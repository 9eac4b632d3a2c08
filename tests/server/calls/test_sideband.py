"""A second controller beside a call's media."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from harness.peer.backends import peer_factory
from harness.realtime.wire import Event
from harness.server.calls import sideband as sideband_module
from harness.server.calls.call_runner import MOST_EARLY_MESSAGES
from harness.server.calls.early_messages import MOST_BYTES
from harness.server.calls.sideband import MOST_SIDEBANDS, Sideband
from harness.server.calls.websocket_call import TOO_SLOW
from tests.support.local_server import WITH_KEY, LocalServer, call_to, local_server
from tests.support.recording_listener import RecordingListener
from tests.support.sockets import SocketClient, refused, socket_to
from tests.support.waiting import until


async def attached(server: LocalServer, call_id: str, count: int = 1) -> None:
    """The server has let this many sidebands in."""
    call = server.state.calls.find(call_id)
    assert call is not None
    await until(lambda: len([one for one in call.watchers if _is_sideband(one)]) == count)


def _is_sideband(watcher: Callable[[Event], None]) -> bool:
    return isinstance(getattr(watcher, "__self__", None), Sideband)


async def test_it_gets_what_happens_next_and_no_greeting() -> None:
    """First the answer to its own event; the data channel gets that, too."""
    async with (
        local_server() as server,
        call_to(server) as caller,
        socket_to(server, f"?call_id={caller.call_id}") as sideband,
    ):
        await sideband.send(hello="there")
        assert (await sideband.next())["text"] == '{"hello": "there"}'
        assert (await caller.event("echo"))["text"] == '{"hello": "there"}'
        caller.send(from_the="page")
        assert (await sideband.next())["text"] == '{"from_the": "page"}'


async def test_several_see_the_same() -> None:
    """One that leaves ends nothing."""
    async with local_server() as server, call_to(server) as caller:
        query = f"?call_id={caller.call_id}"
        async with socket_to(server, query) as first:
            async with socket_to(server, query):
                await attached(server, caller.call_id, 2)
            await attached(server, caller.call_id, 1)
            caller.send(hello="there")
            await first.event("echo")


async def test_so_many_fit_beside_one_call() -> None:
    """One more is told before its handshake; a place that gets free is the next one's."""
    async with local_server() as server, call_to(server) as caller:
        query = f"?call_id={caller.call_id}"
        async with AsyncExitStack() as stack:
            for _ in range(MOST_SIDEBANDS):
                await stack.enter_async_context(socket_to(server, query))
            status, answer = await refused(server, query, headers=WITH_KEY)
            assert (status, answer["error"]["code"]) == (429, "rate_limit_exceeded")
        call = server.state.calls.find(caller.call_id)
        assert call is not None
        await until(lambda: call.sidebands == 0)
        async with socket_to(server, query) as sideband:
            await sideband.send(hello="there")
            assert (await sideband.next())["type"] == "echo"


async def test_it_works_where_the_offer_had_no_channel() -> None:
    """It is the only way to hear of such a call's events."""
    async with (
        local_server() as server,
        call_to(server, with_channel=False) as caller,
        socket_to(server, f"?call_id={caller.call_id}") as sideband,
    ):
        await sideband.send(hello="there")
        assert (await sideband.next())["type"] == "echo"


async def test_it_ends_with_the_call() -> None:
    """Hung up: both are closed, and the call is unknown from then on."""
    async with (
        local_server() as server,
        call_to(server) as caller,
        socket_to(server, f"?call_id={caller.call_id}") as sideband,
    ):
        await attached(server, caller.call_id)
        path = f"/v1/realtime/calls/{caller.call_id}/hangup"
        async with server.client.post(path, headers=WITH_KEY) as answer:
            assert answer.status == 200
        assert (await sideband.closed())[0] == 1000
        await until(lambda: server.state.calls.find(caller.call_id) is None)
        status, _ = await refused(server, f"?call_id={caller.call_id}", headers=WITH_KEY)
        assert status == 404


async def test_the_last_words_of_a_call_arrive() -> None:
    async with (
        local_server() as server,
        call_to(server) as caller,
        socket_to(server, f"?call_id={caller.call_id}") as sideband,
    ):
        await attached(server, caller.call_id)
        caller.send(do="close")
        await sideband.closed()
        assert sideband.kinds() == ["last words"]


async def test_it_may_be_there_before_the_client() -> None:
    """What it sends waits for the session, up to a bound; it gets no greeting then either."""
    async with local_server() as server:
        peer = peer_factory("wrtc")(RecordingListener())
        try:
            peer.open_channel("oai-events")
            offer = await peer.create_offer()
            headers = {**WITH_KEY, "Content-Type": "application/sdp"}
            async with server.client.post("/v1/realtime/calls", data=offer, headers=headers) as ok:
                call_id, answer = ok.headers["Location"].rsplit("/", 1)[1], await ok.text()
            async with socket_to(server, f"?call_id={call_id}") as sideband:
                await sideband.send(text="x" * MOST_BYTES)
                assert (await sideband.next())["error"]["code"] == "session_not_started"
                for number in range(MOST_EARLY_MESSAGES + 1):
                    await sideband.send(number=number)
                refused = (await sideband.next())["error"]
                assert refused["code"] == "session_not_started"
                await peer.accept_answer(answer)
                assert (await sideband.next())["text"] == '{"number": 0}'
        finally:
            await peer.aclose()


async def test_binary_messages_are_refused() -> None:
    async with (
        local_server() as server,
        call_to(server) as caller,
        socket_to(server, f"?call_id={caller.call_id}") as sideband,
    ):
        await sideband.socket.send_bytes(b"{}")
        assert (await sideband.event("error"))["error"]["code"] == "invalid_event"


async def test_one_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The call goes on."""
    monkeypatch.setattr(sideband_module, "MOST_BUFFERED_BYTES", -1)
    async with (
        local_server() as server,
        call_to(server) as caller,
        socket_to(server, f"?call_id={caller.call_id}") as sideband,
    ):
        await attached(server, caller.call_id)
        caller.send(hello="there")
        await _is_cut(sideband)
        caller.send(still="there")
        await caller.event("echo")


async def _is_cut(sideband: SocketClient) -> None:
    assert await sideband.closed() == TOO_SLOW
    assert sideband.events == []
