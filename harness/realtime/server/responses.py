"""All responses of a session: starting, running, cancelling, interrupting them."""

from __future__ import annotations

from typing import Any

from harness.audio.clip import MonoFloat32
from harness.errors import ProtocolError
from harness.realtime import items
from harness.realtime.audio_formats import format_of
from harness.realtime.items import Item
from harness.realtime.server.assistants.assistant import Piece, reads_history
from harness.realtime.server.context import count_turns, prompt_source_in
from harness.realtime.server.items import item_audio
from harness.realtime.server.mcp_servers import RemoteTools
from harness.realtime.server.offered_tools import OfferedTools
from harness.realtime.server.playback import PLAYBACK_RATE_HZ, ClearedResponse
from harness.realtime.server.response import Response
from harness.realtime.server.response_settings import ResponseSettings
from harness.realtime.server.state import SessionState
from harness.realtime.server.tokens import context_tokens, text_tokens
from harness.realtime.server.transcription import Transcription
from harness.realtime.server.truncation import ContextLimit, context_limit
from harness.realtime.server.validation.mcp_values import RemoteResult, WantedCall
from harness.realtime.server.validation.settings import check_voice
from harness.realtime.session_object import Settings, merged
from harness.realtime.wire import Event

CONTEXT_TOO_LONG = "context_length_exceeded"
_TOO_LONG = "The conversation has more than the {} tokens that fit, and truncation is disabled."


