"""One response, from ``response.created`` to ``response.done``."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import islice
from typing import Any

from harness.errors import AssistantError
from harness.realtime.audio_formats import format_of
from harness.realtime.items import Item
from harness.realtime.server.assistant_output import AssistantOutput
from harness.realtime.server.assistants.assistant import (
    MOST_PIECES,
    InjectFault,
    Piece,
    Play,
    Prompt,
    Say,
    UseTool,
)
from harness.realtime.server.context import PromptSource
from harness.realtime.server.mcp_calls import RemoteCall
from harness.realtime.server.offered_tools import OfferedTools
from harness.realtime.server.output_items import (
    OutputContext,
    OutputItem,
    WrittenMessage,
)
from harness.realtime.server.outputs import AskAssistant, BeginFaults, NoteFault, StopAssistant
from harness.realtime.server.response_faults import Ending
from harness.realtime.server.response_settings import ResponseSettings
from harness.realtime.server.spoken_message import SpokenMessage
from harness.realtime.server.state import SessionState
from harness.realtime.server.tokens import ASSISTANT_AUDIO_TOKEN_S, TokenCount, capped, usage
from harness.realtime.server.validation.mcp_values import WantedCall
from harness.realtime.server.validation.settings import voice_name

_log = logging.getLogger(__name__)


class Response:
    """A response being made.

    Announced at once; its content waits for the words it answers (`PromptSource`), then for what
    the assistant makes of them (`AssistantOutput`), and is generated while that comes in. Drive it
    with `advance` whenever time passes or something came in, at the latest at `wake_at_s`.
    """

    def __init__(
        self,
        state: SessionState,
        settings: ResponseSettings,
        prompt_source: PromptSource,
        given: TokenCount,
        tools: OfferedTools,
        asked_s: float,
        approved: WantedCall | None = None,
    ) -> None:
        self.id = state.ids.response()
        self.in_conversation = settings.in_conversation
        self.is_done = False
        self.ends_with_remote_call = False
        """It was completed, and nobody has said yet what its last item, a remote call, gave."""
        self._tools = tools
        self._asked_s = asked_s
        self._approved = approved
        self._state = state
        self._settings = settings
        self._prompt_source = prompt_source
        self._given = given
        self._assistant_output: AssistantOutput | None = None
        self._job_id: str | None = None
        """Of the assistant that is thinking beside the session."""
        self._begun_at_s: float | None = None
        self._waiting: deque[OutputItem] = deque()
        self._open: WrittenMessage | SpokenMessage | None = None
        """The message that the next words belong to."""
        self._made: list[OutputItem] = []
        self._outcome = state.faults.outcome_of_next_response()
        self._context = OutputContext(
            state,
            self.id,
            settings.in_conversation,
            voice=voice_name(settings.session["audio"]["output"]["voice"]),
            speed=settings.session["audio"]["output"]["speed"],
            audio_format=format_of(settings.session, "output"),
        )
        self._state.send("response.created", response=self._object("in_progress"))

    def advance(self, now_s: float) -> None:
        """Do everything that is due by now."""
        if self._assistant_output is None and self._is_ready():
            self._ask(now_s)
        self._take_pieces(now_s)
        while not self.is_done and self._take_step(now_s):
            self._take_pieces(now_s)
            self._meet_fate(now_s)

    def wake_at_s(self) -> float | None:
        """When `advance` has something to do; None: only when something comes in."""
        if self.is_done or self._assistant_output is None:
            return None
        due = (
            self._waiting[0].due_s() if self._waiting else None,
            self._assistant_output.wake_at_s(),
            self._outcome.wake_at_s() if self._has_said_all else None,
        )
        return min((time_s for time_s in due if time_s is not None), default=None)

    def waits_for(self, job_id: str) -> bool:
        """Whether this thinking is ours, and still wanted."""
        return job_id == self._job_id

    def on_assistant_output(self, job_id: str, piece: Piece | None, now_s: float) -> None:
        """The next piece of the assistant's answer; None after the last."""
        if not self.waits_for(job_id) or self._assistant_output is None:
            return
        if piece is None:
            self._job_id = None
            self._assistant_output.is_complete = True
        elif self._is_offered(piece, now_s):
            self._assistant_output.add(self._tools.as_call(piece), now_s)

    def speaking(self, job_id: str) -> SpokenMessage | None:
        """The message that waits for this synthesis job, if it is ours."""
        current = self._waiting[0] if self._waiting else None
        if isinstance(current, SpokenMessage) and current.owns(job_id):
            return current
        return None

    def calling(self, job_id: str) -> RemoteCall | None:
        """The remote call that waits for this job, if it is ours."""
        current = self._waiting[0] if self._waiting else None
        if isinstance(current, RemoteCall) and current.owns(job_id):
            return current
        return None

    def cancel(self, reason: str, now_s: float) -> None:
        """Stop generating; what was made so far stays."""
        self._stop("cancelled", {"type": "cancelled", "reason": reason}, now_s)

    def fail(self, code: str, message: str, now_s: float, *, kind: str = "server_error") -> None:
        """End as failed."""
        error = {"type": kind, "code": code, "message": message}
        self._stop("failed", {"type": "failed", "error": error}, now_s)

    def _is_ready(self) -> bool:
        if self._approved is not None:
            return True
        return self._prompt_source.is_ready() and self._tools.are_known()

    def _ask(self, now_s: float) -> None:
        """Ask the assistant: a plain one answers at once, another thinks beside us.

        A call that was approved is made without asking.
        """
        self._assistant_output = AssistantOutput(self._asked_s)
        if self._approved is not None:
            self._append(RemoteCall(self._context, 0, self._approved), now_s)
            self._assistant_output.is_complete = True
            return
        try:
            pieces = self._state.assistant.answer(self._prompt())
            if isinstance(pieces, AsyncIterator):
                self._job_id = self._state.new_job_id()
                self._state.put(AskAssistant(self._job_id, pieces))
                return
            for piece in islice(pieces, MOST_PIECES):
                if not self._is_offered(piece, now_s):
                    return
                self._assistant_output.add(self._tools.as_call(piece), now_s)
        except AssistantError as error:
            self.fail(error.code, error.message, now_s)
        except Exception:
            _log.exception("the assistant broke")
            self.fail("assistant_failed", "The assistant failed.", now_s)
        self._assistant_output.is_complete = True

    def _prompt(self) -> Prompt:
        session = self._settings.session
        return replace(
            self._prompt_source.prompt(),
            instructions=session["instructions"],
            tools=self._tools.definitions(),
            tool_choice=session["tool_choice"],
        )

    def _is_offered(self, piece: Piece, now_s: float) -> bool:
        """Whether the piece can be done; the call of a tool that is not there fails us loudly."""
        if not isinstance(piece, UseTool) or self._tools.offer(piece):
            return True
        self.fail("tool_not_offered", self._tools.refusal(piece), now_s)
        return False

    def _take_pieces(self, now_s: float) -> None:
        """Turn what the assistant has handed out, and what is due of it, into output."""
        assistant_output = self._assistant_output
        if assistant_output is None or self.is_done:
            return
        while (taken := assistant_output.take(now_s)) is not None:
            piece, due_at_s = taken
            if isinstance(piece, InjectFault):
                self._spoil(piece, due_at_s)
            elif isinstance(piece, UseTool):
                self._close_message(due_at_s)
                self._append(self._tools.item(self._context, self._outputs, piece), due_at_s)
            else:
                self._outcome.said(piece)
                self._speak(piece, due_at_s)
        self._meet_fate(now_s)
        if self.is_done:
            return
        if assistant_output.is_over and self._outcome.never_ends:
            self._say_again(now_s)
        elif assistant_output.is_over:
            self._close_message(now_s)
            if not self._waiting:
                self._end_well(now_s)
        if self._waiting and isinstance(self._waiting[0], SpokenMessage):
            self._waiting[0].ask_next_sentence()

    # Faults

    def _spoil(self, piece: InjectFault, at_s: float) -> None:
        """The rule that answers has faults: ours, and those that the shell carries out."""
        others = self._outcome.add(piece.faults)
        if others:
            self._state.put(BeginFaults(tuple(others), self.id))

    def _meet_fate(self, now_s: float) -> None:
        ending = self._outcome.ending(self._context.words, is_over=False)
        if ending is not None and not self.is_done:
            self._end_badly(ending, now_s)

    def _end_badly(self, ending: Ending, now_s: float) -> None:
        detail = f"{self.id} is {ending.status} after {self._context.words} words"
        self._state.put(NoteFault(ending.name, detail))
        self._stop(ending.status, ending.details, now_s)

    def _end_well(self, now_s: float) -> None:
        ending = self._outcome.ending(self._context.words, is_over=True)
        if ending is None:
            self._finish("completed", None, now_s)
        else:
            self._end_badly(ending, now_s)

    @property
    def _has_said_all(self) -> bool:
        """Everything that was to be said so far is made."""
        if self._assistant_output is None or not self._assistant_output.is_over:
            return False
        return not self._waiting if self._open is None else self._open.is_idle

    def _say_again(self, now_s: float) -> None:
        """An answer that never ends begins anew, when most of it was played."""
        if not self._has_said_all:
            return
        made_s = self._context.spent.audio * ASSISTANT_AUDIO_TOKEN_S
        again = self._outcome.take_repetition((self._begun_at_s or now_s) + made_s, now_s)
        for piece in again:
            more = replace(piece, text=f" {piece.text}") if isinstance(piece, Say) else piece
            self._speak(more, now_s)
        if again:
            self._state.put(NoteFault("answer_never_ends", f"{self.id} begins again"))

    def _speak(self, piece: Say | Play, at_s: float) -> None:
        if self._open is None:
            self._open = self._new_message(piece)
            self._append(self._open, at_s)
        if isinstance(piece, Say):
            self._open.add_text(piece.text, at_s)
        elif isinstance(self._open, SpokenMessage):
            self._open.add_sound(piece.samples, piece.transcript, at_s, piece.early_s)
        else:
            self._open.add_text(piece.transcript, at_s)

    def _new_message(self, piece: Say | Play) -> WrittenMessage | SpokenMessage:
        if not self._settings.is_spoken:
            return WrittenMessage(self._context, self._outputs)
        if isinstance(piece, Play):
            return SpokenMessage(self._context, self._outputs)
        return SpokenMessage(self._context, self._outputs, piece.voice, piece.speed)

    def _close_message(self, now_s: float) -> None:
        if self._open is not None:
            self._open.end_text(now_s)
            self._open = None

    @property
    def _outputs(self) -> int:
        """How many output items there are so far: the index of the next."""
        return len(self._made) + len(self._waiting)

    def _append(self, output: OutputItem, at_s: float) -> None:
        self._waiting.append(output)
        if self._begun_at_s is None:
            self._begun_at_s = at_s
        if len(self._waiting) == 1:
            output.start(at_s)

    def _take_step(self, now_s: float) -> bool:
        """One step of generation, if one is due."""
        if not self._waiting:
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
        if self._job_id is not None:
            self._state.put(StopAssistant(self._job_id))
            self._job_id = None
        output = [made.item for made in self._made if made.item is not None]
        is_call = bool(output) and output[-1]["type"] == "mcp_call"
        self.ends_with_remote_call = status == "completed" and is_call
        given = self._given if output or status == "completed" else TokenCount()
        limit = self._settings.max_tokens
        made = self._context.spent if limit is None else capped(self._context.spent, limit)
        spent = usage(given, made, self._settings.session["model"])
        response = self._object(status, details, output, spent)
        self._state.send("response.done", response=response)
        left = self._state.rate_limit.take(spent["total_tokens"], now_s)
        self._state.send("rate_limits.updated", rate_limits=left)
        self._state.quiet_since_s = now_s + self._unheard_s(now_s)
        self._state.send_playback_changes(self._state.playback.finish(self.id), now_s)

    def _unheard_s(self, now_s: float) -> float:
        """How long a client that plays the audio itself still plays it, about."""
        if self._state.plays_audio or not self._made:
            return 0.0
        made_s = sum(
            self._state.audio_s.get(made.item["id"], 0.0) for made in self._made if made.item
        )
        return max(0.0, (self._begun_at_s or 0.0) + made_s - now_s)

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
