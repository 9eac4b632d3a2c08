"""A tool server that is asked, and one that means no good: each way to fail has its name."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import pytest

from harness.context.errors import (
    ToolServerFlood,
    ToolServerGone,
    ToolServerInvalid,
    ToolServerSilent,
)
from harness.context.mcp.connection import ToolFailure, ToolServer
from harness.context.mcp.stdio import Program
from harness.context.mcp_server import McpServer
from harness.resources import fixtures_dir
from tests.support.mcp_server import ToolServer as RunningServer
from tests.support.tool_servers import Serve, serving, small_server


async def test_the_shipped_server_speaks_on_its_standard_input_and_output() -> None:
    wanted = McpServer(
        name="harbour",
        command=["python", "harbour_tools.py"],
        folder=str(fixtures_dir() / "contexts"),
        within_s=30,
        tools=["high_water"],
        resources=True,
    )
    server = ToolServer(wanted)
    tools = await server.tools()
    assert [tool.name for tool in tools] == ["high_water", "order_boat", "read_harbour"]
    assert "harbour://rules: The rules of the quay" in tools[2].description
    assert [wanted.is_offered(tool.name) for tool in tools] == [True, False, True]
    assert "two hours" in await server.call("read_harbour", {"uri": "harbour://rules"})
    with pytest.raises(ToolFailure, match="no document"):
        await server.call("read_harbour", {"uri": "file:///etc/passwd"})
    assert await server.call("high_water", {"day": "Sunday"}) == "On Sunday high water is at seven."
    await server.aclose()


async def test_over_http_the_token_goes_along_and_is_hidden_where_it_comes_back(
    remote_tools: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_TOKEN", "tok-123456")
    server = ToolServer(
        McpServer(name="desk", url=remote_tools.url, token_env="DESK_TOKEN", within_s=20)
    )
    assert "opening_hours" in [tool.name for tool in await server.tools()]
    assert await server.call("whoami", {}) == "•••"
    with pytest.raises(ToolFailure, match="broken"):
        await server.call("broken", {})
    with pytest.raises(ToolFailure, match="nix"):
        await server.call("nix", {})
    await server.aclose()


async def test_a_program_gets_the_variables_that_are_named_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DESK_KEY", "key-123456")
    monkeypatch.setenv("OTHER_KEY", "key-654321")
    server = ToolServer(small_server("env", env=["DESK_KEY"]))
    assert await server.call("repeat", {}) == "••• None"
    await server.aclose()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["no-such-program-here"], "no-such-program-here"),
        (["false"], "status 1"),
        (["sh", "-c", "echo no paper >&2; exit 3"], "status 3: no paper"),
    ],
)
async def test_a_program_that_does_not_run_is_gone(command: list[str], told: str) -> None:
    server = ToolServer(McpServer(name="small", command=command, within_s=20))
    with pytest.raises(ToolServerGone, match=told):
        await server.tools()


async def test_last_words_hold_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_KEY", "key-123456")
    command = ["sh", "-c", "echo the key is $DESK_KEY >&2; exit 3"]
    server = ToolServer(McpServer(name="small", command=command, env=["DESK_KEY"], within_s=20))
    with pytest.raises(ToolServerGone, match="the key is •••"):
        await server.tools()


@pytest.mark.parametrize("before", [1995, 65_530])
async def test_last_words_hold_no_half_of_a_secret(
    before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_KEY", "key-123456")
    script = f"import os; raise SystemExit('o' * {before} + os.environ['DESK_KEY'] + 'r' * 1995)"
    wanted = McpServer(name="a", command=["python", "-SEc", script], env=["DESK_KEY"], within_s=20)
    with pytest.raises(ToolServerGone, match="status 1") as told:
        await ToolServer(wanted).tools()
    found = str(told.value.found)
    assert not any(part in found for part in ("key", "456"))
    assert len(found) < 2500


async def test_nobody_at_the_address_is_gone() -> None:
    server = ToolServer(McpServer(name="desk", url="http://127.0.0.1:9/mcp", within_s=20))
    with pytest.raises(ToolServerGone, match="cannot be reached"):
        await server.tools()


@pytest.fixture(params=[False, True], ids=["a program", "over HTTP"])
async def serve(request: pytest.FixtureRequest) -> AsyncIterator[Serve]:
    async with serving(request.param) as begin:
        yield begin


@pytest.fixture
async def serve_http() -> AsyncIterator[Serve]:
    async with serving(over_http=True) as begin:
        yield begin


@pytest.fixture
async def complaints() -> list[str]:
    """What asyncio tells of tasks whose errors nobody looked at."""
    found: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: found.append(context["message"])
    )
    return found


async def test_one_that_says_nothing_is_given_up(serve: Serve) -> None:
    server = ToolServer(await serve("silent", within_s=0.3))
    with pytest.raises(ToolServerSilent, match=r"0\.3 s"):
        await server.tools()
    await server.aclose()


async def test_what_it_wrote_in_place_of_an_answer_is_told(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Program, "wrote", property(lambda _self: "1 line: Till 3"))
    server = ToolServer(await serve("silent", within_s=0.3))
    with pytest.raises(ToolServerSilent, match=r"0\.3 s; 1 line: Till 3"):
        await server.tools()
    await server.aclose()


async def test_a_tool_that_hangs_is_given_up_and_the_server_stays(serve: Serve) -> None:
    server = ToolServer(await serve("hangs"))
    await server.tools()
    server.wanted = server.wanted.model_copy(update={"within_s": 0.1})
    for _ in range(2):
        with pytest.raises(ToolServerSilent):
            await server.call("repeat", {})
    await server.aclose()


async def test_one_that_dies_is_gone_and_started_anew_with_the_next_question(serve: Serve) -> None:
    server = ToolServer(await serve("dies"))
    with pytest.raises(ToolServerGone, match=r"status 4: out of paper|broke off in its answer"):
        await server.call("repeat", {})
    assert [tool.name for tool in await server.tools()] == ["repeat"]
    await server.aclose()


@pytest.mark.parametrize(
    ("how", "kind", "told"),
    [
        ("floods", ToolServerFlood, "more than 1048576 bytes"),
        ("long", ToolServerFlood, "at most 48000"),
        ("noise", ToolServerInvalid, "no messages|parse SSE"),
        ("lies", ToolServerInvalid, "seven"),
        ("no result", ToolServerInvalid, "content"),
    ],
)
async def test_what_a_call_cannot_bear_ends_it(
    serve: Serve, how: str, kind: type[Exception], told: str
) -> None:
    server = ToolServer(await serve(how))
    await server.tools()
    with pytest.raises(kind, match=told):
        await server.call("repeat", {"text": "Hello."})
    await server.aclose()


@pytest.mark.parametrize(
    ("how", "kind", "told"),
    [
        ("floods events", ToolServerFlood, "more than 1048576 bytes"),
        ("floods remarks", ToolServerFlood, "more than 1048576 bytes"),
        ("hangs up", ToolServerGone, "cannot be reached"),
        ("ends", ToolServerGone, "ended without a response"),
        ("error at a call", ToolServerGone, "Internal Server Error"),
        ("moves", ToolServerGone, "redirects"),
        ("page at a call", ToolServerInvalid, "text/html"),
        ("no json", ToolServerInvalid, "parse JSON"),
        ("nothing", ToolServerInvalid, "parse JSON"),
        ("no message", ToolServerInvalid, "parse JSON"),
        ("accepts", ToolServerInvalid, "202"),
        ("packs", ToolServerInvalid, "compressed"),
    ],
)
async def test_over_http_it_is_named_too_and_the_next_question_is_answered(
    serve_http: Serve, how: str, kind: type[Exception], told: str, complaints: list[str]
) -> None:
    server = ToolServer(await serve_http(how))
    await server.tools()
    with pytest.raises(kind, match=told):
        await server.call("repeat", {"text": "Hello."})
    assert [tool.name for tool in await server.tools()] == ["repeat"]
    await server.aclose()
    gc.collect()
    assert complaints == []


@pytest.mark.parametrize(
    ("how", "kind", "told"),
    [
        ("page", ToolServerInvalid, "text/html"),
        ("error", ToolServerGone, "Internal Server Error"),
        ("no entry", ToolServerGone, "Unauthorized"),
    ],
)
async def test_an_address_where_no_tool_server_is_is_told(
    serve_http: Serve, how: str, kind: type[Exception], told: str
) -> None:
    server = ToolServer(await serve_http(how))
    with pytest.raises(kind, match=told):
        await server.tools()
    await server.aclose()


async def test_one_that_went_away_between_two_calls_is_gone() -> None:
    async with serving(over_http=True) as begin:
        server = ToolServer(await begin())
        assert await server.call("repeat", {"text": "Hello."}) == "Hello."
    with pytest.raises(ToolServerGone, match="cannot be reached"):
        await server.call("repeat", {"text": "Hello."})
    await server.aclose()


@pytest.mark.parametrize(
    ("how", "kind", "told"),
    [("no list", ToolServerInvalid, r"tools\.0\.inputSchema"), ("many", ToolServerFlood, "600")],
)
async def test_a_list_that_is_none_is_told(
    serve: Serve, how: str, kind: type[Exception], told: str
) -> None:
    server = ToolServer(await serve(how))
    with pytest.raises(kind, match=told):
        await server.tools()
    await server.aclose()


async def test_a_server_without_resources_says_so(serve: Serve) -> None:
    server = ToolServer(await serve(resources=True))
    with pytest.raises(ToolServerInvalid, match="Method not found"):
        await server.tools()
    await server.aclose()


@pytest.mark.parametrize("how", ["greets", "well"])
async def test_a_greeting_does_no_harm(how: str) -> None:
    server = ToolServer(small_server(how))
    assert await server.call("repeat", {"text": "Hello."}) == "Hello."
    await server.aclose()


async def test_a_tool_that_fails_is_no_failure_of_its_server(serve: Serve) -> None:
    server = ToolServer(await serve("fails"))
    arguments: dict[str, Any] = {"text": "No."}
    with pytest.raises(ToolFailure, match=r"No\."):
        await server.call("repeat", arguments)
    await server.aclose()
