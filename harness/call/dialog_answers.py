"""Answers that a page's dialogs are to get; knows no browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

DialogAnswer = Literal["accept", "dismiss"]
DialogAnswers = DialogAnswer | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a dialog is answered with."""

    answer: DialogAnswer
    prompt: str | None = None
    """What is typed into a prompt; what it offers itself where absent."""


def reply_to(kind: str, text: str, wishes: DialogAnswers) -> Reply:
    """The reply to a dialog.

    Args:
        kind: "alert", "confirm", "prompt" or "beforeunload". The last has no text of the page's
            and is always accepted: who leaves is the harness, or the page itself.
    """
    if kind == "beforeunload":
        return Reply("accept")
    if isinstance(wishes, str):
        return Reply("dismiss" if wishes == "dismiss" else "accept")
    for rule in wishes:
        if str(rule["contains"]).casefold() in text.casefold():
            answer: DialogAnswer = "dismiss" if rule.get("answer") == "dismiss" else "accept"
            return Reply(answer, rule.get("prompt"))
    return Reply("accept")
