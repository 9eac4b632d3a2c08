"""Pages for the hosted service, unchanged: what they ask of it is answered on this machine."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from harness.browser.launch import Chromium
from harness.client.server_api import set_script
from harness.engines.browser.open import CallOptions, open_call
from harness.errors import NoMicrophoneRequest
from harness.scenario.run import run_scenarios
from harness.server.process.launch import RunningServer
from tests.support.small_server import serve
from tests.support.stock_client import hosted_page_routes
from tests.support.stock_waiter import BOOKED, QUIET, SCRIPT

pytestmark = pytest.mark.realtime

PAGE_S_KEY = "ek_68af296e8e408191a1120ab6383263c2"
TALK = [{"click": "#talk"}]
WITHIN_MS = 30_000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hosted_page() -> AsyncIterator[str]:
    """The address of a page of the stock client's that knows the hosted service alone."""
    async with serve(hosted_page_routes()) as url:
        yield f"{url}/"


def redirected(trace: Path) -> list[dict[str, Any]]:
    lines = map(json.loads, trace.read_text(encoding="utf-8").splitlines()[1:])
    return [line["data"] for line in lines if line["type"] == "page.redirected"]


async def test_the_stock_client_talks_over_webrtc(
    hosted_page: str, shared_server: RunningServer, tmp_path: Path
) -> None:
    await set_script(shared_server, SCRIPT)
    options = CallOptions(start=TALK)
    async with open_call(
        hosted_page, server=shared_server, redirect="openai", out=tmp_path, options=options
    ) as call:
        await call.say("booking-table-for-two")
        while (answer := await call.answer(within_s=30)).transcript != BOOKED:
            pass
        assert "weather" in answer.recognised
        assert await call.page.page.evaluate("[app.booked, app.errors]") == [2, []]
    trace = tmp_path / "trace.jsonl"
    called = [facts for facts in redirected(trace) if facts["method"] == "POST"]
    assert called == [
        {
            "method": "POST",
            "host": "api.openai.com",
            "path": "/v1/realtime/calls",
            "status": 201,
            "rule": "openai",
        }
    ]
    assert PAGE_S_KEY not in trace.read_text(encoding="utf-8")


STREAMED = """async (key) => {
  const asked = await fetch("https://api.openai.com/v1/responses", {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ model: "gpt-5.6", input: "Good evening!", stream: true }),
  });
  let text = "";
  const reader = asked.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  const blocks = text.split("\\n\\n").filter(Boolean);
  const events = blocks.map((block) => JSON.parse(block.split("data: ")[1]));
  return [events[0].type, events.at(-1).type, events.at(-1).response.output[0].content[0].text];
}"""
"""A page's question over the Responses API, its answer read as it comes."""


async def test_the_stock_client_talks_over_a_websocket(
    hosted_page: str, shared_server: RunningServer, tmp_path: Path
) -> None:
    """Its sound goes through audio worklets of the page; and it asks in writing."""
    await set_script(shared_server, SCRIPT)
    async with open_call(
        f"{hosted_page}?websocket",
        server=shared_server,
        redirect="openai",
        out=tmp_path,
        options=CallOptions(start=TALK),
    ) as call:
        await call.say("booking-table-for-two")
        while (answer := await call.answer(within_s=30)).transcript != BOOKED:
            pass
        assert "weather" in answer.recognised
        assert await call.page.page.evaluate("[app.booked, app.errors]") == [2, []]
        answered = await call.page.page.evaluate(STREAMED, PAGE_S_KEY)
    assert answered == ["response.created", "response.completed", QUIET]
    facts = {"host": "api.openai.com", "rule": "openai"}
    assert redirected(tmp_path / "trace.jsonl") == [
        {**facts, "path": "/v1/realtime", "method": "GET", "status": 101},
        {**facts, "path": "/v1/responses", "method": "OPTIONS", "status": 204},
        {**facts, "path": "/v1/responses", "method": "POST", "status": 200},
    ]


async def test_a_call_without_a_server_has_one_of_its_own(hosted_page: str) -> None:
    options = CallOptions(start=TALK)
    async with open_call(hosted_page, redirect="openai", options=options) as call:
        await call.say("booking-table-for-two")
        assert "table" in (await call.answer(within_s=30)).recognised


async def test_a_call_that_does_not_come_up_says_that_nothing_matched(
    hosted_page: str, shared_server: RunningServer
) -> None:
    """It is what a user should look at first."""
    rule = [{"from": "https://voice.example.com/v1/"}]
    with pytest.raises(NoMicrophoneRequest, match=r"voice.example.com/v1/: no request matched"):
        async with open_call(
            hosted_page, server=shared_server, redirect=rule, options=CallOptions(connect_s=1)
        ):
            pass


async def test_a_chromium_that_is_shared_stays_as_it_is(
    hosted_page: str, shared_server: RunningServer, shared_chromium: Chromium
) -> None:
    async with open_call(
        hosted_page,
        server=shared_server,
        redirect="openai",
        chromium=shared_chromium,
        options=CallOptions(start=TALK),
    ) as call:
        assert call.page.page.context.browser is not shared_chromium.browser
    assert shared_chromium.browser.is_connected()
    assert shared_chromium.browser.contexts == []


async def test_a_scenario_says_it_and_what_did_not_match_is_noted(
    hosted_page: str, tmp_path: Path
) -> None:
    path = tmp_path / "waiter.yaml"
    path.write_text(
        f"""
name: waiter
page:
  url: {hosted_page}
  start: [{{click: "#talk"}}]
  redirect:
    - {{from: "https://api.openai.com/v1/", to: server}}
    - {{from: "https://voice.example.com/v1/"}}
assistant: {{rules: [{{say: Your table for two people is ready.}}]}}
steps:
  - say: booking-table-for-two
  - expect: {{words: [table, ready]}}
""",
        encoding="utf-8",
    )
    results = await run_scenarios([path], out=tmp_path / "out")
    (scenario,) = results.scenarios
    assert results.verdict == "passed", scenario.error
    assert "redirect https://voice.example.com/v1/: no request matched" in scenario.notes
