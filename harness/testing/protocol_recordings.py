"""Recorded messages of a page, for tests of a protocol's adapter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.facts.dialogue import DialogueFact
from harness.paths import StrPath
from harness.protocols.interface import Channel, Message
from harness.trace import read_trace

MESSAGES = ("data_channel.message", "web_socket.message")


@dataclass(frozen=True, slots=True)
class Recording:
    """What went over a page's channels, and what it means."""

    messages: Sequence[Message]
    facts: Sequence[DialogueFact]


def recorded(trace: StrPath, *labels: str) -> list[Message]:
    """The messages of a call in its trace, in their order; texts alone: bytes are in no trace.

    Args:
        trace: a ``trace.jsonl``; of a run with ``--protocol none`` where nothing reads it yet.
        labels: of the channels to take; all of them where none is given.

    Raises:
        ArtifactError: no trace.
    """
    found = []
    for event in read_trace(trace).events:
        data = event.data
        if event.type not in MESSAGES or not isinstance(data.get("text"), str):
            continue
        if labels and data["label"] not in labels:
            continue
        is_socket = event.type == "web_socket.message"
        channel = Channel(data["label"], "web_socket" if is_socket else "data_channel")
        found.append(Message(channel, data["direction"], data["text"]))
    return found


def misfits(facts: Iterable[DialogueFact]) -> list[str]:
    """What of a conversation's facts does not fit together, in words."""
    begun: set[str] = set()
    ended: set[str] = set()
    found = []
    for fact in facts:
        answer_id = getattr(fact, "answer_id", None)
        if answer_id is None:
            continue
        if fact.type == "answer.started":
            if answer_id in begun:
                found.append(f"{answer_id} begins again")
            begun.add(answer_id)
        elif answer_id not in begun:
            found.append(f"{fact.type} of {answer_id}, which has not begun")
        if fact.type == "answer.ended":
            if answer_id in ended:
                found.append(f"{answer_id} ends again")
            ended.add(answer_id)
        elif fact.type == "answer.text" and answer_id in ended:
            found.append(f"{answer_id} goes on behind its end")
    return found


def _of_others() -> Iterable[Message]:
    news, chat = Channel("wss://news.example/live", "web_socket"), Channel("game")
    texts = [
        "ping",
        "{}",
        "[]",
        "7",
        json.dumps({"type": "position", "x": 1, "y": 2}),
        json.dumps({"type": "message", "text": "hello"}),
        json.dumps({"type": "error", "message": "no"}),
        json.dumps({"event": "update", "data": {"text": "hello"}}),
    ]
    for text in texts:
        yield Message(chat, "received", text)
        yield Message(news, "sent", text)
    yield Message(news, "received", None, b'"\x10{"score": [1, 2]}')


STRANGERS = tuple(_of_others())
"""Messages that are of no voice protocol."""
