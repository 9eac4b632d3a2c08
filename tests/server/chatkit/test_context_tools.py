"""A context's tools where the server does them, in a call or in writing."""

from __future__ import annotations

import time

from harness.errors import UsageError
from harness.server.chatkit.context_tools import ContextTools, in_words
from tests.support.contexts import NOW, context
from tests.support.tool_servers import small_server


async def test_a_tool_server_that_fails_is_told_and_nothing_else_is_lost() -> None:
    told: list[str] = []
    held = context(mcp=[small_server("no list")], knowledge={"files": ["menu.md"]})
    tools = ContextTools(held, time.monotonic, told.append)
    await tools.ask_servers()
    assert not tools.is_before_answers
    assert ["The tool server “small”" in one for one in told] == [True]
    assert await tools.rows_at_end(lambda _: False, NOW) == []


def test_a_person_is_told_what_happened_and_what_to_do() -> None:
    assert in_words(UsageError("It is not there.", hint="make one")) == "It is not there. make one"
