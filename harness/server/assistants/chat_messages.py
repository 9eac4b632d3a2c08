"""A prompt as a request to an OpenAI-compatible chat endpoint: messages, tools, bounds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from harness.realtime.items import Item, joined, part_text
from harness.realtime.server.assistants.assistant import Prompt

Message = dict[str, Any]
Group = list[Message]
"""Messages that an endpoint takes together or not at all: a tool call and its result."""

MOST_MESSAGES = 60
MOST_CHARS = 40_000
"""Of the conversation, the latest part that fits both; the instructions always go along."""

NO_RESULT_YET = "(no result yet)"
NOBODY_SPOKE = "(The user has just connected and has not said anything yet.)"

_ROLES = ("user", "assistant", "system")


def chat_request(prompt: Prompt) -> dict[str, Any]:
    """A prompt as a chat model's request: ``messages``, ``tools`` and ``tool_choice``.

    The last two only where there are tools.
    """
    messages = _latest(_groups(prompt.items))
    if all(message["role"] == "system" for message in messages):
        messages.append({"role": "user", "content": NOBODY_SPOKE})
    if prompt.instructions:
        messages.insert(0, {"role": "system", "content": prompt.instructions})
    request: dict[str, Any] = {"messages": messages}
    if prompt.tools:
        request["tools"] = [_tool(tool) for tool in prompt.tools]
        request["tool_choice"] = _tool_choice(prompt.tool_choice)
    return request


def _groups(items: Sequence[Item]) -> list[Group]:
    """The conversation in the endpoint's shape; each call directly before its result.

    A result whose call is not there is left out, and so is what has no words: an answer that was
    interrupted, or sound in which nothing was understood.
    """
    items = [plain for item in items for plain in _plain(item, items)]
    results = {
        item["call_id"]: str(item["output"])
        for item in items
        if item["type"] == "function_call_output"
    }
    groups: list[Group] = []
    is_calling = False
    for item in items:
        if item["type"] == "function_call":
            if not is_calling:
                groups.append([{"role": "assistant", "content": None, "tool_calls": []}])
            groups[-1][0]["tool_calls"].append(_call(item))
            groups[-1].append(_result(item, results))
        elif item["type"] == "message" and (content := _content(item)):
            groups.append([{"role": item["role"], "content": content}])
        is_calling = item["type"] == "function_call"
    return groups


def _plain(item: Item, items: Sequence[Item]) -> list[Item]:
    """The item; a remote call, or a refused one, as the call of a function and its result."""
    if item["type"] == "mcp_call":
        error = item.get("error")
        failed = json.dumps({"error": error["message"]}) if error is not None else ""
        return _called(item["id"], item, item.get("output") or failed)
    if item["type"] == "mcp_approval_response" and not item["approve"]:
        request = next((i for i in items if i["id"] == item["approval_request_id"]), None)
        result = {"error": "The user did not allow this call.", "reason": item.get("reason")}
        return _called(item["id"], request, json.dumps(result)) if request is not None else []
    return [item]


def _called(call_id: str, call: Item, result: str) -> list[Item]:
    known = {"call_id": call_id, "name": call["name"], "arguments": call["arguments"]}
    return [
        {"type": "function_call", **known},
        {"type": "function_call_output", "call_id": call_id, "output": result},
    ]


def _latest(groups: Sequence[Group]) -> list[Message]:
    kept: list[Group] = []
    messages = chars = 0
    for group in reversed(groups):
        messages += len(group)
        chars += sum(map(_chars, group))
        if kept and (messages > MOST_MESSAGES or chars > MOST_CHARS):
            break
        kept.append(group)
    return [message for group in reversed(kept) for message in group]


def _chars(message: Message) -> int:
    """How long a message is; a picture counts as little as its description would."""
    content = message["content"]
    if isinstance(content, list):
        content = [part for part in content if part["type"] != "image_url"]
    return len(json.dumps({**message, "content": content}, ensure_ascii=False))


def _content(item: Item) -> str | list[dict[str, Any]]:
    parts = [_part(part) for part in item["content"]] if item["role"] in _ROLES else []
    told = [part for part in parts if part is not None]
    if any(part["type"] == "image_url" for part in told):
        return told
    return joined(part["text"] for part in told)


def _part(part: dict[str, Any]) -> dict[str, Any] | None:
    if part["type"] == "input_image":
        return {"type": "image_url", "image_url": {"url": part["image_url"]}}
    words = part_text(part)
    return {"type": "text", "text": words} if words else None


def _call(item: Item) -> dict[str, Any]:
    function = {"name": item["name"], "arguments": item["arguments"]}
    return {"id": item["call_id"], "type": "function", "function": function}


def _result(call: Item, results: dict[str, str]) -> Message:
    content = results.get(call["call_id"], NO_RESULT_YET)
    return {"role": "tool", "tool_call_id": call["call_id"], "content": content}


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    fields = ("name", "description", "parameters")
    function = {key: tool[key] for key in fields if tool.get(key) is not None}
    return {"type": "function", "function": function}


def _tool_choice(choice: Any) -> Any:
    if isinstance(choice, dict):
        named = choice.get("type") == "function"
        return {"type": "function", "function": {"name": choice["name"]}} if named else "auto"
    return choice


class SilentAssistant:
    """Takes out what a model thinks aloud: everything between ``<think>`` and ``</think>``."""

    def __init__(self) -> None:
        self._kept_back = ""
        self._is_thinking = False

    def process(self, text: str) -> str:
        """What may be said of the text so far; the beginning of a tag is kept back."""
        rest, said = self._kept_back + text, ""
        while True:
            tag = "</think>" if self._is_thinking else "<think>"
            before, found, rest = rest.partition(tag)
            if not found:
                break
            said += "" if self._is_thinking else before
            self._is_thinking = not self._is_thinking
        begun = _begun(before, tag)
        self._kept_back = before[len(before) - begun :]
        return said if self._is_thinking else said + before[: len(before) - begun]

    def finish(self) -> str:
        """What was kept back and turned out to be no tag."""
        return "" if self._is_thinking else self._kept_back


def _begun(text: str, tag: str) -> int:
    """How many characters at the end of the text are the beginning of the tag."""
    lengths: Iterable[int] = range(len(tag) - 1, 0, -1)
    return next((length for length in lengths if text.endswith(tag[:length])), 0)
