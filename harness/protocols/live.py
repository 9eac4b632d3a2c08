"""OpenAI's GPT-Live, over the data channel of its calls and over its WebSocket.

Its words come in fragments on the session's timeline. Nothing tells where a turn or an answer
ends, or that one was cut: that is heard. A new answer begins where the fragments do after a pause,
or after words of the user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.facts.dialogue import (
    AnswerStarted,
    AnswerText,
    DialogueFact,
    Problem,
    SessionReady,
    ToolCalled,
    UserTranscript,
)
from harness.protocols.interface import Channel, Message, Tells, VoiceProtocol, parse_message
from harness.realtime.wire import EVENTS_LABEL

PATHS = "/v1/live/sessions"
"""Of its WebSockets, and the beginning of others."""

FIRST_RECEIVED = frozenset(
    {
        "session.started",
        "session.closed",
        "session.input_transcript.delta",
        "session.output_transcript.delta",
        "session.delegation.created",
        "session.usage.updated",
        "response.event",
    }
)
"""One of these is among the first that a service says, and no other protocol has them."""

FIRST_SENT = frozenset(
    {
        "session.start",
        "session.instructions.append",
        "session.thinking.append",
        "session.commentary.append",
    }
)
ASKS = frozenset({"response.create", "session.commentary.append", "session.instructions.append"})
"""What a client sends to make the voice speak."""

PAUSE_MS = 1_500
"""Without words for so long, what comes next is another answer, or another turn."""

BETWEEN_MS = 600
"""The same where the other side has spoken in the meantime; a "mm-hm" leaves no such gap."""

WORDS_SETTLE_S = 0.8
"""So long after a fragment, clients of the service take the words of the user for complete."""

DELEGATION = "delegation"
"""What a delegation to the application is called as a tool: the protocol tells no task."""

_Event = Mapping[str, Any]
_Told = Iterable[DialogueFact]


@dataclass(slots=True)
class _Speaker:
    """What one side said last."""

    prefix: str
    count: int = 0
    text: str = ""
    end_ms: float = -1.0

    @property
    def name(self) -> str:
        return f"{self.prefix}-{self.count}"

    def is_new(self, start_ms: float, other_end_ms: float) -> bool:
        """Whether a fragment begins something else: the other side spoke since, or nobody."""
        pause_ms = start_ms - self.end_ms
        # Who is talked over falls silent while the other still speaks, or a little later.
        was_answered = other_end_ms > self.end_ms - BETWEEN_MS and pause_ms >= BETWEEN_MS
        return self.count == 0 or was_answered or pause_ms >= PAUSE_MS

    def begin(self) -> None:
        self.count += 1
        self.text = ""


class LiveProtocol(VoiceProtocol):
    """Reads one session's events."""

    name: ClassVar[str] = "Live"
    labels: ClassVar[Sequence[str]] = (EVENTS_LABEL,)
    tells: ClassVar[frozenset[Tells]] = frozenset({"user_words", "tools"})
    words_settle_s: ClassVar[float] = WORDS_SETTLE_S

    def __init__(self) -> None:
        self._user, self._voice = _Speaker("turn"), _Speaker("answer")
        self._open_calls: set[str] = set()
        """Functions that the backend called and that have no result yet."""

        self._delegations: set[str] = set()
        self._tellers: dict[str, Callable[[_Event], _Told]] = {
            "session.started": lambda _: [SessionReady()],
            "session.updated": lambda _: [SessionReady()],
            "session.input_transcript.delta": self._user_said,
            "session.output_transcript.delta": self._voice_said,
            "session.delegation.created": self._delegated,
            "response.event": self._backend,
            "session.closed": self._closed,
            "error": self._problem,
        }

    def knows_channel(self, channel: Channel) -> bool:
        if channel.carrier == "data_channel":
            return channel.label in self.labels
        return channel.path == PATHS or channel.path.startswith(f"{PATHS}/")

    def knows(self, message: Message) -> bool:
        kind, _ = parse_message(message.text or "")
        return kind in (FIRST_RECEIVED if message.direction == "received" else FIRST_SENT)

    def read(self, message: Message) -> Sequence[DialogueFact]:
        if message.text is None:
            return []
        kind, event = parse_message(message.text)
        if message.direction == "sent":
            self._sent(kind, event)
            return []
        teller = self._tellers.get(kind)
        try:
            return [] if teller is None else list(teller(event))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            text = f"The service sent a {kind} that lacks what it must have: {error!r}."
            return [Problem("malformed_event", text)]

    def asks_for_answer(self, event: dict[str, Any]) -> bool:
        return event.get("type") in ASKS

    def tool_result(self, call_id: str, output: str) -> list[dict[str, Any]]:
        """A delegation's result is said; a function's goes to the backend, which then goes on.

        It goes on once there is a result of every function that it called.
        """
        if call_id in self._delegations:
            said = {"type": "session.commentary.append", "content": output}
            return [{**said, "delegation_id": call_id}]
        item = {"type": "function_call_output", "call_id": call_id, "output": output}
        result = {"type": "response.item.create", "item": item}
        self._open_calls.discard(call_id)  # the next may be asked for before this one was sent
        if self._open_calls:
            return [result]
        return [result, {"type": "response.create"}]

    def _sent(self, kind: str, event: _Event) -> None:
        item = event.get("item")
        if kind == "response.item.create" and isinstance(item, dict):
            self._open_calls.discard(str(item.get("call_id")))

    # --- what was said ---

    def _user_said(self, event: _Event) -> _Told:
        start_ms, end_ms, words = _fragment(event)
        if self._user.is_new(start_ms, self._voice.end_ms):
            self._user.begin()
        self._user.text += words
        self._user.end_ms = max(self._user.end_ms, end_ms)
        if self._user.text.strip():
            yield UserTranscript(self._user.name, self._user.text.strip())

    def _voice_said(self, event: _Event) -> _Told:
        start_ms, end_ms, words = _fragment(event)
        if self._voice.is_new(start_ms, self._user.end_ms):
            self._voice.begin()
            words = words.lstrip()
            yield AnswerStarted(self._voice.name)
        self._voice.end_ms = max(self._voice.end_ms, end_ms)
        if words:
            yield AnswerText(self._voice.name, words)

    # --- work ---

    def _delegated(self, event: _Event) -> _Told:
        delegation = event["delegation"]
        delegation_id = str(delegation["id"])
        if delegation["target"] == "client" and delegation_id not in self._delegations:
            self._delegations.add(delegation_id)
            yield ToolCalled(delegation_id, DELEGATION, "{}")

    def _backend(self, event: _Event) -> _Told:
        nested = event["event"]
        match nested["type"]:
            case "response.output_item.done" if nested["item"]["type"] == "function_call":
                item = nested["item"]
                self._open_calls.add(str(item["call_id"]))
                yield ToolCalled(str(item["call_id"]), str(item["name"]), str(item["arguments"]))
            case "response.failed" | "response.incomplete":
                found = nested["response"].get("error") or {}
                text = found.get("message") or "without a word"
                yield Problem(nested["type"], f"The backend's response broke off: {text}")

    # --- trouble ---

    def _closed(self, event: _Event) -> _Told:
        reason = str(event["reason"])
        if reason not in ("close_requested", "remote_hangup"):
            yield Problem(reason, f"The service closed the session: {reason}.")

    def _problem(self, event: _Event) -> _Told:
        error = event["error"]
        code = error.get("code")
        text = error.get("message") or "an error without a word"
        yield Problem(None if code is None else str(code), str(text))


def _fragment(event: _Event) -> tuple[float, float, str]:
    """Start and end on the session's timeline, milliseconds, and the words as they came."""
    return float(event["start_ms"]), float(event["end_ms"]), str(event["delta"])
