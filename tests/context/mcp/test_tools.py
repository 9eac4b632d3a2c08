"""Tools of tool servers in a call: listed, agreed to, called; what fails is noted by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harness.context.approval import Approve, ToolRequest
from harness.context.mcp.tools import ToolServers
from harness.context.mcp_server import McpPrompt, McpServer
from harness.errors import ToolFailed, ToolRefused, UsageError
from harness.facts.contexts import (
    ContextFact,
    McpCalled,
    McpFailed,
    McpListed,
    McpPrompted,
    McpRefused,
)
from harness.realtime.client.tools import Tool
from harness.virtual_time import run_in_virtual_time
from tests.support.tool_servers import serving, small_server


@asynccontextmanager
async def served(
    *wanted: McpServer, approve: Approve | None = None, taken: tuple[str, ...] = ()
) -> AsyncIterator[tuple[list[Tool], list[ContextFact]]]:
    notes: list[ContextFact] = []
    servers = ToolServers(wanted, notes.append, approve)
    try:
        yield await servers.tools(taken), notes
    finally:
        await servers.aclose()


async def test_a_tool_is_listed_and_called_by_its_name() -> None:
    async with served(small_server()) as ((tool,), notes):
        assert tool.definition()["name"] == "repeat"
        assert tool.parameters["properties"] == {"text": {"type": "string"}}
        assert await tool.function(text="Hello.") == "Hello."
    assert notes == [
        McpListed("small", ["repeat"], []),
        McpCalled("small", "repeat", '{"text": "Hello."}', "Hello."),
    ]


def test_in_virtual_time_a_call_takes_none() -> None:
    async def main() -> None:
        import asyncio

        async with served(small_server()) as ((tool,), _):
            assert await tool.function(text="Hello.") == "Hello."
        assert asyncio.get_running_loop().time() == 0

    run_in_virtual_time(main)


async def test_two_of_one_name_are_told_apart_by_their_servers() -> None:
    both = (small_server(), small_server(name="other"))
    async with served(*both, taken=("find",)) as (tools, _):
        assert [tool.name for tool in tools] == ["repeat", "other_repeat"]
        assert await tools[1].function(text="Hello.") == "Hello."
    async with served(small_server(), taken=("repeat", "small_repeat")) as (tools, notes):
        assert tools == []
    assert isinstance(notes[0], McpListed)
    assert notes[0].left_out == [{"name": "repeat", "why": "another tool is called “small_repeat”"}]


async def test_what_is_no_tool_is_left_out_by_name_and_the_rest_works() -> None:
    async with served(small_server("lies")) as (tools, notes):
        assert [tool.name for tool in tools] == ["repeat"]
    failed = {note.tool: note for note in notes if isinstance(note, McpFailed)}
    assert set(failed) == {"no_schema", "no_type", "no name"}
    assert {note.error for note in failed.values()} == {"ToolServerInvalid"}


async def test_only_what_the_context_wants_is_offered_and_what_is_missing_is_told() -> None:
    async with served(small_server(tools=["repeat", "reepeat"])) as (tools, notes):
        assert [tool.name for tool in tools] == ["repeat"]
    assert isinstance(notes[0], McpListed)
    assert notes[0].left_out == [{"name": "reepeat", "why": "the server has none"}]


@pytest.mark.parametrize(
    ("how", "within_s", "error"),
    [("silent", 0.3, "ToolServerSilent"), ("many", 20, "ToolServerFlood")],
)
async def test_a_server_that_fails_offers_nothing_and_the_others_work(
    how: str, within_s: float, error: str
) -> None:
    both = (small_server(how, name="bad", within_s=within_s), small_server())
    async with served(*both) as (tools, notes):
        assert [tool.name for tool in tools] == ["repeat"]
    (failed,) = (note for note in notes if isinstance(note, McpFailed))
    assert (failed.server, failed.tool, failed.error) == ("bad", None, error)


async def test_a_call_that_fails_is_noted_and_told_to_the_model() -> None:
    async with served(small_server("dies")) as ((tool,), notes):
        with pytest.raises(ToolFailed, match="is gone"):
            await tool.function(text="Hello.")
    failed = notes[-1]
    assert isinstance(failed, McpFailed)
    assert (failed.tool, failed.error) == ("repeat", "ToolServerGone")


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("dies", "ToolServerGone"),
        ("hangs", "ToolServerSilent"),
        ("floods", "ToolServerFlood"),
        ("page at a call", "ToolServerInvalid"),
        ("error at a call", "ToolServerGone"),
    ],
)
async def test_over_http_too_and_another_tool_works(how: str, error: str) -> None:
    async with serving(over_http=True) as begin:
        bad = await begin(how, name="bad", within_s=2.0 if how == "hangs" else 30.0)
        async with served(bad, small_server()) as ((broken, good), notes):
            with pytest.raises(ToolFailed):
                await broken.function(text="Hello.")
            assert await good.function(text="Hello.") == "Hello."
    failed = [note for note in notes if isinstance(note, McpFailed)]
    assert [(note.server, note.tool, note.error) for note in failed] == [("bad", "repeat", error)]


async def test_a_tool_that_fails_itself_is_told_to_the_model_alone() -> None:
    async with served(small_server("fails")) as ((tool,), notes):
        with pytest.raises(ToolFailed, match=r"failed: No\."):
            await tool.function(text="No.")
    assert [type(note) for note in notes] == [McpListed]


def agree(request: ToolRequest) -> bool:
    return request.arguments == {"text": "Please."}


async def agree_later(request: ToolRequest) -> bool:
    return agree(request)


def ask_nobody(request: ToolRequest) -> bool:
    raise LookupError("the owner is out")


@pytest.mark.parametrize("approve", [agree, agree_later])
async def test_somebody_agrees_or_does_not(approve: Approve) -> None:
    wanted = small_server(needs_approval=["repeat"])
    async with served(wanted, approve=approve) as ((tool,), notes):
        assert await tool.function(text="Please.") == "Please."
        with pytest.raises(ToolRefused, match="nobody agreed"):
            await tool.function(text="Now!")
    assert notes[-1] == McpRefused("small", "repeat", '{"text": "Now!"}')


@pytest.mark.parametrize(("approve", "told"), [(None, []), (ask_nobody, ["LookupError"])])
async def test_where_nobody_can_be_asked_nothing_is_done(
    approve: Approve | None, told: list[str]
) -> None:
    async with served(small_server(needs_approval="all"), approve=approve) as ((tool,), notes):
        with pytest.raises(ToolRefused):
            await tool.function(text="Please.")
    assert [note.error for note in notes if isinstance(note, McpFailed)] == told


async def test_a_name_that_needs_approval_and_is_none_of_its_tools_is_an_error() -> None:
    """Misspelt, it would let the tool be called with nobody asked."""
    servers = ToolServers([small_server(needs_approval=["repeat", "reepeat"])], print, None)
    with pytest.raises(UsageError, match="“small”") as told:
        await servers.tools()
    await servers.aclose()
    assert (told.value.found, "repeat" in str(told.value.expected)) == ("“reepeat”", True)


async def test_a_tool_that_needs_approval_need_not_be_on_offer() -> None:
    wanted = small_server("lies", tools=["repeat"], needs_approval=["no_type"])
    async with served(wanted) as (tools, _):
        assert [tool.name for tool in tools] == ["repeat"]


async def test_no_servers_need_nothing() -> None:
    async with served() as (tools, notes):
        assert (tools, notes) == ([], [])


def test_arguments_may_have_any_names() -> None:
    async def main() -> None:
        async with served(small_server()) as ((tool,), notes):
            arguments: dict[str, Any] = {"class": 1, "self": 2, "server": 3, "tool": 4}
            assert await tool.function(**arguments) == ""
        assert isinstance(notes[-1], McpCalled)

    run_in_virtual_time(main)


async def test_a_prompt_is_told_with_its_arguments_and_one_that_is_not_there_by_name() -> None:
    wanted = [
        McpPrompt(name="greeting", arguments={"language": "Dutch"}),
        McpPrompt(name="greetin"),
    ]
    notes: list[ContextFact] = []
    servers = ToolServers([small_server("prompts", prompts=wanted)], notes.append, None)
    try:
        assert [tool.name for tool in await servers.tools()] == ["repeat"]
    finally:
        await servers.aclose()
    assert servers.instructions == "Greet in Dutch.\n\nGreet in Dutch."
    _, prompted, failed = notes
    assert prompted == McpPrompted(
        "small", "greeting", '{"language": "Dutch"}', servers.instructions
    )
    assert isinstance(failed, McpFailed)
    assert (failed.tool, failed.error) == ("greetin", "ToolServerInvalid")
    assert "its prompts: greeting" in failed.message


async def test_a_server_without_prompts_or_that_is_gone_gives_none_and_that_is_told() -> None:
    wanted = [McpPrompt(name="greeting")]
    async with served(small_server(prompts=wanted)) as (_, notes):
        assert isinstance(notes[-1], McpFailed)
        assert "its prompts: not told" in notes[-1].message
    gone = McpServer(name="gone", command=["no-such-program"], prompts=wanted)
    async with served(gone) as (_, notes):
        (failed,) = notes
        assert isinstance(failed, McpFailed)
        assert failed.error == "ToolServerGone"
