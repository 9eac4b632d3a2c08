"""The step that gives back a tool's result."""

from __future__ import annotations

import json

from harness.call.call import Call
from harness.errors import ExpectationFailed
from harness.scenario.tool_wishes import ToolResult
from harness.score.judgement import Judgement


async def give_result(call: Call, result: ToolResult) -> list[Judgement]:
    """Give it; nothing to judge where the tool was called."""
    output = result.output if isinstance(result.output, str) else json.dumps(result.output)
    try:
        await call.answer_tool(result.name, output)
    except ExpectationFailed as error:
        text = f"the tool “{result.name}” was called, so that it can be answered"
        return [Judgement("tool_result", text, False, error.found or error.message)]
    return []
