"""The official MCP package, imported late, and its values as ours."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING

from harness.context.mcp.failures import Watch
from harness.errors import MissingExtra
from harness.realtime.server.validation.mcp_values import RemoteTool

if TYPE_CHECKING:
    import httpx2
    from mcp import Client
    from mcp_types import CallToolResult, GetPromptResult, ReadResourceResult, Resource, Tool

MAX_TOOLS = 500
MAX_PAGES = 50
MAX_LISTED_BYTES = 120_000
MAX_OUTPUT_BYTES = 48_000
"""As JSON. Browsers take data channel messages of 256 KiB, and the last event of a response holds
the outputs of all its calls."""


def import_package() -> None:
    """Import what the extra brings; it takes most of a second.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import httpx2
        import mcp.client.streamable_http  # noqa: F401
    except ImportError as error:
        raise MissingExtra("mcp", "Calling remote MCP tools") from error
    # It logs what a server sends, with tracebacks; whatever matters reaches the client as events.
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    logging.getLogger(httpx2.__name__).setLevel(logging.WARNING)


async def listed_by(client: Client) -> list[RemoteTool]:
    """All tools of a server, page by page; of one that never ends, more than `MAX_TOOLS`."""
    tools: list[RemoteTool] = []
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = await client.list_tools(cursor=cursor)
        tools += [_tool(tool) for tool in page.tools]
        cursor = page.next_cursor
        if cursor is None or len(tools) > MAX_TOOLS:
            break
    return tools


async def resources_of(client: Client) -> list[Resource]:
    """All resources of a server, as `listed_by` its tools."""
    resources: list[Resource] = []
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = await client.list_resources(cursor=cursor)
        resources += page.resources
        cursor = page.next_cursor
        if cursor is None or len(resources) > MAX_TOOLS:
            break
    return resources


async def prompt_names(client: Client) -> list[str]:
    """What a server's prompts are called; of many, those of its first page."""
    return [prompt.name for prompt in (await client.list_prompts()).prompts]


def text_of_prompt(result: GetPromptResult) -> str:
    """The words of a prompt; of what is no text, its kind."""
    contents = [message.content for message in result.messages]
    return "\n\n".join(getattr(one, "text", None) or f"[{one.type}]" for one in contents)


def reading_tool(name: str, resources: Sequence[Resource]) -> RemoteTool:
    """The tool that reads one of these resources."""
    told = [f"{one.uri}: {one.description or one.name}" for one in resources]
    description = "\n".join(["Read one of these documents, by its address:", *told])
    address = {"type": "string", "enum": [one.uri for one in resources]}
    schema = {"type": "object", "properties": {"uri": address}, "required": ["uri"]}
    return RemoteTool(name, description, schema)


def text_of_resource(result: ReadResourceResult) -> str:
    """What stands in a resource; of what is no text, its kind."""
    texts = [getattr(one, "text", None) for one in result.contents]
    kinds = [f"[{one.mime_type or 'no text'}]" for one in result.contents]
    return "\n".join(
        kind if text is None else text for text, kind in zip(texts, kinds, strict=True)
    )


def too_long_a_list(tools: list[RemoteTool]) -> str | None:
    """Why so many tools are not taken; None where they are."""
    size = len(json.dumps([tool.as_listed() for tool in tools]))
    if len(tools) <= MAX_TOOLS and size <= MAX_LISTED_BYTES:
        return None
    return (
        f"The list of {len(tools)} tools ({size} bytes) is too long; at most {MAX_TOOLS} "
        f"tools in {MAX_LISTED_BYTES} bytes are taken."
    )


def too_long_an_output(text: str) -> str | None:
    """Why an output is not taken; None where it is."""
    size = len(json.dumps(text))
    if size <= MAX_OUTPUT_BYTES:
        return None
    return f"The output ({size} bytes) is too long; at most {MAX_OUTPUT_BYTES} are taken."


def text_of_result(result: CallToolResult) -> str:
    """Everything a tool gave as one text: words as they are, all else as JSON."""
    parts = [
        part.text if part.type == "text" else part.model_dump_json(by_alias=True, exclude_none=True)
        for part in result.content
    ]
    if not parts and result.structured_content is not None:
        return json.dumps(result.structured_content, ensure_ascii=False)
    return "\n".join(parts)


def http_client(headers: Mapping[str, str], watch: Watch) -> httpx2.AsyncClient:
    """One that follows nobody, uses nothing of this machine's own, and counts what comes in."""
    import httpx2

    class Counted(httpx2.AsyncByteStream):
        """A body that is counted while it is read."""

        def __init__(self, body: httpx2.AsyncByteStream) -> None:
            self._body = body

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                async for part in self._body:
                    watch.count(len(part))
                    yield part
            except httpx2.TransportError as error:
                watch.broken = error
                raise

        async def aclose(self) -> None:
            await self._body.aclose()

    class Transport(httpx2.AsyncHTTPTransport):
        """Reports each answer's status and counts its body."""

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            """As httpx does it, with the status reported and the body counted."""
            try:
                response = await super().handle_async_request(request)
            except httpx2.TransportError as error:
                watch.got_none(error)
                raise
            watch.see(response.status_code, response.headers.get("content-encoding"))
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            response.stream = Counted(response.stream)
            return response

    # What is packed could be a thousand times larger than what was counted.
    sent = {**headers, "Accept-Encoding": "identity"}
    return httpx2.AsyncClient(transport=Transport(), headers=sent, timeout=None, trust_env=False)


def _tool(tool: Tool) -> RemoteTool:
    annotations = tool.annotations
    return RemoteTool(
        name=tool.name,
        description=tool.description or "",
        input_schema=tool.input_schema,
        annotations=(
            annotations.model_dump(mode="json", by_alias=True, exclude_none=True)
            if annotations is not None
            else None
        ),
    )
