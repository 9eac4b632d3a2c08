"""The calls of one server."""

from __future__ import annotations

from harness.server.calls.registry import Calls
from tests.support.local_server import WITH_KEY, call_to, local_server


async def test_a_full_server_says_so() -> None:
    """429 rather than starving everybody."""
    async with local_server(calls=Calls(most=1)) as server, call_to(server):
        assert server.state.calls.is_full
        headers = {**WITH_KEY, "Content-Type": "application/sdp"}
        async with server.client.post(
            "/v1/realtime/calls", data="v=0\r\nm=audio 9 x\r\n", headers=headers
        ) as answer:
            assert answer.status == 429
            assert (await answer.json())["error"]["code"] == "rate_limit_exceeded"


async def test_stopping_the_server_ends_its_calls() -> None:
    """Leaving the block leaves no call."""
    async with local_server() as server, call_to(server) as caller:
        await caller.event("session.created")
        async with server.state.calls:
            pass
        assert server.state.calls.running == []
        call = server.state.calls.find_ended(caller.call_id)
        assert call is not None
        assert call.because == "the server stops"


def test_a_call_being_answered_takes_a_place() -> None:
    """So that many at once do not get in together."""
    calls = Calls(most=1)
    with calls.place():
        assert calls.is_full
    assert not calls.is_full
