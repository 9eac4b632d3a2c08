"""One response under way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from harness.context.responses.request import read_request
from harness.context.responses.writer import ResponseWriter
from harness.errors import AssistantError
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant, Piece, Prompt
from harness.server.responses.run import ResponseRun
from tests.support.written_assistants import Held


class Failing:
    def __init__(self, code: str) -> None:
        self.code = code

    def answer(self, _: Prompt) -> Iterator[Piece]:
        raise AssistantError("The model is busy.", self.code)


def run_of(assistant: Assistant, **body: Any) -> ResponseRun:
    request = read_request({"model": "m", "input": "Hi.", **body})
    return ResponseRun(ResponseWriter("r", request, [], Ids(1), 0), assistant, Prompt("Hi."))


async def numbers(run: ResponseRun, after: int = -1) -> list[int]:
    return [event["sequence_number"] async for event in run.events(after)]


async def test_every_reader_gets_all_events_from_its_place_on() -> None:
    held = Held()
    run = run_of(held)
    run.start()
    early = asyncio.create_task(numbers(run))
    await held.began.wait()
    late = asyncio.create_task(numbers(run, 3))
    await asyncio.sleep(0)
    assert not early.done()
    held.go.set()
    await run.until_over()
    whole = await early
    assert whole == list(range(len(whole)))
    assert await late == whole[4:]
    assert await numbers(run, whole[-1]) == await numbers(run, 10**6) == []


async def test_a_cancelled_one_ends_its_readers_and_its_assistant() -> None:
    held = Held()
    run = run_of(held, background=True, stream=True)
    run.start()
    reader = asyncio.create_task(numbers(run))
    await held.began.wait()
    await run.cancel()
    assert held.ended.is_set()
    read = await reader
    assert read == list(range(len(read)))
    assert run.writer.status == "cancelled"
    assert run.is_resumable


async def test_an_assistants_failure_is_the_responses() -> None:
    for code, shown in (("rate_limit_exceeded", "rate_limit_exceeded"), ("llm_x", "server_error")):
        run = run_of(Failing(code))
        run.start()
        await run.until_over()
        error = run.writer.resource["error"]
        assert error == {"code": shown, "message": "The model is busy."}
