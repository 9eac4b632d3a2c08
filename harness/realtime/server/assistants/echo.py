"""The assistant that gives back what it heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.realtime.server.assistants.assistant import Piece, Play, Prompt, Say

WHEN_NOTHING_IS_SAID = "I heard nothing."


@dataclass(frozen=True, slots=True)
class Echo:
    """Says back what the user said, or plays back the very sound.

    A greeting and an idle moment have nothing to give back: the answer is silent. A tool's result
    is read out.
    """

    sound: bool = False
    """True: the turn's own audio, with what was recognised as its transcript; for a text that was
    written, its words are spoken."""

    def answer(self, prompt: Prompt) -> Iterator[Piece]:
        if prompt.tool is not None:
            yield Say(prompt.tool_result)
        elif prompt.action is not None:
            yield Say(f"{prompt.action} {prompt.action_payload}".strip())
        elif self.sound and prompt.samples is not None:
            yield Play(prompt.samples, prompt.text)
        elif not (prompt.is_greeting or prompt.is_idle):
            yield Say(prompt.text or WHEN_NOTHING_IS_SAID)
