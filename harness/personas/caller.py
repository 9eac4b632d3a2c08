"""A caller that thinks: a model's words, said with our voice; what is answered, heard by it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from harness.call.utterance import SpokenText
from harness.errors import ExpectationFailed
from harness.personas.model import ChatModel
from harness.personas.persona import DONE, GIVE_UP, Persona, instructions_for
from harness.personas.replies import Message

NOTHING_HEARD = "(silence)"
PICKED_UP = "(The call is up. Nobody has spoken yet.)"
LONGEST_CHARS = 600
"""Nobody says more at once on the telephone."""

Ending = Literal["done", "gave_up", "too_long", "silent"]
"""Why a talk ended: the goal was reached, it cannot be, `Persona.at_most`, nothing left to say."""

_DIRECTIONS = re.compile(r"\*[^*]*\*|\[[^\]]*\]|\([^)]*\)")
_MARKS = {DONE: "done", GIVE_UP: "gave_up"}


@dataclass(frozen=True, slots=True)
class Line:
    """What one side said once."""

    who: Literal["caller", "agent"]
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A whole conversation, in words."""

    lines: tuple[Line, ...]
    ended: Ending

    @property
    def text(self) -> str:
        """A line for each."""
        return "\n".join(f"{line.who}: {line.text}" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, read as a caller's."""

    words: str
    ending: Ending | None = None


class Speaks(Protocol):
    """A call, as far as a caller needs it; `harness.Call` is one."""

    async def noise(self, noise: Any) -> Any:
        """What sounds behind the caller from here on."""

    async def say(self, what: SpokenText) -> Any:
        """Say a text with a voice, and come back when it was said."""

    async def answer(self, within_s: float = ...) -> Any:
        """The answer to it, which has a ``transcript``; ExpectationFailed where none comes."""


def read_reply(text: str) -> Reply:
    """The words to say, without marks, stage directions and quotes. Pure."""
    found = [(text.casefold().rfind(mark), ending) for mark, ending in _MARKS.items()]
    at, name = max(found)
    ending: Ending | None = None if at < 0 else "done" if name == "done" else "gave_up"
    words = " ".join(_DIRECTIONS.sub(" ", text).split()).strip("\"“”' ")
    if len(words) > LONGEST_CHARS:
        words = words[:LONGEST_CHARS].rpartition(" ")[0]
    return Reply(words, ending)


async def hold_talk(
    persona: Persona, call: Speaks, model: ChatModel, *, answer_within_s: float = 20
) -> Talk:
    """Let a persona hold a conversation in a call that is up; hanging up is up to you.

    Args:
        persona: who calls.
        call: of any engine.
        model: plays the persona.
        answer_within_s: an answer that takes longer is silence, and the persona is told so.

    Raises:
        AssistantError: the endpoint failed.
        UsageError: there is none, and what to say is not kept.
        HarnessError: the call broke.
    """
    instructions = instructions_for(persona)
    lines: list[Line] = []
    messages: list[Message] = []
    if persona.noise is not None:
        await call.noise(persona.noise)
    if persona.waits:
        await _listen(call, lines, messages, answer_within_s)
    else:
        messages.append(("other", PICKED_UP))
    for _ in range(persona.at_most):
        written = await model.write(instructions, messages)
        reply = read_reply(written)
        messages.append(("model", written))
        if reply.words:
            lines.append(Line("caller", reply.words))
            await call.say(SpokenText(reply.words, persona.voice, persona.language_tag))
            await _listen(call, lines, messages, answer_within_s)
        if reply.ending is not None or not reply.words:
            # Who writes that all is done before anybody has said a word has done nothing.
            return Talk(tuple(lines), (lines and reply.ending) or "silent")
    return Talk(tuple(lines), "too_long")


async def _listen(
    call: Speaks, lines: list[Line], messages: list[Message], within_s: float
) -> None:
    """The next answer, by its transcript."""
    try:
        answer = await call.answer(within_s)
    except ExpectationFailed:
        messages.append(("other", NOTHING_HEARD))
        return
    text = str(answer.transcript or "").strip()
    messages.append(("other", text or NOTHING_HEARD))
    if text:
        lines.append(Line("agent", text))
