"""The context of a response: what it answers, complete once the words are recognised."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.realtime.items import Item, is_assistant_message, is_user_message, text_of
from harness.realtime.server.assistants.assistant import Prompt, ToolOutcome
from harness.realtime.server.transcription import Transcription
from harness.realtime.widgets import SetOff, action_in


@dataclass(frozen=True, slots=True)
class PromptSource:
    """The last thing said, or done, that a response reacts to."""

    transcription: Transcription
    user_item: Item | None = None
    turn: int = 0
    tool: str | None = None
    tool_result: str = ""
    outcome: ToolOutcome | None = None
    action: SetOff | None = None
    is_idle: bool = False
    context: tuple[Item, ...] = ()
    reads_history: bool = False
    """Whether the words of the whole context are waited for."""

    def is_ready(self) -> bool:
        """Whether its words are known (or known not to come)."""
        needed = self.context if self.reads_history else (self.user_item,)
        return all(item is None or self.transcription.is_settled(item["id"]) for item in needed)

    def prompt(self) -> Prompt:
        """As the assistant sees it, without the settings of the response."""
        said = self.user_item
        return Prompt(
            text="" if said is None else text_of(_with_words(said, self.transcription)),
            turn=self.turn,
            tool=self.tool,
            tool_result=self.tool_result,
            outcome=self.outcome,
            action=None if self.action is None else self.action.type,
            action_payload="" if self.action is None else self.action.payload,
            is_greeting=not any((said, self.tool is not None, self.action, self.is_idle)),
            is_idle=self.is_idle,
            items=tuple(_with_words(item, self.transcription) for item in self.context),
            samples=self.transcription.samples(said["id"]) if said is not None else None,
        )


def prompt_source_in(
    context: list[Item],
    history: list[Item],
    transcription: Transcription,
    is_idle: bool,
    reads_history: bool = False,
    earlier_turns: int = 0,
) -> PromptSource:
    """SoFar from the end of the context for what is to be answered.

    Args:
        context: the items the response sees, in order.
        history: the conversation, where the calls behind tool results may be too.
        transcription: recognition of the user's audio; asked for the words that are needed.
        is_idle: the user was silent for too long; nothing else matters then.
        reads_history: the words of all items are needed.
        earlier_turns: of the user, which the response does not see any more.
    """
    if reads_history:
        for item in context:
            transcription.recognise(item["id"])
    turn = earlier_turns + count_turns(context)
    nothing_new = PromptSource(
        transcription, turn=turn, context=tuple(context), reads_history=reads_history
    )
    if is_idle:
        return replace(nothing_new, is_idle=True)
    known = [*history, *context]
    for item in reversed(context):
        if (ended := ended_tool(item, known)) is not None:
            name, result, outcome = ended
            return replace(nothing_new, tool=name, tool_result=result, outcome=outcome)
        if (action := action_in(item)) is not None:
            return replace(nothing_new, action=action)
        if is_user_message(item):
            transcription.recognise(item["id"])
            return replace(nothing_new, user_item=item)
        if is_assistant_message(item) or item["type"] in _ENDS:
            break
    return nothing_new


def count_turns(context: list[Item]) -> int:
    """How often the user spoke or wrote."""
    return sum(1 for item in context if is_user_message(item))


def _with_words(item: Item, transcription: Transcription) -> Item:
    """A user's item with what was heard in it; its audio is left out."""
    if not is_user_message(item):
        return item
    parts = [
        {
            "type": "input_audio",
            "transcript": part.get("transcript") or transcription.text(item["id"]),
        }
        if part["type"] == "input_audio"
        else part
        for part in item["content"]
    ]
    return {**item, "content": parts}


_ENDS = ("function_call", "mcp_approval_request", "mcp_approval_response")
"""With one of these last, there is nothing new to answer; an approved call is still to be made."""


def ended_tool(item: Item, known: list[Item]) -> tuple[str, str, ToolOutcome] | None:
    """The name, the result and the outcome of the tool that ended with this item, if one did."""
    match item["type"]:
        case "function_call_output":
            return _tool_name(item, known), str(item["output"]), "ok"
        case "mcp_call":
            error = item.get("error")
            if error is not None:
                return str(item["name"]), str(error["message"]), "failed"
            return str(item["name"]), str(item.get("output") or ""), "ok"
        case "mcp_approval_response" if not item["approve"]:
            return _requested_name(item, known), str(item.get("reason") or ""), "refused"
    return None


def _requested_name(response: Item, items: list[Item]) -> str:
    request_id = response["approval_request_id"]
    return str(next((item["name"] for item in items if item["id"] == request_id), ""))


def _tool_name(output: Item, items: list[Item]) -> str:
    for item in items:
        if item["type"] == "function_call" and item.get("call_id") == output["call_id"]:
            return str(item["name"])
    return ""
