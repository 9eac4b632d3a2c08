"""`/v1/responses`, asked by the official clients as they come, and by hand."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI, BadRequestError, NotFoundError, OpenAI

from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import Assistants
from tests.support.local_server import API_KEY, WITH_KEY, LocalServer, local_server
from tests.support.written_assistants import Held

ROOT = Path(__file__).parents[3]
MODEL = "gpt-5.6"
BOOK = {
    "type": "function",
    "name": "book_table",
    "parameters": {"type": "object", "properties": {}},
    "strict": True,
}
WAITER = Script.model_validate(
    {
        "rules": [
            {
                "when": {"words": ["table"]},
                "say": "One moment.",
                "call": {"name": "book_table", "arguments": {"persons": 2}},
            },
            {"when": {"tool": "book_table"}, "say": "Your table is ready."},
        ]
    }
)


@asynccontextmanager
async def asked(assistant: Any = None) -> AsyncIterator[tuple[AsyncOpenAI, LocalServer]]:
    async with local_server(assistants=Assistants(script=WAITER)) as server:
        if assistant is not None:
            server.state.assistants._own, server.state.assistants.name = assistant, "own"
        async with AsyncOpenAI(
            base_url=str(server.client.make_url("/v1")), api_key=API_KEY, max_retries=0
        ) as client:
            yield client, server


async def test_a_question_a_tool_and_its_result() -> None:
    async with asked() as (client, _):
        tools: Any = [BOOK]
        first = await client.responses.create(
            model=MODEL, input="A table, please.", instructions="Be kind.", tools=tools
        )
        assert (first.status, first.output_text) == ("completed", "One moment.")
        assert (first.instructions, first.model) == ("Be kind.", MODEL)
        assert first.usage is not None
        call = first.output[1]
        assert call.type == "function_call"
        assert json.loads(call.arguments) == {"persons": 2}
        second = await client.responses.create(
            model=MODEL,
            previous_response_id=first.id,
            tools=tools,
            input=[{"type": "function_call_output", "call_id": call.call_id, "output": "ok"}],
        )
        assert second.output_text == "Your table is ready."
        assert (second.previous_response_id, second.instructions) == (first.id, None)

        again = await client.responses.retrieve(second.id)
        assert again == second
        items = [item async for item in client.responses.input_items.list(second.id, limit=2)]
        assert [item.type for item in items] == [
            *["function_call_output", "function_call", "message", "message"]
        ]
        await client.responses.delete(first.id)
        with pytest.raises(NotFoundError):
            await client.responses.retrieve(first.id)


async def test_a_stream_is_what_the_official_client_expects() -> None:
    async with asked() as (client, _):
        async with client.responses.stream(model=MODEL, input="Good evening!") as stream:
            kinds = [event.type async for event in stream]
            final = await stream.get_final_response()
        assert kinds[:2] == ["response.created", "response.in_progress"]
        assert kinds[-1] == "response.completed"
        assert final.output_text == "You said: Good evening!"


async def test_a_background_response_is_polled_resumed_and_cancelled() -> None:
    held = Held()
    async with asked(held) as (client, _):
        stream = await client.responses.create(
            model=MODEL, input="Think.", background=True, stream=True
        )
        seen = []
        async for event in stream:
            seen.append(event)
            if event.type == "response.output_text.delta":
                break
        await stream.close()  # a client that loses its connection
        created = seen[0]
        assert created.type == "response.created"
        name = created.response.id
        assert (await client.responses.retrieve(name)).status == "in_progress"
        held.go.set()
        rest = await client.responses.retrieve(
            name, stream=True, starting_after=seen[-1].sequence_number
        )
        numbers = [event.sequence_number async for event in rest]
        bare = await client.responses.retrieve(name, stream=True, include_obfuscation=False)
        assert not [event async for event in bare if "obfuscation" in event.model_dump()]
        assert numbers == list(range(seen[-1].sequence_number + 1, numbers[-1] + 1))
        polled = await client.responses.retrieve(name)
        assert (polled.status, polled.output_text) == ("completed", "One moment. Here it is.")

        held.go.clear()
        held.began.clear()
        held.ended.clear()
        plain = await client.responses.create(model=MODEL, input="Again.", background=True)
        assert plain.status == "queued"
        await held.began.wait()
        cancelled = await client.responses.cancel(plain.id)
        assert (cancelled.status, cancelled.output_text) == ("cancelled", "One moment. ")
        assert (await client.responses.cancel(plain.id)).status == "cancelled"
        assert held.ended.is_set()
        for name_of_none, wanted in ((plain.id, "stream=true"), ("resp_0", "resp_0")):
            with pytest.raises((BadRequestError, NotFoundError), match=wanted):
                await client.responses.retrieve(name_of_none, stream=True)


async def test_whoever_goes_cancels_what_is_not_in_the_background() -> None:
    held = Held()
    async with asked(held) as (client, _):
        asking = asyncio.create_task(client.responses.create(model=MODEL, input="Think."))
        await held.began.wait()
        asking.cancel()
        await held.ended.wait()


async def test_the_synchronous_client_and_errors_by_their_classes() -> None:
    async with asked() as (_, server):
        base = str(server.client.make_url("/v1"))

        def ask() -> list[str]:
            with OpenAI(base_url=base, api_key=API_KEY, max_retries=0) as client:
                whole = client.responses.create(model=MODEL, input="Hello.").output_text
                stream = client.responses.create(model=MODEL, input="Hello.", stream=True)
                deltas = [e.delta for e in stream if e.type == "response.output_text.delta"]
                synchronous = client.responses.create(model=MODEL, input="Hello.")
                with pytest.raises(BadRequestError, match="synchronous"):
                    client.responses.cancel(synchronous.id)
                with pytest.raises(BadRequestError) as caught:
                    client.responses.create(model=MODEL, input="x", previous_response_id="resp_0")
                assert caught.value.code == "previous_response_not_found"
                return [whole, "".join(deltas)]

        assert await asyncio.to_thread(ask) == ["You said: Hello.", "You said: Hello."]


async def test_faults_of_requests_concern_it_too() -> None:
    async with local_server() as server:
        headers = {**WITH_KEY, "X-Harness-Faults": "http_error; status=429; on=responses"}
        body = {"model": MODEL, "input": "Hi."}
        async with server.client.post("/v1/responses", json=body, headers=headers) as answer:
            assert answer.status == 429
        async with server.client.post("/v1/responses", json=body) as answer:
            assert answer.status == 401
        async with server.client.post(
            "/v1/responses", json={"model": MODEL}, headers=WITH_KEY
        ) as answer:
            assert answer.status == 400
            error = (await answer.json())["error"]
        assert error == {
            "message": "One of 'input' or 'previous_response_id' must be provided.",
            "type": "invalid_request_error",
            "code": "missing_required_parameter",
            "param": "input",
        }


NODE = """
import OpenAI from "openai";
const client = new OpenAI({ maxRetries: 0 });
const model = "gpt-5.6";
const whole = await client.responses.create({ model, input: "Hello." });
const stream = await client.responses.create({ model, input: "Hello.", stream: true });
let words = "";
for await (const event of stream) {
  if (event.type === "response.output_text.delta") words += event.delta;
}
let polled = await client.responses.create({ model, input: "Hello.", background: true });
while (polled.status !== "completed") polled = await client.responses.retrieve(polled.id);
let code = "";
await client.responses.retrieve("resp_0").catch((error) => { code = String(error.status); });
console.log(JSON.stringify([whole.output_text, words, polled.output_text, code]));
"""


async def test_the_official_client_for_node() -> None:
    node = shutil.which("node")
    if node is None or not (ROOT / "web" / "node_modules" / "openai").exists():
        pytest.skip("NOT RUN: node, or its openai package in web/node_modules, is not there")
    async with asked() as (_, server):
        environment = {
            "PATH": os.environ["PATH"],
            "OPENAI_BASE_URL": str(server.client.make_url("/v1")),
            "OPENAI_API_KEY": API_KEY,
        }
        process = await asyncio.create_subprocess_exec(
            *[node, "--input-type=module", "--eval", NODE],
            cwd=ROOT / "web",
            env=environment,
            stdout=PIPE,
            stderr=PIPE,
        )
        printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    said = "You said: Hello."
    assert json.loads(printed) == [said, said, said, "404"]
