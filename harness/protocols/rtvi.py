"""RTVI, the protocol of Pipecat's clients: JSON in a label of its own, over any channel.

Source: the RTVI standard, versions 1.0 to 2.3 (docs.pipecat.ai), the messages of Pipecat 1.14, and
the frames in which Pipecat's WebSocket transport packs the same JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from harness.facts.dialogue import (
    DialogueFact,
    Problem,
    SessionReady,
    ToolCalled,
    UserSpeechStarted,
    UserSpeechStopped,
    UserTranscript,
    UserTurnCommitted,
)
from harness.protocols.interface import Message, Tells, VoiceProtocol
from harness.protocols.protobuf import fields_of
from harness.protocols.rtvi_answers import RtviAnswers

LABEL = "rtvi-ai"
"""Stands in each of its messages."""

MESSAGE_FRAME = 4
"""Number of the field of Pipecat's frames that holds a message; its JSON is in field 1."""

_Data = Mapping[str, Any]
_Told = Iterable[DialogueFact]


class RtviProtocol(VoiceProtocol):
    """Reads one call's messages."""

    name: ClassVar[str] = "RTVI"
    tells: ClassVar[frozenset[Tells]] = frozenset({"answers", "user_words", "tools"})

    def __init__(self) -> None:
        self._answers = RtviAnswers()
        self._turns = 0
        self._tells_turns = False
        self._words: list[str] = []
        """What was understood of the turn so far."""

        self._words_by: str | None = None
        """The kind of message that tells the user's words: bots send the same in several."""

        self._asides = 0
        self._typed = 0

        self._called: set[str] = set()
        self._names: dict[str, tuple[str, Any]] = {}
        """Name and arguments of the calls that wait for a result, by their ids."""

        self._tellers: dict[str, Callable[[_Data], _Told]] = {
            "bot-ready": lambda _: [SessionReady()],
            "user-started-speaking": self._speech_started,
            "user-stopped-speaking": self._speech_stopped,
            "user-input": self._input,
            "stt-raw-text": partial(self._transcript, "stt-raw-text"),
            "user-transcription": partial(self._transcript, "user-transcription"),
            "llm-function-call": self._tool_called,
            "llm-function-call-in-progress": self._tool_called,
            "error": self._problem,
            "error-response": self._problem,
        }

    def knows(self, message: Message) -> bool:
        return _parsed(message) is not None

    def read(self, message: Message) -> Sequence[DialogueFact]:
        parsed = _parsed(message)
        if parsed is None or message.direction == "sent":
            return []
        kind, data = parsed.get("type"), parsed.get("data")
        data = data if isinstance(data, dict) else {}
        if not isinstance(kind, str):
            return []
        teller = self._tellers.get(kind)
        try:
            return list(teller(data) if teller else self._answers.on_message(kind, data))
        except (KeyError, TypeError, AttributeError) as error:
            text = f"The bot sent a {kind} that lacks what it must have: {error!r}."
            return [Problem("malformed_message", text)]

    def event_of(self, message: Message) -> tuple[str, dict[str, Any]] | None:
        parsed = _parsed(message)
        if parsed is None:
            return None  # a transport's own, such as a ping
        kind = parsed.get("type")
        return (kind if isinstance(kind, str) else "message.untyped"), parsed

    def typed(self, text: str) -> list[dict[str, Any]]:
        self._typed += 1
        data = {"content": text, "options": {"run_immediately": True, "audio_response": True}}
        return [{"label": LABEL, "type": "send-text", "id": f"typed-{self._typed}", "data": data}]

    def asks_for_answer(self, event: dict[str, Any]) -> bool:
        if event.get("type") != "send-text":
            return False
        options = (event.get("data") or {}).get("options") or {}
        return bool(options.get("run_immediately", True))

    def tool_result(self, call_id: str, output: str) -> list[dict[str, Any]]:
        name, arguments = self._names.get(call_id, ("", {}))
        data = {"function_name": name, "tool_call_id": call_id, "arguments": arguments}
        data["result"] = _from_json(output)
        kind = "llm-function-call-result"
        return [{"label": LABEL, "type": kind, "id": f"result-{call_id}", "data": data}]

    # --- the user ---

    @property
    def _turn(self) -> str:
        return f"turn-{self._turns}"

    def _speech_started(self, _: _Data) -> _Told:
        if self._answers.user_speaks:
            return
        self._begin_turn()
        self._answers.user_speaks = self._tells_turns = True
        yield UserSpeechStarted(self._turn, None)

    def _speech_stopped(self, _: _Data) -> _Told:
        if not self._answers.user_speaks:
            return
        self._answers.user_speaks = False
        yield UserSpeechStopped(self._turn, None)
        yield UserTurnCommitted(self._turn)

    def _input(self, data: _Data) -> _Told:
        """What the user said or wrote; what was written is no speech, and the page's own doing."""
        match data.get("input_type", "transcription"):
            case "transcription":
                yield from self._transcript("user-input", data)
            case "backchannel":  # takes no turn
                self._asides += 1
                yield UserTranscript(f"aside-{self._asides}", str(data["text"]).strip())

    def _transcript(self, kind: str, data: _Data) -> _Told:
        """Finals come in pieces, some before the turn is over and some behind its end."""
        self._words_by = self._words_by or kind
        if kind != self._words_by or not data.get("final", True):
            return
        if not self._tells_turns:  # each piece stands alone where nobody says what belongs together
            self._begin_turn()
        self._words.append(str(data["text"]).strip())
        yield UserTranscript(self._turn, " ".join(self._words))

    def _begin_turn(self) -> None:
        self._turns += 1
        self._words = []

    # --- tools and problems ---

    def _tool_called(self, data: _Data) -> _Told:
        """Newer bots tell the call as one that is in progress; name and arguments may be hidden."""
        call_id = str(data["tool_call_id"])
        if call_id in self._called:
            return
        self._called.add(call_id)
        self._answers.tool_called()
        name = str(data.get("function_name") or "")
        arguments = data.get("args", data.get("arguments"))
        self._names[call_id] = (name, arguments or {})
        hidden = arguments is None
        told = "" if hidden else json.dumps(arguments, ensure_ascii=False)
        yield ToolCalled(call_id, name, told)

    def _problem(self, data: _Data) -> _Told:
        text = data.get("error") or data.get("message") or "an error without a word"
        yield Problem("fatal" if data.get("fatal") else None, str(text))


def _parsed(message: Message) -> dict[str, Any] | None:
    """The message as RTVI's; None where it is none."""
    text = message.text
    if text is None and message.data is not None:
        inside = fields_of(message.data).get(MESSAGE_FRAME, [])
        texts = fields_of(inside[0]).get(1, []) if inside and isinstance(inside[0], bytes) else []
        text = texts[0].decode(errors="replace") if texts and isinstance(texts[0], bytes) else None
    found = _from_json(text) if text is not None else None
    return found if isinstance(found, dict) and found.get("label") == LABEL else None


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
