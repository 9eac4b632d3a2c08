"""Output items of a response while they are generated: spoken or written message, function call.

Each is a small machine with one next step and the time at which that step is due. Generation is
faster than real time; playing the audio is another clock (see `playback`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from harness.audio.clip import MonoFloat32
from harness.audio.pcm16 import to_base64
from harness.realtime import items
from harness.realtime.items import Item
from harness.realtime.session_config import Settings
from harness.server.outputs import Synthesise
from harness.server.script import ToolCall
from harness.server.session_state import SessionState
from harness.server.speech_plan import RATE_HZ, SpeechPlan, split_words
from harness.server.tokens import TokenCount, assistant_audio_tokens, text_tokens

GENERATION_SPEED = 4.0
"""Seconds of audio generated in one second."""

SECONDS_PER_TEXT_DELTA = 0.02
ARGUMENTS_DELTA_CHARS = 16


@dataclass(slots=True)
class OutputContext:
    """What an output item needs to know of its response."""

    state: SessionState
    response_id: str
    in_conversation: bool
    voice: str
    speed: float
    spent: TokenCount = field(default_factory=TokenCount)

    def announce(self, item: Item, output_index: int) -> None:
        """The item is there, still empty."""
        self.state.send(
            "response.output_item.added",
            response_id=self.response_id,
            output_index=output_index,
            item=item,
        )
        if self.in_conversation:
            self.state.add_item(item)

    def conclude(self, item: Item, output_index: int) -> None:
        """The item is final."""
        if self.in_conversation:
            self.state.finish_item(item)
        self.state.send(
            "response.output_item.done",
            response_id=self.response_id,
            output_index=output_index,
            item=item,
        )


class OutputItem(Protocol):
    """One output item being generated."""

    item: Item | None
    """Final state; None until it is over, and for one that was never announced."""

    is_finished: bool

    def start(self, now_s: float) -> None:
        """Generation begins."""
        ...

    def due_s(self) -> float | None:
        """When the next step is due; None while it waits for something or is finished."""
        ...

    def step(self) -> None:
        """Take the step that is due."""
        ...

    def stop(self) -> None:
        """End now, as incomplete."""
        ...


class SpokenMessage:
    """An assistant message with audio and its transcript."""

    def __init__(self, context: OutputContext, output_index: int, text: str) -> None:
        self.item: Item | None = None
        self.is_finished = False
        self._context = context
        self._state = context.state
        self._index = output_index
        self._plan = SpeechPlan(text)
        self._asked_sentences = 0
        self._job_id: str | None = None
        self._item_id: str | None = None
        self._due_s = 0.0
        self._transcript = ""
        self._frames = 0

    def start(self, now_s: float) -> None:
        self._due_s = now_s
        self._ask_next_sentence()

    def due_s(self) -> float | None:
        if self.is_finished:
            return None
        return self._due_s if self._plan.is_ready or self._plan.is_exhausted else None

    def receive_speech(
        self, job_id: str, samples: MonoFloat32, is_last: bool, now_s: float
    ) -> bool:
        """Audio of the sentence asked for; False where this job is not ours (any more)."""
        if job_id != self._job_id or self.is_finished:
            return False
        if not self._plan.is_ready:
            self._due_s = max(self._due_s, now_s)  # generation stood still until now
        self._plan.receive(samples, is_last)
        if is_last:
            self._job_id = None
            self._ask_next_sentence()
        return True

    def owns(self, job_id: str) -> bool:
        return job_id == self._job_id and not self.is_finished

    def step(self) -> None:
        if self._plan.is_exhausted:
            self._end("completed")
            return
        step = self._plan.take_step()
        self._ensure_announced()
        for word in step.words:
            self._say(word)
        if len(step.samples):
            self._sound(step.samples)
        self._due_s += len(step.samples) / RATE_HZ / GENERATION_SPEED
        if self._plan.is_exhausted:
            self._end("completed")

    def stop(self) -> None:
        if not self.is_finished:
            self._end("incomplete")

    def _ask_next_sentence(self) -> None:
        """One job at a time, so that a long answer does not starve other calls."""
        sentences = self._plan.sentences
        if self._asked_sentences == len(sentences):
            return
        self._job_id = self._state.new_job_id()
        text = sentences[self._asked_sentences].strip()
        self._asked_sentences += 1
        self._state.put(Synthesise(self._job_id, text, self._context.voice, self._context.speed))

    def _ensure_announced(self) -> None:
        if self._item_id is not None:
            return
        self._item_id = self._state.new_item_id()
        empty = items.message(self._item_id, "assistant", [], "in_progress")
        self._context.announce(empty, self._index)
        part = {"type": "audio", "transcript": ""}
        self._state.send("response.content_part.added", **self._where(), part=part)

    def _where(self) -> dict[str, Any]:
        return {
            "response_id": self._context.response_id,
            "item_id": self._item_id,
            "output_index": self._index,
            "content_index": 0,
        }

    def _say(self, word: str) -> None:
        before = text_tokens(self._transcript)
        self._transcript += word
        self._context.spent.text += text_tokens(self._transcript) - before
        kind = "response.output_audio_transcript.delta"
        self._state.send_delta(kind, **self._where(), delta=word)

    def _sound(self, samples: MonoFloat32) -> None:
        assert self._item_id is not None
        before = assistant_audio_tokens(self._frames / RATE_HZ)
        self._frames += len(samples)
        duration_s = self._frames / RATE_HZ
        self._context.spent.audio += assistant_audio_tokens(duration_s) - before
        self._state.audio_s[self._item_id] = duration_s
        self._state.has_spoken = True
        if self._state.plays_audio:
            self._state.playback.append(self._context.response_id, self._item_id, samples)
        else:
            delta = to_base64(samples)
            self._state.send("response.output_audio.delta", **self._where(), delta=delta)

    def _end(self, status: str) -> None:
        self.is_finished = True
        self._job_id = None
        if self._item_id is None and status == "completed":
            self._ensure_announced()  # a text without anything to speak still is a message
        if self._item_id is None:
            return
        state, where = self._state, self._where()
        part = {"type": "audio", "transcript": self._transcript}
        state.send("response.output_audio.done", **where)
        state.send("response.output_audio_transcript.done", **where, transcript=self._transcript)
        state.send("response.content_part.done", **where, part=part)
        content = [{"type": "output_audio", "transcript": self._transcript}]
        self.item = items.message(self._item_id, "assistant", content, status)
        self._context.conclude(self.item, self._index)


class WrittenMessage:
    """An assistant message of text alone."""

    def __init__(self, context: OutputContext, output_index: int, text: str) -> None:
        self.item: Item | None = None
        self.is_finished = False
        self._context = context
        self._state = context.state
        self._index = output_index
        self._words = split_words(text)
        self._item_id: str | None = None
        self._due_s = 0.0
        self._text = ""

    def start(self, now_s: float) -> None:
        self._due_s = now_s

    def due_s(self) -> float | None:
        return None if self.is_finished else self._due_s

    def step(self) -> None:
        if self._item_id is None:
            self._announce()
        if self._words:
            word = self._words.pop(0)
            before = text_tokens(self._text)
            self._text += word
            self._context.spent.text += text_tokens(self._text) - before
            self._state.send_delta("response.output_text.delta", **self._where(), delta=word)
            self._due_s += SECONDS_PER_TEXT_DELTA
        if not self._words:
            self._end("completed")

    def stop(self) -> None:
        if not self.is_finished:
            self._end("incomplete")

    def _announce(self) -> None:
        self._item_id = self._state.new_item_id()
        empty = items.message(self._item_id, "assistant", [], "in_progress")
        self._context.announce(empty, self._index)
        part = {"type": "text", "text": ""}
        self._state.send("response.content_part.added", **self._where(), part=part)

    def _where(self) -> dict[str, Any]:
        return {
            "response_id": self._context.response_id,
            "item_id": self._item_id,
            "output_index": self._index,
            "content_index": 0,
        }

    def _end(self, status: str) -> None:
        self.is_finished = True
        if self._item_id is None:
            return
        where = self._where()
        self._state.send("response.output_text.done", **where, text=self._text)
        part = {"type": "text", "text": self._text}
        self._state.send("response.content_part.done", **where, part=part)
        content = [{"type": "output_text", "text": self._text}]
        self.item = items.message(self._item_id, "assistant", content, status)
        self._context.conclude(self.item, self._index)


class FunctionCall:
    """A call of one of the session's tools."""

    def __init__(self, context: OutputContext, output_index: int, call: ToolCall) -> None:
        self.item: Item | None = None
        self.is_finished = False
        self._context = context
        self._state = context.state
        self._index = output_index
        self._name = call.name
        self._call_id = context.state.ids.function_call()
        self._arguments = call.arguments_text
        self._sent_chars = 0
        self._item_id: str | None = None
        self._due_s = 0.0

    def start(self, now_s: float) -> None:
        self._due_s = now_s

    def due_s(self) -> float | None:
        return None if self.is_finished else self._due_s

    def step(self) -> None:
        if self._item_id is None:
            self._item_id = self._state.new_item_id()
            self._context.spent.text += text_tokens(self._name)
            self._context.announce(self._as_item("in_progress"), self._index)
        delta = self._arguments[self._sent_chars : self._sent_chars + ARGUMENTS_DELTA_CHARS]
        self._sent_chars += len(delta)
        self._context.spent.text += text_tokens(delta)
        kind = "response.function_call_arguments.delta"
        self._state.send_delta(kind, **self._where(), delta=delta)
        self._due_s += SECONDS_PER_TEXT_DELTA
        if self._sent_chars == len(self._arguments):
            self._end("completed")

    def stop(self) -> None:
        if not self.is_finished:
            self._end("incomplete")

    def _where(self) -> dict[str, Any]:
        return {
            "response_id": self._context.response_id,
            "item_id": self._item_id,
            "output_index": self._index,
            "call_id": self._call_id,
        }

    def _as_item(self, status: str) -> Item:
        sent = self._arguments[: self._sent_chars]
        return items.function_call(str(self._item_id), self._call_id, self._name, sent, status)

    def _end(self, status: str) -> None:
        self.is_finished = True
        if self._item_id is None:
            return
        sent = self._arguments[: self._sent_chars]
        kind = "response.function_call_arguments.done"
        self._state.send(kind, **self._where(), name=self._name, arguments=sent)
        self.item = self._as_item(status)
        self._context.conclude(self.item, self._index)


def voice_of(settings: Settings) -> str:
    """The voice's name for the synthesiser; a custom voice goes by its id."""
    voice = settings["audio"]["output"]["voice"]
    return str(voice["id"] if isinstance(voice, dict) else voice)
