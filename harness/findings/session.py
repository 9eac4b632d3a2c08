"""Findings of a Realtime session: its settings, its models, and events that the server refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from harness.facts.connection import ConnectionCreated
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Overdue, Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState
from harness.realtime.ending_models import endings_in

UPDATED_S = 5.0
"""A session.update is answered in a round trip."""

CONFIGURED_S = 5.0
"""A page that sets its session up does so as soon as its channel is open."""

BETA_KEYS = frozenset(
    {
        "modalities",
        "voice",
        "speed",
        "input_audio_format",
        "output_audio_format",
        "turn_detection",
        "input_audio_transcription",
        "input_audio_noise_reduction",
        "max_response_output_tokens",
        "temperature",
    }
)
BETA_EVENTS = frozenset({"transcription_session.update"})
BETA_HANDLED = ("response.audio.", "response.audio_transcript.", "response.text.")


class SessionUpdateRefused(Finding):
    """The server refused the page's session settings, all of them."""

    name: ClassVar[str] = "session_update_refused"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Mend the field that the error names: a session.update is taken whole or not at all, and "
        "the session stays as it was."
    )


class SessionUpdateUnanswered(Finding):
    """The page sent session settings, and the server neither took nor refused them."""

    name: ClassVar[str] = "session_update_unanswered"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "See that the message arrives whole, and that the channel is the right one."
    )


class BetaSession(Finding):
    """The page sends session settings in the shape of the Realtime beta."""

    name: ClassVar[str] = "beta_session"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Send the present shape: {type: 'realtime', output_modalities, audio: {input: "
        "{turn_detection, transcription, format}, output: {voice, format}}}."
    )


class SettingsLost(Finding):
    """A new session has none of the settings that the page gave to the one before."""

    name: ClassVar[str] = "settings_lost"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Send session.update again after each session.created, or put the settings into the client "
        "secret."
    )


class ModelEnds(Finding):
    """The session names a model whose end is announced."""

    name: ClassVar[str] = "model_ends"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = "Name the model that takes its place."


class EventRefused(Finding):
    """The server refused an event that the page sent."""

    name: ClassVar[str] = "event_refused"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Mend what the error's message and param name, in the event that was sent."
    )


class UpdateRule(Rule):
    """What becomes of the settings that a page sends."""

    finds = (SessionUpdateRefused, SessionUpdateUnanswered, BetaSession)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._sent = Overdue(UPDATED_S)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Each session.update until it is answered."""
        message = seen.message
        if message is None:
            yield from self._unanswered(seen)
            return
        if sent := (seen.is_sent("session.update") or seen.is_sent("transcription_session.update")):
            self._sent.wait(message.carrier, seen)
            beta = sorted(BETA_KEYS & set(sent.part("session")))
            if beta or sent.type in BETA_EVENTS:
                what = f"session.update has {', '.join(beta)} of the beta" if beta else sent.type
                yield BetaSession.by(f"{what}.", seen.event)
        elif seen.is_received("session.updated"):
            self._sent.came(message.carrier)
        elif (error := seen.is_received("error")) and is_about_update(self.state, seen):
            self._sent.came(message.carrier)
            yield SessionUpdateRefused.by(f"{error_in_words(error.part('error'))}.", seen.event)
        yield from self._unanswered(seen)

    def _unanswered(self, seen: Seen) -> Iterator[Finding]:
        for _, update in self._sent.due(seen.t_s):
            if self.state.ending is None:
                cause = f"Neither session.updated nor an error came for {UPDATED_S:g} s."
                yield SessionUpdateUnanswered.by(cause, update.event)


class LostRule(Rule):
    """Second sessions that the page leaves as they came."""

    finds = (SettingsLost,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._again = Overdue(CONFIGURED_S)
        self._configured: Seen | None = None
        self._carriers: set[str] = set()
        """Those on which settings were sent."""

    def on(self, seen: Seen) -> Iterator[Finding]:
        """A session on a new carrier, after one that was configured, waits for the same."""
        if isinstance(seen.fact, ConnectionCreated):
            self._carriers.discard(seen.fact.connection)
        elif (sent := seen.is_sent("session.update")) is not None:
            self._configured = seen
            self._carriers.add(sent.carrier)
            self._again.came(sent.carrier)
        elif (began := seen.is_received("session.created")) and self._is_left(began.carrier):
            self._again.wait(began.carrier, seen)
        for _, created in self._again.due(seen.t_s):
            if self.state.ending is None and self._configured is not None:
                cause = f"A new session began, and for {CONFIGURED_S:g} s no session.update came."
                yield SettingsLost.by(cause, created.event, self._configured.event)

    def _is_left(self, carrier: str) -> bool:
        return self._configured is not None and carrier not in self._carriers


class ModelRule(Rule):
    """Models that a session names."""

    finds = (ModelEnds,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._told: set[str] = set()

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Each model once, whoever names it."""
        if seen.message is None or not seen.message.type.startswith("session."):
            return
        for ending in endings_in(seen.message.part("session")):
            if ending.model not in self._told:
                self._told.add(ending.model)
                yield ModelEnds.by(ending.in_words, seen.event)


class RefusedRule(Rule):
    """Errors of the server that no other rule speaks of."""

    finds = (EventRefused,)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Any error event; races that every client has are none."""
        error = seen.is_received("error")
        if error is None or is_about_update(self.state, seen):
            return
        if error.text("error", "code") in NAMED_ELSEWHERE:
            return
        if error.text("error", "type") not in ("", "invalid_request_error"):
            return
        yield EventRefused.by(f"{error_in_words(error.part('error'))}.", seen.event)


NAMED_ELSEWHERE = frozenset(
    {
        "conversation_already_has_active_response",
        "response_cancel_not_active",
        "invalid_truncation",
    }
)


def is_about_update(state: CallState, seen: Seen) -> bool:
    """Whether an error refuses settings that the page sent."""
    if seen.message is None or not (updates := state.updates.get(seen.message.carrier)):
        return False
    error = seen.message.part("error")
    ids = {one.message.body.get("event_id") for one in updates if one.message} - {None}
    return error.get("event_id") in ids or str(error.get("param") or "").startswith("session")


def error_in_words(error: Mapping[str, Any]) -> str:
    """An error of the wire: its code, its message, and which field it is about."""
    code, message = error.get("code") or "no code", str(error.get("message") or "")
    param = f" ({error['param']})" if error.get("param") else ""
    return f"{code}{param}: {message.rstrip('.')}"


RULES = (UpdateRule, LostRule, ModelRule, RefusedRule)