class Responses:
    """At most one response on the conversation, any number beside it."""

    def __init__(
        self, state: SessionState, transcription: Transcription, remote: RemoteTools
    ) -> None:
        self._state = state
        self._transcription = transcription
        self._remote = remote
        self._answers: list[Response] = []
        self.asked = 0
        """Responses so far that a client or the user asked for."""
        self.put_off: frozenset[str] = frozenset()
        """Requests for approval that were open when the last of these was asked for."""
        self._own_id: str | None = None
        """The response that was started by itself and that nobody has asked for since."""
        self._ended_with_remote_call = False
        self._beside: set[str] = set()
        """Ids of responses outside the conversation whose audio may still play."""

    @property
    def active(self) -> Response | None:
        """The response on the conversation that is being made."""
        return next((answer for answer in self._answers if answer.in_conversation), None)

    def receive_create(self, event: Event, now_s: float) -> None:
        """``response.create``.

        Raises:
            ProtocolError: one is active already, or the request is not valid now.
        """
        asked: dict[str, Any] = event.get("response") or {}
        in_conversation = asked.get("conversation") != "none"
        if in_conversation and self._is_asked_late(asked):
            return
        if in_conversation:
            self._refuse_second()
        has_tools = asked.get("tools") is not None
        session = self._overridden(asked)
        settings = ResponseSettings(session, in_conversation, asked.get("metadata"))
        context = None
        if asked.get("input") is not None:
            context = self._resolved(asked["input"])
        self._start(settings, context, now_s, brings_tools=has_tools)
        if has_tools:
            self._remote.use(session["tools"], now_s)

    def start_automatically(
        self, now_s: float, *, is_idle: bool = False, over_s: float | None = None
    ) -> None:
        """The response after a user's turn; an ``error`` event where one is still active.

        Args:
            over_s: when the turn was over by its samples, which is noticed a little before or
                after; now where absent.
        """
        try:
            self._refuse_second()
        except ProtocolError as error:
            self._state.send_error(error)
            return
        self._start(
            ResponseSettings(self._state.settings), None, now_s, is_idle=is_idle, over_s=over_s
        )

    def start_by_itself(self, now_s: float, approved: WantedCall | None = None) -> None:
        """What goes on after a remote tool: an answer, or the call that was approved."""
        answer = self._start(
            ResponseSettings(self._state.settings), None, now_s, approved=approved, is_asked=False
        )
        self._own_id = answer.id

    def take_end_with_remote_call(self) -> bool:
        """Whether a response on the conversation has ended so since this was asked last."""
        has_ended, self._ended_with_remote_call = self._ended_with_remote_call, False
        return has_ended

    def receive_cancel(self, event: Event, now_s: float) -> None:
        """``response.cancel``; audio that was generated goes on playing.

        Raises:
            ProtocolError: no such response is active.
        """
        response_id = event.get("response_id")
        answer = self.active if response_id is None else self._by_id(response_id)
        if answer is None:
            raise ProtocolError(
                "Cancellation failed: no active response found", code="response_cancel_not_active"
            )
        answer.cancel("client_cancelled", now_s)
        self._forget_done()

    def interrupt(self, now_s: float) -> None:
        """The user speaks: end the conversation's response and its playback."""
        answer = self.active
        if answer is not None:
            answer.cancel("turn_detected", now_s)
            self._forget_done()
        cleared = self._state.playback.clear(lambda response_id: response_id not in self._beside)
        self._report_cleared(cleared, now_s)

    def clear_playback(self, now_s: float) -> None:
        """``output_audio_buffer.clear``: playback ends, generation goes on unheard."""
        self._report_cleared(self._state.playback.clear(), now_s)

    def receive_speech(
        self, job_id: str, samples: MonoFloat32, is_last: bool, now_s: float
    ) -> None:
        """Audio (24 kHz) of a synthesis job; for one that nobody awaits, nothing happens."""
        for answer in self._answers:
            message = answer.speaking(job_id)
            if message is not None:
                message.receive_speech(job_id, samples, is_last, now_s)

    def speech_failed(self, job_id: str, message: str, now_s: float) -> None:
        """A synthesis job failed: so does its response."""
        for answer in self._answers:
            if answer.speaking(job_id) is not None:
                answer.fail("speech_synthesis_failed", message, now_s)
        self._forget_done()

    def on_assistant_output(self, job_id: str, piece: Piece | None, now_s: float) -> None:
        """A piece of an assistant's answer; of one nobody waits for any more, nothing happens."""
        for answer in self._answers:
            answer.on_assistant_output(job_id, piece, now_s)

    def on_assistant_failed(self, job_id: str, code: str, message: str, now_s: float) -> None:
        """The assistant broke off: so does its response."""
        for answer in self._answers:
            if answer.waits_for(job_id):
                answer.fail(code, message, now_s)
        self._forget_done()

    def receive_tool_result(self, job_id: str, result: RemoteResult, now_s: float) -> None:
        """What a remote call gave; of one that nobody waits for any more, nothing happens."""
        for answer in self._answers:
            call = answer.calling(job_id)
            if call is not None:
                call.on_result(result, now_s)

    def advance(self, now_s: float) -> None:
        """Do everything that is due by now."""
        if not self._answers:
            return  # as in most of the hundred times a second that a call asks
        for answer in list(self._answers):
            answer.advance(now_s)
        self._forget_done()

    def wake_at_s(self) -> float | None:
        """When `advance` has something to do."""
        if not self._answers:
            return None
        times = [answer.wake_at_s() for answer in self._answers]
        return min((time_s for time_s in times if time_s is not None), default=None)

    def _start(
        self,
        settings: ResponseSettings,
        context: list[Item] | None,
        now_s: float,
        *,
        is_idle: bool = False,
        over_s: float | None = None,
        approved: WantedCall | None = None,
        is_asked: bool = True,
        brings_tools: bool = False,
    ) -> Response:
        history = list(self._state.conversation)
        instructions = settings.session["instructions"]
        limit = context_limit(settings.session, text_tokens(instructions))
        seen = context
        if seen is None:
            seen = self._remembered(history, limit, forgets=settings.in_conversation)
        needs_words = reads_history(self._state.assistant)
        earlier = 0 if context is not None else count_turns(history) - count_turns(seen)
        prompt_source = prompt_source_in(
            seen, history, self._transcription, is_idle, needs_words, earlier
        )
        given = context_tokens(instructions, [(item, self._audio_s(item)) for item in seen])
        self._state.quiet_since_s = None
        tools = OfferedTools(settings.session, self._remote, brings_tools)
        asked_s = now_s if over_s is None else over_s
        answer = Response(self._state, settings, prompt_source, given, tools, asked_s, approved)
        if is_asked:
            self.asked += 1
            self.put_off = frozenset(self._state.open_approvals)
        if not answer.in_conversation:
            self._beside.add(answer.id)
        self._answers.append(answer)
        if context is None and limit.is_exceeded(self._sizes(seen)):
            message = _TOO_LONG.format(limit.most_tokens)
            answer.fail(CONTEXT_TOO_LONG, message, now_s, kind="invalid_request_error")
            self._forget_done()
        return answer

    def _remembered(self, history: list[Item], limit: ContextLimit, *, forgets: bool) -> list[Item]:
        """What a response sees of the conversation; what one of its own leaves out stays out."""
        known = [item for item in history if item["id"] not in self._state.dropped_item_ids]
        first = limit.first_kept(self._sizes(known))
        if forgets:
            self._state.dropped_item_ids |= {item["id"] for item in known[:first]}
        return known[first:]

    def _sizes(self, context: list[Item]) -> list[int]:
        """Tokens of each item."""
        return [context_tokens("", [(item, self._audio_s(item))]).total for item in context]

    def _audio_s(self, item: Item) -> float:
        return self._state.audio_s.get(item["id"], 0.0)

    def _is_asked_late(self, asked: dict[str, Any]) -> bool:
        """Whether this asks for the answer that has just been started by itself.

        A client may ask for the answer to a remote call although the server gives it anyway: such
        a request, with no wishes of its own, gets that answer and no error.
        """
        answer = self.active
        is_own = answer is not None and answer.id == self._own_id and not asked
        if is_own:
            self._own_id = None
        return is_own

    def _refuse_second(self) -> None:
        answer = self.active
        if answer is not None:
            raise ProtocolError(
                "Conversation already has an active response in progress: "
                f"{answer.id}. Wait until the response is finished before creating a new one.",
                code="conversation_already_has_active_response",
            )

    def _overridden(self, asked: dict[str, Any]) -> Settings:
        """The session's settings with the request's own."""
        session = self._state.settings
        own = ("metadata", "conversation", "input")
        update = {key: value for key, value in asked.items() if key not in own}
        result = merged(session, update)
        result["tools"] = self._remote.resolved(result["tools"], "response.tools")
        check_voice(session, result["audio"]["output"]["voice"], self._state.has_spoken)
        return result

    def _resolved(self, given: list[Item]) -> list[Item]:
        """The items of a request's own context; they do not enter the conversation.

        Raises:
            ProtocolError: a reference to an unknown item, or audio that is none.
        """
        for index, item in enumerate(given):
            if item["type"] == "item_reference":
                self._state.conversation.get(item["id"], f"response.input[{index}].id")
        kind = format_of(self._state.settings, "input")
        audio = [
            item_audio(item, f"response.input[{index}]", kind) for index, item in enumerate(given)
        ]
        resolved = []
        for item, samples in zip(given, audio, strict=True):
            if item["type"] == "item_reference":
                resolved.append(self._state.conversation.get(item["id"]))
                continue
            echo = items.announced(item, self._state.new_item_id())
            if samples is not None:
                self._transcription.hear(echo["id"], samples, announce=False, wants_text=False)
            resolved.append(echo)
        return resolved

    def _report_cleared(self, cleared: list[ClearedResponse], now_s: float) -> None:
        for response in cleared:
            if response.was_started:
                self._state.send_playback("cleared", response.response_id)
            is_complete = self._by_id(response.response_id) is None
            for item in response.items:
                # The reference truncates what had been played; an answer that was complete and
                # never heard is truncated at 0, or history would hold words nobody heard.
                if item.item_id in self._state.conversation and (item.played_frames or is_complete):
                    played_ms = item.played_frames * 1000 // PLAYBACK_RATE_HZ
                    self._state.truncate_item(item.item_id, 0, played_ms)
        if cleared:
            self._state.quiet_since_s = now_s

    def _by_id(self, response_id: str) -> Response | None:
        return next((answer for answer in self._answers if answer.id == response_id), None)

    def _forget_done(self) -> None:
        for answer in self._answers:
            if answer.is_done and answer.in_conversation and answer.ends_with_remote_call:
                self._ended_with_remote_call = True
        self._answers = [answer for answer in self._answers if not answer.is_done]
