"""The ChatKit endpoint over HTTP: who may ask, what is refused and how, attachments."""

from __future__ import annotations

import base64
import io
import json
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
import soundfile

from harness.server.chatkit.desk import DESK
from harness.server.http.body import MOST_BODY_BYTES
from harness.server.routes.chatkit import MOST_SOUND_BYTES, MOST_UPLOADS
from tests.support.local_server import API_KEY, WITH_KEY, LocalServer, local_server
from tests.support.written_assistants import Held

HAS_PACKAGE = pytest.mark.skipif(
    find_spec("chatkit") is None,
    reason="NOT RUN: the extra “chatkit” is not installed",
)
BETA = {**WITH_KEY, "OpenAI-Beta": "chatkit_beta=v1"}
HELLO = {
    "content": [{"type": "input_text", "text": "Hello."}],
    "attachments": [],
    "inference_options": {},
}


async def ask(
    server: LocalServer, request: str, headers: dict[str, str] | None = None, /, **params: Any
) -> tuple[int, str]:
    body = json.dumps({"type": request, "params": params})
    headers = WITH_KEY if headers is None else headers
    async with server.client.post("/chatkit", data=body, headers=headers) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        return answer.status, await answer.text()


async def session(server: LocalServer, **more: Any) -> dict[str, str]:
    """The headers of a session's page."""
    body = {"user": "kim", "workflow": {"id": "w"}, **more}
    async with server.client.post("/v1/chatkit/sessions", json=body, headers=BETA) as answer:
        secret = (await answer.json())["client_secret"]
    return {"Authorization": f"Bearer {secret}"}


@HAS_PACKAGE
async def test_a_turn_is_a_stream_that_ends_with_its_body() -> None:
    async with local_server() as server:
        status, text = await ask(server, "threads.create", input=HELLO)
        assert status == 200
        lines = text.split("\n\n")
        assert lines[-1] == ""
        events = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
        assert events[0]["type"] == "thread.created"
        assert not events[0]["thread"].get("metadata")
        assert "[DONE]" not in text
        async with server.client.get("/v1/chatkit/threads", headers=BETA) as answer:
            (thread,) = (await answer.json())["data"]
        assert (thread["id"], thread["user"]) == (events[0]["thread"]["id"], "local")


@HAS_PACKAGE
async def test_a_page_has_a_session_of_its_own_user() -> None:
    async with local_server() as server:
        page = await session(server, rate_limits={"max_requests_per_1_minute": 2})
        assert (await ask(server, "threads.create", page, input=HELLO))[0] == 200
        status, text = await ask(server, "threads.list", page)
        assert (status, len(json.loads(text)["data"])) == (200, 1)
        assert (await ask(server, "threads.list", page))[0] == 429
        other = await session(server, user="eve")
        assert json.loads((await ask(server, "threads.list", other))[1])["data"] == []
        for wrong in ({}, {"Authorization": "Bearer ek_nobody"}):
            assert (await ask(server, "threads.list", wrong))[0] == 401


