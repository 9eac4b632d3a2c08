"""The API key stays in Python: the page and everything that is left behind know nothing of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Page

from harness.browser.launch import Chromium
from harness.client.client import RealtimeClient
from harness.engines.browser.open import open_call
from harness.scenario.run import run_scenarios
from harness.server.process.launch import RunningServer

PLANTED = "sk-planted-where-it-must-be-found"
STORED = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, document.cookie, location.href, window.name,
    document.documentElement.outerHTML, await indexedDB.databases(), await caches.keys(),
])"""


async def heap(page: Page) -> str:
    """Every string that JavaScript can reach."""
    session = await page.context.new_cdp_session(page)
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda chunk: parts.append(chunk["chunk"]))
    await session.send("HeapProfiler.enable")
    await session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    await session.detach()
    return "\n".join(json.loads("".join(parts))["strings"])


async def requests(page: Page) -> str:
    """Every request of the page: address, headers, body."""
    said = []
    for request in await page.requests():
        said += [request.url, json.dumps(await request.all_headers()), request.post_data or ""]
    return "\n".join(said)


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.browser
async def test_the_key_is_nowhere_in_the_page(
    shared_chromium: Chromium, shared_server: RunningServer, tmp_path: Path
) -> None:
    key = shared_server.api_key
    async with open_call(server=shared_server, chromium=shared_chromium, out=tmp_path) as call:
        await call.say("goforward")
        await call.answer(within_s=30)
        page = shared_chromium.browser.contexts[-1].pages[0]
        # JSON.parse makes a flat string; the source of the script is in the heap as well.
        await page.evaluate("text => { window.planted = JSON.parse(text); }", f'"{PLANTED}"')
        found = await heap(page)
        assert PLANTED in found, "the search would find nothing"
        assert key not in found
        asked = await requests(page)
        assert "/v1/realtime/calls" in asked
        assert "ek_" in asked
        assert key not in asked
        assert key not in await page.evaluate(STORED)
        console = [message.text for message in await page.console_messages()]
        assert key not in "\n".join(console)
    files = written(tmp_path)
    assert "trace.jsonl" in files
    assert not [name for name, content in files.items() if key.encode() in content]


@pytest.mark.browser
async def test_the_key_is_in_no_file_of_a_run(
    shared_server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = shared_server.api_key
    monkeypatch.setenv("OPENAI_API_KEY", key)
    scenario = tmp_path / "short.yaml"
    scenario.write_text("name: short\nsteps: [{say: goforward}, {wait: {answer: true}}, hang_up]\n")
    out = tmp_path / "out"
    results = await run_scenarios([scenario], out=out, server_url=shared_server.url)
    assert results.scenarios[0].error is None
    files = written(out)
    assert {"trace.jsonl", "report.html", "results.json", "junit.xml"} <= set(files)
    assert not [name for name, content in files.items() if key.encode() in content]


async def test_the_key_is_in_no_log_event_or_text_of_a_client(
    shared_server: RunningServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    key = shared_server.api_key
    async with RealtimeClient(shared_server.url, api_key=key, log_folder=tmp_path) as client:
        secret = (await client.client_secret()).value
        client.send_text(f"{key} and {secret}")
        await client.expect("realtime_event", within_s=5)
        texts = [caplog.text, repr(client), repr(client.snapshot().effective)]
        texts += [repr(vars(client._core)), repr(client._core.parts)]
    log = b"".join(written(tmp_path).values())
    assert b"conversation.item.create" in log
    for hidden in (key, secret):
        assert hidden.encode() not in log
        assert not [text for text in texts if hidden in text]
