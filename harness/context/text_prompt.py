"""A prompt from a written conversation: what its end asks, for the assistants of the voice side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.realtime.items import Item, is_assistant_message, is_user_message, text_of
from harness.realtime.server.assistants.assistant import Prompt
from harness.realtime.server.context import count_turns, ended_tool

CALL = "function_call"


def prompt_of(
    items: Sequence[Item],
    instructions: str = "",
    tools: Sequence[dict[str, Any]] = (),
    tool_choice: Any = "auto",
) -> Prompt:
    """What an assistant is to answer at the end of a conversation.

    Args:
        items: in the shapes of the Realtime protocol, the oldest first.
        instructions: in force for this answer.
        tools: the functions on offer.
        tool_choice: "auto", "none", "required", or an object naming a function.
    """
    known = list(items)
    tool, result, said = None, "", None
    for item in reversed(known):
        if (ended := ended_tool(item, known)) is not None:
            tool, result, _ = ended
            break
        if is_user_message(item):
            said = item
            break
        if is_assistant_message(item) or item["type"] == CALL:
            break
    return Prompt(
        text="" if said is None else text_of(said),
        turn=count_turns(known),
        tool=tool,
        tool_result=result,
        outcome=None if tool is None else "ok",
        is_greeting=said is None and tool is None,
        instructions=instructions,
        tools=tuple(tools),
        tool_choice=tool_choice,
        items=tuple(known),
    )
