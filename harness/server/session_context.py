"""What a response answers: found in its context, complete once the words are recognised."""

from __future__ import annotations

from dataclasses import dataclass

from harness.realtime.items import Item, is_assistant_message, is_user_message
from harness.server.script import Prompt
from harness.server.session_ears import Ears


@dataclass(frozen=True, slots=True)
class Question:
    """The last thing said, or done, that a response reacts to."""

    ears: Ears
    user_item: Item | None = None
    turn: int = 0
    tool: str | None = None
    is_idle: bool = False

    def is_ready(self) -> bool:
        """Whether its words are known (or known not to come)."""
        return self.user_item is None or self.ears.is_settled(self.user_item["id"])

    def prompt(self) -> Prompt:
        """As the script sees it."""
        return Prompt(
            text=words_of(self.user_item, self.ears) if self.user_item is not None else "",
            turn=self.turn,
            tool=self.tool,
            is_greeting=self.user_item is None and self.tool is None and not self.is_idle,
            is_idle=self.is_idle,
        )


def question_in(context: list[Item], history: list[Item], ears: Ears, is_idle: bool) -> Question:
    """Look from the end of the context for what is to be answered.

    Args:
        context: the items the response sees, in order.
        history: the conversation, where the calls behind tool results may be too.
        ears: recognition of the user's audio; asked for the words that are needed.
        is_idle: the user was silent for too long; nothing else matters then.
    """
    turn = sum(1 for item in context if is_user_message(item))
    if is_idle:
        return Question(ears, turn=turn, is_idle=True)
    for item in reversed(context):
        if item["type"] == "function_call_output":
            return Question(ears, turn=turn, tool=_tool_name(item, [*history, *context]))
        if is_user_message(item):
            ears.recognise(item["id"])
            return Question(ears, item, turn)
        if is_assistant_message(item) or item["type"] == "function_call":
            break
    return Question(ears, turn=turn)


def words_of(item: Item, ears: Ears) -> str:
    """What a user message says, written or spoken."""
    words = []
    for part in item["content"]:
        if part["type"] == "input_text":
            words.append(part["text"])
        elif part["type"] == "input_audio":
            words.append(part.get("transcript") or ears.text(item["id"]))
    return " ".join(word for word in words if word)


def _tool_name(output: Item, items: list[Item]) -> str:
    for item in items:
        if item["type"] == "function_call" and item.get("call_id") == output["call_id"]:
            return str(item["name"])
    return ""