@HAS_PACKAGE
@pytest.mark.parametrize(
    ("kind", "params", "status", "found"),
    [
        ("threads.sing", {}, 400, "threads.sing"),
        ("threads.create", {}, 400, "input"),
        ("threads.get_by_id", {"thread_id": "thr_0"}, 404, "thr_0"),
        ("threads.add_user_message", {"thread_id": "thr_0", "input": HELLO}, 404, "thr_0"),
        ("threads.create", {"input": {**HELLO, "attachments": ["atc_0"]}}, 404, "atc_0"),
        ("threads.create", {"input": {**HELLO, "attachments": ["a"] * 11}}, 400, "10 attachments"),
        ("threads.retry_after_item", {"thread_id": "thr_0", "item_id": "msg_0"}, 404, "thr_0"),
        ("input.transcribe", {"audio_base64": "AAAA", "mime_type": "audio/ogg"}, 400, "audio"),
        ("attachments.create", {"name": "a", "size": 2**40, "mime_type": "a/b"}, 400, "bytes"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_status(
    kind: str, params: dict[str, Any], status: int, found: str
) -> None:
    async with local_server() as server:
        got, text = await ask(server, kind, **params)
        assert got == status
        assert found in json.loads(text)["error"]["message"]


@HAS_PACKAGE
async def test_a_file_is_announced_uploaded_and_read_by_its_address() -> None:
    async with local_server() as server:
        _, text = await ask(
            server, "attachments.create", name="a.png", size=3, mime_type="image/png"
        )
        made = json.loads(text)
        address = made["upload_descriptor"]["url"]
        assert made["preview_url"] == address
        path = address[address.index("/chatkit") :]
        async with server.client.get(path) as answer:
            assert answer.status == 404
        async with server.client.put(path, data=b"abcd") as answer:
            assert answer.status == 413
        async with server.client.put(path[:-1], data=b"abc") as answer:
            assert answer.status == 404
        async with server.client.put(path, data=b"abc") as answer:
            assert answer.status == 200
        async with server.client.get(path) as answer:
            assert (await answer.read(), answer.content_type) == (b"abc", "image/png")
            assert "sandbox" in answer.headers["Content-Security-Policy"]
        async with server.client.options(path) as answer:
            assert "PUT" in answer.headers["Access-Control-Allow-Methods"]


@HAS_PACKAGE
@pytest.mark.parametrize("limit", [-1, 0, 2**63, -(2**70)])
async def test_a_page_of_any_size_is_a_page(limit: int) -> None:
    async with local_server() as server:
        for _ in range(2):
            _, text = await ask(server, "threads.create", input=HELLO)
        thread_id = json.loads(text.split("\n\n")[0][6:])["thread"]["id"]
        for kind, more in (("threads.list", {}), ("items.list", {"thread_id": thread_id})):
            status, text = await ask(server, kind, limit=limit, **more)
            assert status == 200
            assert len(json.loads(text)["data"]) == (1 if limit < 0 else 2)


@HAS_PACKAGE
async def test_as_many_uploads_as_may_come_at_once() -> None:
    async with local_server() as server:
        _, text = await ask(server, "attachments.create", name="a", size=3, mime_type="a/b")
        address = json.loads(text)["upload_descriptor"]["url"]
        path, app = address[address.index("/chatkit") :], server.client.app
        assert app is not None
        desk = app[DESK]
        desk.uploads = MOST_UPLOADS
        async with server.client.put(path, data=b"abc") as answer:
            assert answer.status == 429
        desk.uploads = MOST_UPLOADS - 1
        for body, status in ((b"abcd", 413), (b"abc", 200)):
            async with server.client.put(path, data=body) as answer:
                assert (answer.status, desk.uploads) == (status, MOST_UPLOADS - 1)


@HAS_PACKAGE
async def test_dictated_sound_alone_may_be_long() -> None:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(16_000 * 300, np.int16), 16_000, format="WAV")
    sound = base64.b64encode(file.getvalue()).decode()
    dictated = {"audio_base64": sound, "mime_type": "audio/wav"}
    long = {**HELLO, "content": [{"type": "input_text", "text": "x" * MOST_BODY_BYTES}]}
    async with local_server() as server:
        status, text = await ask(server, "input.transcribe", **dictated)
        assert (status, list(json.loads(text))) == (200, ["text"])
        assert (await ask(server, "threads.create", input=long))[0] == 413
        dictated["audio_base64"] = "A" * MOST_SOUND_BYTES
        assert (await ask(server, "input.transcribe", **dictated))[0] == 413


@HAS_PACKAGE
async def test_whoever_goes_cancels_their_turn() -> None:
    held = Held()
    async with local_server() as server:
        server.state.assistants._own, server.state.assistants.name = held, "own"
        body = json.dumps({"type": "threads.create", "params": {"input": HELLO}})
        asking = server.client.post("/chatkit", data=body, headers=WITH_KEY)
        async with asking as answer:
            await held.began.wait()
            answer.close()
        await held.ended.wait()


@HAS_PACKAGE
async def test_feedback_can_be_read() -> None:
    async with local_server() as server:
        _, text = await ask(server, "threads.create", input=HELLO)
        events = [json.loads(line[6:]) for line in text.split("\n\n")[:-1]]
        thread_id, item_id = events[0]["thread"]["id"], events[1]["item"]["id"]
        await ask(
            *(server, "items.feedback"), thread_id=thread_id, item_ids=[item_id], kind="positive"
        )
        path = f"/harness/chatkit/threads/{thread_id}/feedback"
        async with server.client.get(path, headers=WITH_KEY) as answer:
            assert await answer.json() == {item_id: "positive"}
        async with server.client.get(path) as answer:
            assert answer.status == 401


async def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith("harness.server.chatkit.s")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("chatkit", "chatkit.server", "chatkit.store", "chatkit.actions"):
        monkeypatch.setitem(sys.modules, name, None)
    async with local_server() as server:
        status, text = await ask(server, "threads.list")
        assert status == 501
        assert "realtime-harness[chatkit]" in json.loads(text)["error"]["message"]
    assert API_KEY not in text
