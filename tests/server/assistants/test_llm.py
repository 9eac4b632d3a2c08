"""A language model as the assistant; the endpoint is one of our own making."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import Piece, Prompt, Say, UseTool
from harness.server.assistants.llm import LlmAssistant
from tests.support.chat_endpoint import DONE, ChatEndpoint, chat_endpoint, delta, end, tool

KEY = "sk-very-secret"
PROMPT = Prompt(
    "hello",
    1,
    items=(
        {
            "id": "i",
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "hello"}],
        },
    ),
)


@pytest.fixture(scope="module")
async def endpoint() -> AsyncIterator[ChatEndpoint]:
    async with chat_endpoint() as running:
        yield running


async def pieces_of(endpoint: ChatEndpoint, answer: Any, **options: Any) -> list[Piece]:
    endpoint.answers = [answer]
    llm = LlmAssistant(endpoint.url, "small", KEY, **options)
    try:
        return [piece async for piece in llm.answer(PROMPT)]
    finally:
        await llm.aclose()


async def failure_of(endpoint: ChatEndpoint, answer: Any, **options: Any) -> AssistantError:
    with pytest.raises(AssistantError) as failed:
        await pieces_of(endpoint, answer, **options)
    assert KEY not in str(failed.value)
    assert endpoint.url not in str(failed.value)
    return failed.value


async def test_words_come_as_they_are_written(endpoint: ChatEndpoint) -> None:
    answer = [
        delta(role="assistant", content="\n"),
        delta(content=" Hi"),
        delta(content=" you."),
        end(),
        DONE,
    ]
    assert await pieces_of(endpoint, answer) == [Say("Hi"), Say(" you.")]
    request = endpoint.requests[-1]
    assert (request["model"], request["stream"], "tools" in request) == ("small", True, False)
    assert request["messages"] == [{"role": "user", "content": "hello"}]
    assert endpoint.keys[-1] == f"Bearer {KEY}"


async def test_no_key_of_the_environment_is_sent(
    endpoint: ChatEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody")
    endpoint.answers = [[delta(content="Hi"), end(), DONE]]
    llm = LlmAssistant(endpoint.url, "small")
    assert [piece async for piece in llm.answer(PROMPT)] == [Say("Hi")]
    await llm.aclose()
    assert "sk-of-somebody" not in endpoint.keys[-1]


async def test_tool_calls_are_put_together_from_their_pieces(endpoint: ChatEndpoint) -> None:
    answer = [
        delta(content="\n\n"),
        tool(0, "look"),
        tool(0, arguments='{"at":'),
        tool(1, "move", "{}"),
        tool(0, arguments=' "me"}'),
        tool(2, "stop"),
        end("tool_calls"),
        DONE,
    ]
    assert await pieces_of(endpoint, answer) == [
        UseTool("look", '{"at": "me"}'),
        UseTool("move", "{}"),
        UseTool("stop", "{}"),
    ]


async def test_an_answer_that_is_not_streamed_is_read_as_well(endpoint: ChatEndpoint) -> None:
    """Small endpoints know no streams; ten lines of one's own do not, either."""
    call = {"id": "t", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    message = {"role": "assistant", "content": "Hi you.", "tool_calls": [call]}
    answer = {"choices": [{"message": message}]}
    assert await pieces_of(endpoint, answer) == [Say("Hi you."), UseTool("look", "{}")]


async def test_a_page_in_place_of_an_answer_is_told(endpoint: ChatEndpoint) -> None:
    assert "is that the API?" in str(await failure_of(endpoint, "<html>Hello</html>"))


async def test_what_a_model_thinks_aloud_is_not_said(endpoint: ChatEndpoint) -> None:
    answer = [delta(content="<thi"), delta(content="nk>hm</think>\n\nYes"), end(), DONE]
    assert await pieces_of(endpoint, answer) == [Say("Yes")]


async def test_a_chunk_without_a_choice_is_passed_over(endpoint: ChatEndpoint) -> None:
    usage = {**delta(), "choices": [], "usage": {"total_tokens": 3}}
    assert await pieces_of(endpoint, [delta(content="Yes"), end(), usage, DONE]) == [Say("Yes")]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (401, "llm_authentication_failed"),
        (403, "llm_authentication_failed"),
        (404, "llm_not_found"),
        (400, "llm_refused"),
        (429, "rate_limit_exceeded"),
        (500, "llm_error"),
        ([], "llm_malformed"),
        (["data: {nonsense\n\n"], "llm_malformed"),
        (["<html>a proxy</html>"], "llm_malformed"),
        (['data: {"choices": "x"}\n\n', DONE], "llm_malformed"),
        (['data: {"choices": [{"delta": {"content": 7}}]}\n\n', DONE], "llm_malformed"),
        (['data: {"choices": [{"delta": {"tool_calls": [1]}}]}\n\n'], "llm_malformed"),
        ([delta(content="Yes")], "llm_malformed"),
        ([tool(0, "look", "{nonsense"), end("tool_calls"), DONE], "llm_malformed"),
        ([tool(0, "look", "[]"), end("tool_calls"), DONE], "llm_malformed"),
        ([tool(0, None, "{}"), end("tool_calls"), DONE], "llm_malformed"),
        (['data: {"error": {"message": "no memory"}}\n\n'], "llm_error"),
        ([end("content_filter"), DONE], "content_filter"),
        ([delta(refusal="I cannot"), delta(refusal=" do that."), end(), DONE], "llm_declined"),
        ({"choices": [{"message": {"content": None, "refusal": "No."}}]}, "llm_declined"),
        ({"error": "no"}, "llm_malformed"),
        ({"choices": [7]}, "llm_malformed"),
        ({"choices": [{"message": {"content": 7}}]}, "llm_malformed"),
    ],
)
async def test_what_goes_wrong_has_a_code(endpoint: ChatEndpoint, answer: Any, code: str) -> None:
    assert (await failure_of(endpoint, answer)).code == code


