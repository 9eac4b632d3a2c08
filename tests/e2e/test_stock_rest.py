"""The `openai` package's own REST resources against our server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.client.client import RealtimeClient
from harness.client.reconnect import NEVER
from harness.errors import HarnessError
from harness.server.process.launch import RunningServer
from tests.support.waiting import until


def client_for(server: RunningServer, key: str | None = None) -> Any:
    """The stock client; only its base URL and its key are ours. It checks every answer's shape."""
    from openai import AsyncOpenAI

    return AsyncOpenAI(
        base_url=f"{server.url}/v1",
        api_key=key or server.api_key,
        max_retries=0,
        _strict_response_validation=True,
    )


async def test_a_secret_is_minted_and_read_back(shared_server: RunningServer) -> None:
    async with client_for(shared_server) as client:
        minted = await client.realtime.client_secrets.create(
            expires_after={"anchor": "created_at", "seconds": 60},
            session={"type": "realtime", "audio": {"output": {"voice": "cedar"}}},
        )
    assert minted.value.startswith("ek_")
    assert minted.session.audio.output.voice == "cedar"
    assert minted.session.audio.input.turn_detection.type == "server_vad"


async def test_what_is_wrong_comes_as_the_clients_own_errors(shared_server: RunningServer) -> None:
    import openai

    async with client_for(shared_server) as client:
        with pytest.raises(openai.BadRequestError) as refused:
            await client.realtime.client_secrets.create(
                session={"type": "realtime", "audio": {"output": {"speed": 9}}}
            )
        assert refused.value.param == "session.audio.output.speed"
        with pytest.raises(openai.BadRequestError):
            await client.realtime.calls.create(sdp="this is no offer")
        with pytest.raises(openai.NotFoundError) as unknown:
            await client.realtime.calls.hangup("rtc_nobody")
        assert unknown.value.code == "call_id_not_found"
    async with client_for(shared_server, "sk-wrong") as client:
        with pytest.raises(openai.AuthenticationError) as wrong:
            await client.realtime.client_secrets.create()
        assert wrong.value.code == "invalid_api_key"


def instructions_of(engine: RealtimeClient) -> str:
    """As the engine's own events channel last told them."""
    return str((engine.snapshot().effective or {})["instructions"])


async def steer_from_beside(client: Any, call_id: str) -> None:
    """A second controller of the call: the package's own connection, by the call's id."""
    async with asyncio.timeout(20), client.realtime.connect(call_id=call_id) as sideband:
        session = {"type": "realtime", "instructions": "Be brief."}
        await sideband.session.update(session=session)
        told = await sideband.recv()
        assert (told.type, told.session.instructions) == ("session.updated", "Be brief.")


async def test_calls_by_telephone_are_refused_plainly(shared_server: RunningServer) -> None:
    import openai

    async with client_for(shared_server) as client:
        calls = client.realtime.calls
        for asked in (
            calls.accept("rtc_nobody", type="realtime"),
            calls.reject("rtc_nobody"),
            calls.refer("rtc_nobody", target_uri="tel:+15550123"),
        ):
            with pytest.raises(openai.NotFoundError):
                await asked


@pytest.mark.parametrize("with_session", [True, False], ids=["form", "plain-sdp"])
async def test_a_call_is_begun_and_hung_up(
    with_session: bool, shared_server: RunningServer
) -> None:
    """The backend relays a real engine's offer, and ends the call later."""
    session = {"type": "realtime", "instructions": "Be kind."}
    call_id = ""
    async with client_for(shared_server) as client:

        async def relay(offer: str) -> str:
            nonlocal call_id
            given = {"session": session} if with_session else {}
            answer = await client.realtime.calls.create(sdp=offer, **given)
            call_id = answer.response.headers["Location"].rsplit("/", 1)[-1]
            return str(answer.text)

        engine = RealtimeClient(shared_server.url, api_key=None, signalling=relay, reconnect=NEVER)
        async with engine:
            assert (instructions_of(engine) == "Be kind.") is with_session
            await steer_from_beside(client, call_id)
            await until(lambda: instructions_of(engine) == "Be brief.")
            await client.realtime.calls.hangup(call_id)
            with pytest.raises(HarnessError):
                await engine.wait_closed()
