"""Recognition and synthesis as jobs of a call; the engines are fakes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from aiohttp import web

from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import Piece, Say
from harness.realtime.server.outputs import (
    AskAssistant,
    CallTool,
    ListTools,
    Recognise,
    StopAssistant,
    StopRemote,
)
from harness.realtime.server.validation.mcp_values import RemoteServer
from tests.support.list_call import ListCall
from tests.support.small_server import serve
from tests.support.waiting import until


async def test_speech_comes_part_by_part_and_says_which_is_the_last() -> None:
    """Each when it is ready."""
    call = ListCall()
    call.open()
    call.receive_text('{"do": "speak", "text": "one two"}')
    await until(lambda: len(call.sent) == 4)
    assert [event["is_last"] for event in call.sent[1:]] == [False, False, True]
    call.end("enough")
    await call.run()


async def test_speech_that_fails_is_told() -> None:
    """With the engine's own sentence; the call goes on."""
    call = ListCall()
    call.open()
    call.receive_text('{"do": "speak", "text": "broken"}')
    await until(lambda: len(call.sent) == 2)
    assert call.sent[1]["message"] == "The word cannot be spoken."
    assert call.ended_because is None


async def test_words_come_back_with_their_job() -> None:
    """The text of what was heard."""
    call = ListCall()
    call.open()
    call.session.heard.append(np.zeros(24_000, np.float32))
    call.receive_text('{"do": "recognise"}')
    await until(lambda: len(call.sent) == 2)
    assert (call.sent[1]["job_id"], call.sent[1]["text"]) == ("job", "1.0 seconds")


async def test_the_end_of_a_call_leaves_no_job() -> None:
    """What still runs is cancelled, and tells the session nothing."""
    call = ListCall()
    before = asyncio.all_tasks()
    call.open()
    call.receive_text('{"do": "speak", "text": "one two"}')
    call.end("enough")
    await call.run()
    assert asyncio.all_tasks() == before
    assert call.kinds() == ["session.created"]


async def test_a_job_that_breaks_ends_the_call(caplog: pytest.LogCaptureFixture) -> None:
    """Loudly: the mistake is ours."""
    call = ListCall()
    call.open()
    call._jobs.start(Recognise("job", None, 24_000))  # type: ignore[arg-type]
    await until(lambda: call.ended_because is not None)
    assert call.ended_because == "the server made a mistake"
    assert "a job broke" in caplog.text


async def thinking(
    *pieces: Piece | Exception, ended: list[str] | None = None
) -> AsyncIterator[Piece]:
    """Yields the pieces and raises the errors; without an error it then waits for ever."""
    try:
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece
        if ended is not None:
            await asyncio.Event().wait()
    finally:
        if ended is not None:
            ended.append("closed")


async def thought_of(*pieces: Piece | Exception, events: int) -> list[dict[str, object]]:
    call = ListCall()
    call.open()
    call._jobs.start(AskAssistant("job", thinking(*pieces)))
    await until(lambda: len(call.sent) == 1 + events)
    call.end("enough")
    await call.run()
    return call.sent[1:]


async def test_pieces_of_a_thought_come_in_order_and_then_their_end() -> None:
    sent = await thought_of(Say("one"), Say("two"), events=3)
    assert [event["piece"] for event in sent] == ["one", "two", None]


async def test_a_thought_that_fails_is_told_in_its_own_words() -> None:
    sent = await thought_of(Say("one"), AssistantError("No model.", "llm_down"), events=2)
    assert (sent[1]["code"], sent[1]["message"]) == ("llm_down", "No model.")


async def test_an_assistants_mistake_is_for_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    (sent,) = await thought_of(ZeroDivisionError("inner secrets"), events=1)
    assert (sent["code"], sent["message"]) == ("assistant_failed", "The assistant failed.")
    assert "inner secrets" in caplog.text


@pytest.mark.parametrize("way", ["stopped", "hung up"])
async def test_a_thought_nobody_waits_for_is_closed(way: str) -> None:
    call, ended = ListCall(), list[str]()
    call.open()
    call._jobs.start(AskAssistant("job", thinking(Say("one"), ended=ended)))
    await until(lambda: len(call.sent) == 2)
    if way == "stopped":
        call._jobs.start(StopAssistant("job"))
    else:
        call.end("enough")
        await call.run()
    await until(lambda: ended == ["closed"])
    assert call.kinds() == ["session.created", "assistant_output"]


async def test_a_remote_tool_that_cannot_be_reached_is_told() -> None:
    """The listing and the call each come back once, with the reason."""
    call = ListCall()
    call.open()
    server = RemoteServer("desk", "http://127.0.0.1:9/mcp")
    call._jobs.start(ListTools("list", server, 20.0))
    call._jobs.start(CallTool("call", server, "add", {}, 20.0))
    await until(lambda: len(call.kinds()) == 3, 30)  # a busy machine is slow to import the package
    told = {event["type"]: event["failure"] for event in call.sent if "failure" in event}
    assert all("could not be reached" in reason for reason in told.values())
    assert set(told) == {"tools", "tool result"}
    call.end("enough")
    await call.run()


async def test_a_remote_call_that_is_stopped_tells_nothing() -> None:
    async def never(request: web.Request) -> web.Response:
        asked.set()
        await asyncio.sleep(60)
        return web.Response()

    asked = asyncio.Event()
    async with serve({("POST", "/mcp"): never}) as url:
        call = ListCall()
        call.open()
        call._jobs.start(CallTool("call", RemoteServer("desk", f"{url}/mcp"), "add", {}, 20.0))
        await asked.wait()
        call._jobs.start(StopRemote("call"))
        await until(lambda: not call._jobs._running)
        assert "tool result" not in call.kinds()
        call.end("enough")
        await call.run()


async def test_work_ahead_gives_way_to_work_that_is_waited_for() -> None:
    """It fails without a word in the log, and the session asks again when it needs the words."""
    call = ListCall()
    call.open()
    samples = np.zeros(24_000, np.float32)
    call._jobs.start(Recognise("needed", samples, 24_000))
    await asyncio.sleep(0)
    call._jobs.start(Recognise("ahead", samples, 24_000, is_ahead=True))
    await until(lambda: len(call.sent) == 3)
    assert {event["job_id"]: event["text"] for event in call.sent[1:]} == {
        "needed": "1.0 seconds",
        "ahead": None,
    }
