"""The tools of a context in one call, whoever does them."""

from __future__ import annotations

from harness.context.definition import ContextTool, Knowledge
from harness.context.work.call_tools import CallTools
from tests.support.contexts import context
from tests.support.tool_servers import small_server


def repeat(text: str) -> str:
    """Say it again."""
    return text


OWN = ContextTool(python=f"{__name__}:repeat")


async def test_functions_knowledge_and_tool_servers_are_together() -> None:
    value = context(tools=[OWN], knowledge=Knowledge(files=["a.md"]), mcp=[small_server()])
    tools = CallTools(value, print)
    assert [tool.name for tool in tools.tools] == ["repeat", "search_knowledge"]
    await tools.open()
    assert [tool.name for tool in tools.tools] == ["repeat", "search_knowledge", "small_repeat"]
    assert not tools.is_before_answers
    await tools.aclose()


async def test_a_context_without_any_has_none() -> None:
    tools = CallTools(context(), print)
    await tools.open()
    assert tools.tools == []
    assert tools.search is None
    await tools.aclose()
