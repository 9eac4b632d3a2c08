"""One response, from ``response.created`` to ``response.done``."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from harness.realtime.items import Item
from harness.realtime.session_config import Settings
from harness.server.script import Prompt, Reply, choose_reply
from harness.server.session_context import Question
from harness.server.session_output import (
    FunctionCall,
    OutputContext,
    OutputItem,
    WrittenMessage,
)
from harness.server.session_speech import SpokenMessage
from harness.server.session_state import SessionState
from harness.server.settings import voice_name
from harness.server.tokens import TokenCount, rate_limits, usage


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The session's settings for one response, with what its request overrides."""

    session: Settings
    in_conversation: bool = True
    metadata: dict[str, str] | None = None

    @property
    def is_spoken(self) -> bool:
        return bool(self.session["output_modalities"] == ["audio"])

    @property
    def max_tokens(self) -> int | None:
        limit = self.session["max_output_tokens"]
        return limit if isinstance(limit, int) else None

    def offers_tool(self, name: str) -> bool:
        """Whether a function of this name may be called."""
        offered = any(tool.get("name") == name for tool in self.session["tools"])
        return offered and self.session["tool_choice"] != "none"


class Answer:
    """A response being made.

    Announced at once; its content waits for the words it answers (`Question`), then for the
    script's delay, then is generated. Drive it with `advance` whenever time passes or something
    came in, at the latest at `wake_at_s`.
    """

    def __init__(
        self, state: SessionState, settings: AnswerSettings, question: Question, given: TokenCount
    ) -> None:
        self.id = state.ids.response()
        self.in_conversation = settings.in_conversation
        self.is_done = False
        self._state = state
        self._settings = settings
        self._question = question
        self._given = given
        self._reply: Reply | None = None
        self._reply_at_s = 0.0
        self._waiting: deque[OutputItem] | None = None
        self._made: list[OutputItem] = []
        self._context = OutputContext(
            state,
            self.id,
            settings.in_conversation,
            voice=state.script.voice or voice_name(settings.session["audio"]["output"]["voice"]),
            speed=settings.session["audio"]["output"]["speed"] * (state.script.speed or 1.0),
        )
        self._state.send("response.created", response=self._object("in_progress"))

    def advance(self, now_s: float) -> None:
        """Do everything that is due by now."""
        if not self.is_done and self._reply is None and self._question.is_ready():
            self._choose(self._question.prompt(), now_s)
        if self._reply is not None and self._waiting is None and now_s >= self._reply_at_s:
            self._begin(self._reply)
        while not self.is_done and self._waiting is not None:
            if not self._take_step(now_s):
                return

    def wake_at_s(self) -> float | None:
        """When `advance` has something to do; None: only when something comes in."""
        if self.is_done or self._reply is None:
            return None
        if self._waiting is None:
            return self._reply_at_s
        return self._waiting[0].due_s() if self._waiting else self._reply_at_s

    def speaking(self, job_id: str) -> SpokenMessage | None:
        """The message that waits for this synthesis job, if it is ours."""
        current = self._waiting[0] if self._waiting else None
        if isinstance(current, SpokenMessage) and current.owns(job_id):
            return current
        return None

    def cancel(self, reason: str, now_s: float) -> None:
        """Stop generating; what was made so far stays."""
        self._stop("cancelled", {"type": "cancelled", "reason": reason}, now_s)

    def fail(self, code: str, message: str, now_s: float) -> None:
        """End as failed."""
        error = {"type": "server_error", "code": code, "message": message}
        self._stop("failed", {"type": "failed", "error": error}, now_s)

    def _choose(self, prompt: Prompt, now_s: float) -> None:
        reply = choose_reply(self._state.script, prompt)
        for call in reply.calls:
            if not self._settings.offers_tool(call.name):
                offered = [tool.get("name") for tool in self._settings.session["tools"]]
                self.fail(
                    "tool_not_offered",
                    f"The script calls the tool '{call.name}', which the session does not offer "
                    f"(tools: {offered}, tool_choice: {self._settings.session['tool_choice']}).",
                    now_s,
                )
                return
        self._reply, self._reply_at_s = reply, now_s + reply.delay_s

    def _begin(self, reply: Reply) -> None:
        outputs: deque[OutputItem] = deque()
        if reply.say is not None:
            message = SpokenMessage if self._settings.is_spoken else WrittenMessage
            outputs.append(message(self._context, 0, reply.say))
        for call in reply.calls:
            outputs.append(FunctionCall(self._context, len(outputs), call))
        self._waiting = outputs
        if outputs:
            outputs[0].start(self._reply_at_s)

    def _take_step(self, now_s: float) -> bool:
        """One step of generation, if one is due."""
        assert self._waiting is not None
        if not self._waiting:
            self._finish("completed", None, now_s)
            return False
        current = self._waiting[0]
        due_s = current.due_s()
        if due_s is None or due_s > now_s:
            return False
        current.step()
        if current.is_finished:
            self._made.append(self._waiting.popleft())
            if self._waiting:
                self._waiting[0].start(due_s)
        if self._is_over_limit():
            details = {"type": "incomplete", "reason": "max_output_tokens"}
            self._stop("incomplete", details, now_s)
        return True

    def _is_over_limit(self) -> bool:
        limit = self._settings.max_tokens
        return limit is not None and self._context.spent.total >= limit and bool(self._waiting)

    def _stop(self, status: str, details: dict[str, Any], now_s: float) -> None:
        if self.is_done:
            return
        if self._waiting:
            self._waiting[0].stop()
            self._made.append(self._waiting.popleft())
            self._waiting.clear()
        self._finish(status, details, now_s)

    def _finish(self, status: str, details: dict[str, Any] | None, now_s: float) -> None:
        self.is_done = True
        output = [made.item for made in self._made if made.item is not None]
        given = self._given if output or status == "completed" else TokenCount()
        spent = usage(given, self._context.spent, self._settings.session["model"])
        response = self._object(status, details, output, spent)
        self._state.send("response.done", response=response)
        self._state.send("rate_limits.updated", rate_limits=rate_limits(spent["total_tokens"]))
        self._state.quiet_since_s = now_s + self._unheard_s(now_s)
        self._state.send_playback_changes(self._state.playback.finish(self.id), now_s)

    def _unheard_s(self, now_s: float) -> float:
        """How long a client that plays the audio itself still plays it, about."""
        if self._state.plays_audio or not self._made:
            return 0.0
        made_s = sum(
            self._state.audio_s.get(made.item["id"], 0.0) for made in self._made if made.item
        )
        return max(0.0, self._reply_at_s + made_s - now_s)

    def _object(
        self,
        status: str,
        details: dict[str, Any] | None = None,
        output: list[Item] | None = None,
        spent: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        session = self._settings.session
        audio = session["audio"]["output"]
        return {
            "object": "realtime.response",
            "id": self.id,
            "status": status,
            "status_details": details,
            "output": output or [],
            "conversation_id": self._state.conversation_id if self.in_conversation else None,
            "output_modalities": session["output_modalities"],
            "max_output_tokens": session["max_output_tokens"],
            "audio": {"output": {"format": audio["format"], "voice": audio["voice"]}},
            "usage": spent,
            "metadata": self._settings.metadata,
        }
