"""How the parts work together: secrets and negotiation, bad messages, logs and masks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aiohttp import web

from harness.client.client import RealtimeClient
from harness.realtime.client.settings import SessionSettings
from tests.support.fake_client import AT_ONCE, open_call, settle
from tests.support.fake_peer import ANSWER, FakePeers
from tests.support.small_server import serve
from tests.support.waiting import until

KEY = "sk-test-0123456789abcdef"


class Service:
    """Mints numbered secrets, and refuses those it is told to."""

    def __init__(self) -> None:
        self.minted: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.refused: set[str] = set()

    async def mint(self, request: web.Request) -> web.Response:
        self.minted.append(await request.json())
        return web.json_response({"value": f"ek_{len(self.minted)}", "expires_at": 1 << 40})

    async def call(self, request: web.Request) -> web.Response:
        secret = request.headers["Authorization"].removeprefix("Bearer ")
        self.calls.append(secret)
        if secret in self.refused:
            return web.json_response({"error": {"message": "expired"}}, status=401)
        return web.Response(status=201, text=ANSWER, headers={"Location": "/v1/x/rtc_1"})

    def routes(self) -> Any:
        return {
            ("POST", "/v1/realtime/client_secrets"): self.mint,
            ("POST", "/v1/realtime/calls"): self.call,
        }


def client_to(url: str, peers: FakePeers, **options: Any) -> RealtimeClient:
    return RealtimeClient(url, api_key=KEY, engine=peers, reconnect=AT_ONCE, **options)


async def test_a_call_is_begun_with_a_secret_for_its_settings() -> None:
    service, peers = Service(), FakePeers()
    settings = SessionSettings(instructions="Be brief.", secret_lifetime_s=60)
    async with (
        serve(service.routes()) as url,
        client_to(url, peers, settings=settings) as client,
    ):
        assert service.calls == ["ek_1"]
        assert service.minted[0]["session"]["instructions"] == "Be brief."
        assert service.minted[0]["expires_after"]["seconds"] == 60
        assert (await client.client_secret()).value == "ek_1"


async def test_each_reconnection_has_a_new_secret() -> None:
    service, peers = Service(), FakePeers()
    async with serve(service.routes()) as url, client_to(url, peers) as client:
        peers.last.far_goes()
        await until(lambda: client.state == "open")
        assert service.calls == ["ek_1", "ek_2"]


async def test_a_secret_that_is_refused_is_replaced_once() -> None:
    """It expired on the way, or the server was started anew."""
    service, peers = Service(), FakePeers()
    service.refused.add("ek_1")
    async with serve(service.routes()) as url, client_to(url, peers):
        assert service.calls == ["ek_1", "ek_2"]


async def test_key_and_secrets_are_in_no_log_event_or_text(tmp_path: Path) -> None:
    service, peers = Service(), FakePeers()
    async with (
        serve(service.routes()) as url,
        client_to(url, peers, log_folder=tmp_path) as client,
    ):
        client.send_text(f"My key is {KEY}, and the other one ek_1.")
        peers.last.far_says(type="unknown.event", authorization=KEY)
        await settle()
    log = (tmp_path / "session-000001.jsonl").read_text("utf-8")
    assert "My key is" in log
    assert KEY not in log
    assert "ek_1" not in log
    assert KEY not in repr(client) + repr(client._core.parts)


async def test_malformed_and_binary_messages_are_errors_and_survived() -> None:
    async with open_call() as call:
        listener = call.peer.listener
        for message in ("{half", b"\xff\x00", "[]", '{"no": "type"}'):
            listener.channel_message("oai-events", message)
        call.peer.far_says(type="brand.new", fact=1)
        assert len(call.told("error")) == 4
        assert call.told("unknown_event")[0].data["event"]["fact"] == 1
        assert call.client.state == "open"


async def test_the_log_holds_both_directions_as_they_were(tmp_path: Path) -> None:
    async with open_call(log_folder=tmp_path) as call:
        call.peer.listener.channel_message("oai-events", "{half")
    entries = [json.loads(line) for line in (tmp_path / "session-000001.jsonl").open()][1:]
    kinds = [(entry["direction"], entry["event"].get("type")) for entry in entries]
    assert kinds[:2] == [("sent", "session.update"), ("received", "session.created")]
    assert entries[-1]["event"] == {"malformed": "{half"}


async def test_a_log_that_cannot_be_begun_costs_nothing_but_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    async with open_call(log_folder=tmp_path / "file") as call:
        assert call.client.state == "open"
        assert [event.data["kind"] for event in call.told("error")] == ["ArtifactError"]
