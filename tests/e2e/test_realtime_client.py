"""The client alone against a real server: WebRTC, speech and recognition are real, no browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest

from harness.audio.fixtures import load_manifest
from harness.browser.launch import Chromium
from harness.client.client import RealtimeClient
from harness.client.http_api import RealtimeHttpApi
from harness.client.log import session_logs
from harness.client.reconnect import ReconnectPolicy
from harness.client.server_api import set_script
from harness.errors import ReconnectFailed, RequestRefused, ServerRefused, ServerUnreachable
from harness.peer.interface import PeerListener
from harness.peer.page_peer import PageConnection
from harness.peer.wrtc_peer import WrtcPeer
from harness.realtime.client.settings import SessionSettings
from harness.realtime.client.tools import tool_from
from harness.resources import fixtures_dir
from harness.server.process.launch import RunningServer, start_server

pytestmark = pytest.mark.realtime

SOON = ReconnectPolicy(most_attempts=3, first_delay_s=0.05)
WRITTEN = SessionSettings(output_modality="text")
LONG = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen."


@asynccontextmanager
async def call_to(
    server: RunningServer, *rules: Any, **options: Any
) -> AsyncIterator[RealtimeClient]:
    """A client connected to the shared server, whose assistant has these rules."""
    await set_script(server, {"rules": list(rules)})
    given: dict[str, Any] = {"api_key": server.api_key, "reconnect": SOON, **options}
    async with RealtimeClient(server.url, **given) as client:
        yield client


async def hang_up(server: RunningServer, client: RealtimeClient) -> None:
    """End the call from the remote peer."""
    call_id = client.call_id
    assert call_id is not None
    assert await RealtimeHttpApi(server.url).hang_up(server.api_key, call_id)


def clip(name: str) -> Any:
    return load_manifest(fixtures_dir() / "manifest.json")[name].load().clip


def texts(client: RealtimeClient) -> list[str]:
    snapshot = client.snapshot()
    return [snapshot.texts.get(item["id"], "") for item in snapshot.items]


@pytest.mark.parametrize("engine", ["wrtc", "aiortc"])
async def test_a_spoken_question_gets_a_spoken_answer(
    shared_server: RunningServer, engine: str
) -> None:
    rule = {"when": {"words": ["forward"]}, "say": "Going forward ten meters."}
    async with call_to(shared_server, rule, engine=engine) as client:
        await client.microphone.play(clip("goforward"))
        over = await client.expect("answer_over", within_s=20)
        assert over.data["text"] == "Going forward ten meters."
        told = [event.type for event in client.events().take_available()]
        wanted = ["opened", "user_transcript", "answer_started", "audio_started", "audio_ended"]
        assert [kind for kind in told if kind in wanted] == wanted
        heard = np.concatenate([audio.samples for audio in client.heard().take_available()])
        assert float(np.abs(heard).max()) > 0.1
        assert (await client.stats()).packets_sent


async def test_volume_zero_is_silence(shared_server: RunningServer) -> None:
    settings = SessionSettings(volume=0.0)
    async with call_to(shared_server, {"say": "Hello."}, settings=settings) as client:
        await client.respond()
        await client.expect("audio_ended", within_s=20)
        heard = [audio.samples for audio in client.heard().take_available()]
        assert not np.concatenate(heard).any()


async def test_a_turn_by_hand(shared_server: RunningServer) -> None:
    settings = SessionSettings(turn_detection=None)
    async with call_to(shared_server, settings=settings) as client:
        with pytest.raises(RequestRefused) as refused:
            await client.commit()
        assert refused.value.code == "input_audio_buffer_commit_empty"
        await client.microphone.play(clip("goforward"))
        committed = await client.commit()
        assert committed
        await client.respond()
        over = await client.expect("answer_over", within_s=20)
        assert "forward" in over.data["text"].lower()


async def test_a_tool_is_called_and_its_result_answered(shared_server: RunningServer) -> None:
    booked: list[tuple[int, str]] = []

    def book_table(persons: int, time: str = "19:00") -> dict[str, Any]:
        """Book a table."""
        booked.append((persons, time))
        return {"table": 7}

    rules = [
        {"when": {"words": ["table"]}, "call": {"name": "book_table", "arguments": {"persons": 2}}},
        {"when": {"tool": "book_table"}, "say": "Table seven is yours."},
    ]
    options = {"tools": [book_table], "settings": WRITTEN}
    async with call_to(shared_server, *rules, **options) as client:
        answers = client.events("answer_over")
        await client.send_text("A table, please.")
        await client.respond()
        await anext(answers)
        assert (await anext(answers)).data["text"] == "Table seven is yours."
        assert booked == [(2, "19:00")]
        finished = await client.expect("tool_finished", within_s=10)
        assert json.loads(finished.data["output"]) == {"table": 7}


async def test_a_tool_that_hangs_or_raises_is_told_to_the_model(
    shared_server: RunningServer,
) -> None:
    import threading

    gate = threading.Event()

    def hangs() -> None:
        gate.wait(30)

    def breaks() -> None:
        raise OSError("the kitchen is on fire")

    calls = [{"name": "hangs", "arguments": {}}, {"name": "breaks", "arguments": {}}]
    tools = [tool_from(hangs, time_limit_s=0.2), breaks]
    rules = [{"when": {"words": ["go"]}, "call": calls}, {"say": "Sorry."}]
    async with call_to(shared_server, *rules, tools=tools, settings=WRITTEN) as client:
        answers = client.events("answer_over")
        await client.send_text("Go.")
        await client.respond()
        await anext(answers)
        await anext(answers)
        finished = client.events("tool_finished").take_available()
        assert all(event.data["failed"] for event in finished)
        outputs = " ".join(event.data["output"] for event in finished)
        assert "the kitchen is on fire" in outputs
        assert "took longer than 0.2 s" in outputs
    gate.set()


async def test_an_answer_can_be_interrupted(shared_server: RunningServer) -> None:
    async with call_to(shared_server, {"say": LONG}) as client:
        await client.respond()
        await client.expect("audio_started", within_s=20)
        await client.interrupt()
        ended = await client.expect("audio_ended", within_s=5)
        assert ended.data["how"] == "cleared"
        assert (await client.expect("answer_over", within_s=5)).data["text"] != ""


async def test_a_lost_call_resumes_with_what_was_said_and_heard(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    """The answer that was cut by the loss stands as far as it was heard; nothing is there twice."""
    rules = [{"when": {"turn": 1}, "say": LONG}, {"say": "Welcome back."}]
    async with call_to(shared_server, *rules, log_folder=tmp_path) as client:
        await client.send_text("Count, please.")
        await client.respond()
        await client.expect("audio_started", within_s=20)
        async for audio in client.heard(from_start=False):
            if np.abs(audio.samples).max() > 0.05:
                break
        first_session = client.snapshot().session_id
        await hang_up(shared_server, client)
        resumed = await client.expect("resumed", within_s=10)
        assert resumed.data["items"] >= 1
        snapshot = client.snapshot()
        assert snapshot.session_id != first_session
        assert texts(client)[0] == "Count, please."
        for text in texts(client)[1:]:
            assert LONG.startswith(text)
            assert text != LONG
        await client.send_text("Still there?")
        await client.respond()
        await client.expect("answer_over", within_s=20, from_start=False)
        assert texts(client)[-1] == "Welcome back."
        assert len(set(texts(client))) == len(texts(client))
    assert [path.name for path in session_logs(tmp_path)][1:] == ["session-000002.jsonl"]


async def test_another_program_takes_up_the_conversation_from_the_log(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    async with call_to(shared_server, settings=WRITTEN, log_folder=tmp_path) as first:
        await first.send_text("My name is Ada.")
        await first.respond()
        await first.expect("answer_over", within_s=10)
        before = texts(first)
    async with call_to(shared_server, settings=WRITTEN) as second:
        second.restore(tmp_path)
        assert (await second.expect("resumed", within_s=10)).data == {"items": 2, "left_out": []}
        assert texts(second) == before


async def test_a_server_that_goes_away_for_good_ends_the_call_by_name() -> None:
    async with start_server() as server:
        client = RealtimeClient(server.url, api_key=server.api_key, reconnect=SOON)
        await client.connect()
    with pytest.raises(ReconnectFailed) as failed:
        await client.wait_closed()
    assert isinstance(failed.value.__cause__, ServerUnreachable)
    assert client.state == "idle"
    await client.aclose()


class PeerThatCallsByItself(WrtcPeer):
    """An engine that is given an address and an ephemeral secret, and negotiates by itself."""

    async def negotiate(self, calls_url: str, secret: str) -> str | None:
        assert secret.startswith("ek_")
        rest = RealtimeHttpApi(calls_url.removesuffix("/realtime/calls"))
        answer, call_id = await rest.call(secret, await self.create_offer())
        await self.accept_answer(answer)
        return call_id


async def test_an_engine_may_negotiate_by_itself(shared_server: RunningServer) -> None:
    async with call_to(shared_server, engine=PeerThatCallsByItself) as client:
        assert (client.call_id or "").startswith("rtc_")
        await client.send_text("Hello.")


@pytest.mark.browser
async def test_a_page_in_chromium_may_be_the_engine(
    shared_server: RunningServer, shared_chromium: Chromium
) -> None:
    rule = {"when": {"words": ["forward"]}, "say": "Going forward ten meters."}

    def engine(listener: PeerListener) -> PageConnection:
        return PageConnection(listener, shared_chromium)

    async with call_to(shared_server, rule, engine=engine) as client:
        await client.microphone.play(clip("goforward"))
        over = await client.expect("answer_over", within_s=30)
        assert over.data["text"] == "Going forward ten meters."
        heard = np.concatenate([audio.samples for audio in client.heard().take_available()])
        assert float(np.abs(heard).max()) > 0.1


async def test_a_host_may_relay_the_description_by_itself(shared_server: RunningServer) -> None:
    """The unified form: offer and session as a form, with the key of a backend."""

    async def relay(offer: str) -> str:
        form = aiohttp.FormData()
        form.add_field("sdp", offer, content_type="application/sdp")
        session = json.dumps({"type": "realtime", "instructions": "Be kind."})
        form.add_field("session", session, content_type="application/json")
        headers = {"Authorization": f"Bearer {shared_server.api_key}"}
        url = f"{shared_server.url}/v1/realtime/calls"
        async with (
            aiohttp.ClientSession() as http,
            http.post(url, data=form, headers=headers) as answer,
        ):
            assert answer.status == 201
            return await answer.text()

    async with call_to(shared_server, api_key=None, signalling=relay) as client:
        assert client.state == "open"
        assert (client.snapshot().effective or {})["instructions"] == "Be kind."


async def test_wrong_keys_and_wrong_settings_are_refused_by_name(
    shared_server: RunningServer,
) -> None:
    with pytest.raises(ServerRefused) as refused:
        async with call_to(shared_server, api_key="sk-wrong"):
            pass
    assert refused.value.status == 401
    assert "sk-wrong" not in str(refused.value)
    wrong = SessionSettings(tool_choice={"type": "nonsense"})
    with pytest.raises(ServerRefused) as refused:
        async with call_to(shared_server, settings=wrong):
            pass
    assert refused.value.status == 400


async def test_settings_change_while_the_call_runs(shared_server: RunningServer) -> None:
    async with call_to(shared_server) as client:
        await client.update({"instructions": "Be brief."})
        assert (client.snapshot().effective or {})["instructions"] == "Be brief."
        with pytest.raises(RequestRefused) as refused:
            await client.update({"audio": {"output": {"speed": 9}}})
        assert refused.value.param == "session.audio.output.speed"
