"""All responses of a server."""

from __future__ import annotations

from typing import Any

import pytest

from harness.context.responses.kept import KeptResponses
from harness.context.responses.request import read_request
from harness.errors import ProtocolError
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.echo import Echo
from harness.server.assistants.llm import LlmAssistant
from harness.server.responses.registry import Responses
from harness.server.responses.run import ResponseRun
from tests.support.chat_endpoint import DONE, chat_endpoint, delta, end, tool
from tests.support.written_assistants import Held


def start(responses: Responses, assistant: Any = None, **body: Any) -> ResponseRun:
    request = read_request({"model": "m", "input": "Hi.", **body})
    return responses.start(request, assistant or Echo(), Ids())


async def test_a_conversation_goes_on_where_the_last_response_ended() -> None:
    responses, held = Responses(), Held()
    first = start(responses, input="A table.")
    await first.until_over()
    second = start(
        responses, held, input="For two.", previous_response_id=first.writer.resource["id"]
    )
    held.go.set()
    await second.until_over()
    (prompt,) = held.prompts
    assert [item["role"] for item in prompt.items] == ["user", "assistant", "user"]
    assert (prompt.text, prompt.turn) == ("For two.", 2)


async def test_one_that_is_not_to_be_kept_is_not() -> None:
    responses = Responses()
    run = start(responses, store=False)
    await run.until_over()
    assert responses.find(run.writer.resource["id"]) is None


async def test_events_are_kept_where_they_may_be_asked_for_again() -> None:
    responses = Responses(KeptResponses(most=1))
    resumable = start(responses, background=True, stream=True)
    plain = start(responses, background=True)
    await plain.until_over()
    await resumable.until_over()
    start(responses)
    names = [run.writer.resource["id"] for run in (resumable, plain)]
    assert [responses.run_of(name) for name in names] == [None, None]  # one kept, the newest
    kept = Responses()
    resumable, plain = start(kept, background=True, stream=True), start(kept, background=True)
    await resumable.until_over()
    await plain.until_over()
    start(kept)
    assert kept.run_of(resumable.writer.resource["id"]) is resumable
    assert kept.run_of(plain.writer.resource["id"]) is None


async def test_one_that_is_removed_or_left_at_the_end_is_over() -> None:
    responses, held, other = Responses(most_running=2), Held(), Held()
    run, left = start(responses, held, background=True), start(responses, other)
    assert responses.is_full
    await held.began.wait()
    await other.began.wait()
    assert await responses.remove(run.writer.resource["id"])
    assert held.ended.is_set()
    assert not await responses.remove(run.writer.resource["id"])
    assert not responses.is_full
    await responses.aclose()
    assert other.ended.is_set()
    assert left.writer.status == "cancelled"


async def test_no_input_at_all_is_refused() -> None:
    with pytest.raises(ProtocolError, match="empty"):
        start(Responses(), input=[])


async def test_a_language_model_sees_instructions_functions_and_what_came_before() -> None:
    book = {"type": "function", "name": "book", "parameters": {"type": "object"}}
    async with chat_endpoint() as endpoint:
        endpoint.answers = [
            [tool(0, "book", '{"persons": 2}'), end("tool_calls"), DONE],
            [delta(content="It is "), delta(content="booked."), end(), DONE],
        ]
        llm, responses = LlmAssistant(endpoint.url, "m"), Responses()
        first = start(responses, llm, input="A table.", tools=[book], instructions="Be kind.")
        await first.until_over()
        (call,) = first.writer.resource["output"]
        result = {"type": "function_call_output", "call_id": call["call_id"], "output": "ok"}
        name = first.writer.resource["id"]
        second = start(responses, llm, input=[result], previous_response_id=name, tools=[book])
        await second.until_over()
        await llm.aclose()
    asked, then = endpoint.requests
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert asked["tools"][0]["function"]["name"] == "book"
    assert [message["role"] for message in then["messages"]] == ["user", "assistant", "tool"]
    (message,) = second.writer.resource["output"]
    assert message["content"][0]["text"] == "It is booked."
