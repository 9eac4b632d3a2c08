"""Findings of turn-taking: interruptions, the user cut off, the agent that hears itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from harness.facts.call import OwnVoiceHeard, VoiceStarted, VoiceStopped
from harness.facts.dialogue import AnswerStarted, UserSpeechStarted, UserSpeechStopped
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.seen import Seen
from harness.findings.session import CUT_AT, error_in_words
from harness.findings.state import CallState

GOES_ON_S = 1.8
"""An answer that is heard for so long after the user cut in does not stop for them."""

CUT_OFF_S = 0.3
"""What the server takes for the end of a turn, so long before the user's last sound, is a pause."""

DETECTION_S = 1.0
"""A server may tell the start of speech so much later than it was."""

EDGE_S = 0.1
"""A voice that comes back at once seems to begin this much before it was sent, at most."""

PLAYED_SLACK_S = 0.7
"""Where an item is cut may differ from what was heard by so much: path, buffer, detection."""


class InterruptionIgnored(Finding):
    """The user spoke into an answer, the server heard it, and the answer was played on."""

    name: ClassVar[str] = "interruption_ignored"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Leave interrupt_response on, or stop the playback and send response.cancel and "
        "output_audio_buffer.clear when speech starts."
    )


class TruncatedWrong(Finding):
    """The page cut an answer in the conversation at a place that nobody had heard."""

    name: ClassVar[str] = "truncated_wrong"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Send as audio_end_ms how much of this item was played, counted from the item's first "
        "sample, in milliseconds."
    )


class AgentHearsItself(Finding):
    """The server heard speech while the user was silent and the agent's own voice was played."""

    name: ClassVar[str] = "agent_hears_itself"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Keep what is played out of what is sent: echo cancellation on, no audio graph that joins "
        "the two, and no remote track among the senders."
    )


class OwnVoicePlayed(Finding):
    """The user's own voice came back out of the page."""

    name: ClassVar[str] = "own_voice_played"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Do not play the microphone's stream: mute the element that shows it, and connect no "
        "monitor to the audio graph's destination."
    )


class UserCutOff(Finding):
    """The server took a pause of the user for the end of their turn, and answered into it."""

    name: ClassVar[str] = "user_cut_off"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = "Raise silence_duration_ms of the turn detection, or use semantic_vad."


class InterruptionRule(Rule):
    """What becomes of an answer that the user speaks into."""

    finds = (InterruptionIgnored, AgentHearsItself)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._voice: Seen | None = None
        self._answer_id = ""
        self._cut_in: Seen | None = None
        self._told: set[str] = set()
        """Answers that events have told of."""

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Voice that is heard, and speech that the server hears."""
        match seen.fact:
            case AnswerStarted(answer_id=answer_id):
                self._told.add(answer_id)
            case VoiceStarted(answer_id=answer_id):
                if answer_id != self._answer_id:
                    self._cut_in = None
                self._voice, self._answer_id = seen, answer_id
            case VoiceStopped():
                yield from self._ignored(seen)
                self._voice = None
            case UserSpeechStarted() if self._voice is not None:
                yield from self._speech(seen, self._voice)
        yield from self._ignored(seen)

    def _speech(self, seen: Seen, voice: Seen) -> Iterator[Finding]:
        if self.state.is_speaking(seen.t_s, before_s=DETECTION_S):
            if not self._may_be_own(voice):
                self._cut_in = self._cut_in or seen
        elif self.state.clips and not self.state.has_noise:
            cause = "The server heard speech start, and only the agent was speaking."
            yield AgentHearsItself.by(cause, seen.event, voice.event)

    def _may_be_own(self, voice: Seen) -> bool:
        """Whether a voice that no event tells of began while the user spoke: an echo of theirs."""
        is_told = self._answer_id in self._told
        return not is_told and self.state.is_speaking(voice.t_s, after_s=EDGE_S)

    def _ignored(self, seen: Seen) -> Iterator[Finding]:
        cut_in = self._cut_in
        if cut_in is None or self._voice is None or self.state.ending is not None:
            return
        if seen.t_s - cut_in.t_s >= GOES_ON_S:
            cause = f"The answer was heard for {GOES_ON_S:g} s after the server heard the user"
            off = self.state.switched_off("interrupt_response")
            cause += f"; {off}." if off else "."
            yield InterruptionIgnored.by(cause, cut_in.event, self._voice.event)
            self._cut_in = None


class TruncationRule(Rule):
    """Where a page cuts items by itself."""

    finds = (TruncatedWrong,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._began: Seen | None = None
        self._is_told = False
        """Whether the page's own event shows it, so that the server's refusal need not."""

    def on(self, seen: Seen) -> Iterator[Finding]:
        """An item cannot have been heard for longer than its answer has been there."""
        if isinstance(seen.fact, AnswerStarted):
            self._began = seen
        elif (error := seen.is_received("error")) and error.text("error", "param") == CUT_AT:
            if not self._is_told:
                yield TruncatedWrong.by(f"{error_in_words(error.part('error'))}.", seen.event)
            self._is_told = False
        elif (sent := seen.is_sent("conversation.item.truncate")) and self._began is not None:
            asked_ms, since_s = sent.body.get("audio_end_ms"), seen.t_s - self._began.t_s
            if not isinstance(asked_ms, int | float) or isinstance(asked_ms, bool):
                return
            if asked_ms / 1000 > since_s + PLAYED_SLACK_S:
                heard = f"its answer had begun {since_s:.2f} s before"
                cause = f"audio_end_ms is {asked_ms:g}, and {heard}."
                self._is_told = True
                yield TruncatedWrong.by(cause, seen.event, self._began.event)


class OwnVoiceRule(Rule):
    """The user's voice in what is played; the harness has recognised it."""

    finds = (OwnVoicePlayed,)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Each stretch."""
        if isinstance(seen.fact, OwnVoiceHeard):
            where = f"from {seen.fact.start_s:.2f} s to {seen.fact.end_s:.2f} s"
            cause = f"What was heard {where} is the user's own voice."
            yield OwnVoicePlayed.by(cause, seen.event, at_s=seen.fact.start_s)


class CutOffRule(Rule):
    """Turns that the server ends in a pause."""

    finds = (UserCutOff,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._stopped: Seen | None = None

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Speech that stops, and an answer that begins, before the user's sentence is over."""
        match seen.fact:
            case UserSpeechStopped():
                self._stopped = seen
            case UserSpeechStarted():
                self._stopped = None
            case AnswerStarted() if self._stopped is not None:
                yield from self._cut(seen, self._stopped)
                self._stopped = None

    def _cut(self, seen: Seen, stopped: Seen) -> Iterator[Finding]:
        for clip in self.state.clips:
            left_s = clip.speech_end_s - seen.t_s
            if clip.speech_start_s < stopped.t_s and left_s > CUT_OFF_S and not clip.muted:
                cause = f"An answer began {left_s:.2f} s before the user's last sound."
                yield UserCutOff.by(cause, stopped.event, seen.event)
                return


RULES = (InterruptionRule, TruncationRule, OwnVoiceRule, CutOffRule)