async def test_a_refused_request_is_not_repeated(endpoint: ChatEndpoint) -> None:
    before = len(endpoint.requests)
    await failure_of(endpoint, 429)
    assert len(endpoint.requests) == before + 1


@pytest.mark.parametrize("answer", [["hang"], [delta(content="Yes"), "hang"]])
async def test_a_model_that_hangs_is_given_up(endpoint: ChatEndpoint, answer: Any) -> None:
    endpoint.left.clear()
    error = await failure_of(endpoint, answer, first_within_s=0.3, next_within_s=0.3)
    assert error.code == "llm_timeout"
    async with asyncio.timeout(10):
        await endpoint.left.wait()


async def test_nobody_there_is_said_to_be_nobody_there() -> None:
    llm = LlmAssistant("http://127.0.0.1:9/v1", "small", KEY)
    with pytest.raises(AssistantError) as failed:
        [piece async for piece in llm.answer(PROMPT)]
    assert failed.value.code == "llm_unreachable"
    await llm.aclose()


async def test_closing_an_answer_gives_up_its_request(endpoint: ChatEndpoint) -> None:
    endpoint.left.clear()
    endpoint.answers = [[delta(content="Yes"), "hang"]]
    llm = LlmAssistant(endpoint.url, "small", KEY)
    answer = llm.answer(PROMPT)
    assert await anext(answer) == Say("Yes")
    await answer.aclose()
    async with asyncio.timeout(10):
        await endpoint.left.wait()
    await llm.aclose()


async def test_an_answer_without_end_ends(endpoint: ChatEndpoint) -> None:
    answer = [*[delta(content="word " * 1_000)] * 5, "hang"]
    said = await pieces_of(endpoint, answer)
    assert 20_000 < sum(len(piece.text) for piece in said if isinstance(piece, Say)) <= 25_000
