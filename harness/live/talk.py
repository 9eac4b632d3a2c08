"""The voice model's talk: what it makes of what it hears, and of what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from harness.live.asking import Asking, report_problem
from harness.live.backend_stream import BackendStream
from harness.live.delegations import Ask, Delegations
from harness.live.ears import Heard
from harness.live.mouth import Mouth
from harness.live.state import LiveState
from harness.realtime.items import message
from harness.realtime.server.assistants.assistant import (
    InjectFault,
    Piece,
    Play,
    Prompt,
    Say,
    UseTool,
)
from harness.realtime.server.outputs import BeginFaults


@dataclass(slots=True)
class _Answer:
    """One answer while it is made: by whom it is spoken, and the response that it is part of."""

    stream: BackendStream | None = None


@dataclass(slots=True)
class Talk:
    """Asks the assistant about each turn, speaks its answers, hands over what it cannot do."""

    state: LiveState
    mouth: Mouth
    delegations: Delegations
    _asked: list[Asking] = field(init=False, default_factory=list)
    _turns: int = field(init=False, default=0)
    _instructions: list[str] = field(init=False, default_factory=list)

    def start(self) -> None:
        """The session begins with the history that it was given."""
        for item in self.state.session["input"]:
            role = {"developer": "system"}.get(item["role"], item["role"])
            self._remember(role, item["content"][0]["text"])

    @property
    def is_busy(self) -> bool:
        """Whether something is said, or thought about."""
        return self.mouth.is_speaking or bool(self._asked)

    def wake_at_s(self) -> float | None:
        """When a pause of an answer is over."""
        times = [asking.wake_at_s() for asking in self._asked]
        return min((time_s for time_s in times if time_s is not None), default=None)

    def advance(self) -> None:
        """Say and do what is due."""
        for asking in self._asked:
            asking.advance()
        self._asked = [asking for asking in self._asked if not asking.is_over]

    # --- what is heard ---

    def on_heard(self, heard: Heard) -> None:
        """A turn of the user is over, and understood."""
        if heard.is_aside:
            self._remember("user", heard.text)
            return
        self._drop_answers()
        self._turns += 1
        self._remember("user", heard.text)
        self._ask(Prompt(heard.text, self._turns, samples=heard.samples))

    def yield_floor(self) -> None:
        """The user speaks: fall silent, and forget what was to be said. Delegated work goes on."""
        self.mouth.stop()
        self._drop_answers()

    def _drop_answers(self) -> None:
        for asking in self._asked:
            if not asking.is_work:
                asking.stop()
                self.mouth.end_utterance(asking)

    def stop(self) -> None:
        """No answer is begun or continued any more; what is being said may be said to its end."""
        for asking in self._asked:
            asking.stop()
            self.mouth.end_utterance(asking)
        self._asked.clear()

    # --- what it is told ---

    def instruct(self, content: str) -> None:
        """Trusted text; before anybody has spoken, it is what makes the model speak first."""
        self._instructions.append(content)
        if self._turns == 0 and not self.is_busy and not self._has_spoken:
            self._ask(Prompt(is_greeting=True))

    def think(self, content: str) -> None:
        """Quiet context."""
        self._remember("system", content)

    def comment(self, content: str) -> None:
        """To be said; this model says it word for word."""
        owner = object()
        self.mouth.say(owner, content)
        self.mouth.end_utterance(owner)

    def work(self, ask: Ask) -> None:
        """The backend answers: the same assistant, whose words are written, and then spoken."""
        if ask.tool is None:
            self._turns += 1
            self._remember("user", ask.text)
            self._ask(Prompt(ask.text, self._turns), ask.stream)
        else:
            result = Prompt(turn=self._turns, tool=ask.tool, tool_result=ask.result, outcome="ok")
            self._ask(result, ask.stream)

    @property
    def _has_spoken(self) -> bool:
        return any(item.get("role") == "assistant" for item in self.state.history)

    def _remember(self, role: str, text: str) -> None:
        kind = "output_text" if role == "assistant" else "input_text"
        content = [{"type": kind, "text": text}]
        self.state.history.append(message(self.state.ids.item(), role, content, "completed"))

    # --- asking ---

    def _ask(self, prompt: Prompt, stream: BackendStream | None = None) -> None:
        answer = _Answer(stream)

        def take(piece: Say | Play | UseTool | InjectFault) -> None:
            self._take(asking, answer, piece)

        def done(problem: tuple[str, str] | None) -> None:
            self.mouth.end_utterance(asking)
            if answer.stream is not None:
                answer.stream.end(problem)
            if problem is not None:
                report_problem(self.state, problem)

        asking = Asking(self.state, self._complete(prompt), take, done, is_work=stream is not None)
        self._asked.append(asking)

    def _complete(self, prompt: Prompt) -> Prompt:
        session = self.state.session
        backend: dict[str, Any] = session["delegation"].get("responses") or {}
        given = [session["instructions"], backend.get("instructions") or "", *self._instructions]
        return replace(
            prompt,
            instructions="\n\n".join(text for text in given if text),
            tools=self.delegations.tools,
            tool_choice=backend.get("tool_choice") or "auto",
            items=tuple(self.state.history),
        )

    def _take(
        self, asking: Asking, answer: _Answer, piece: Say | Play | UseTool | InjectFault
    ) -> None:
        match piece:
            case Say(text, voice, speed):
                self.mouth.say(asking, text, voice, speed)
                if answer.stream is not None:
                    answer.stream.write(text)
            case Play(samples, transcript):
                self.mouth.play(asking, samples, transcript)
            case UseTool():
                self.mouth.end_utterance(asking)
                answer.stream = self.delegations.hand_over(piece, answer.stream)
                asking.is_work = asking.is_work or answer.stream is not None
            case InjectFault(faults):
                self.state.put(BeginFaults(faults, self.state.ids.response()))

    def on_assistant_output(self, job_id: str, piece: Piece | None) -> None:
        """A piece of an answer that is thought beside us, None after the last."""
        for asking in self._asked:
            asking.on_output(job_id, piece)

    def on_assistant_failed(self, job_id: str, code: str, text: str) -> None:
        """An answer broke off."""
        for asking in self._asked:
            asking.on_failed(job_id, code, text)
