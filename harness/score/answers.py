"""Answers of a call: which were given, and when each is really over.

Pure: takes dialogue events, moments of heard voice and "now", all on the call's timeline. An
answer is over when the protocol says it ended, its playback stopped, and nothing is heard any
more. Where the protocol says nothing (a page that speaks another one), the audio alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

QUIET_S = 0.35
"""Heard silence after which an answer that the protocol ended is over."""

QUIET_ALONE_S = 1.5
"""Heard silence that ends an answer where no protocol event says so."""

FIRST_SOUND_S = 4.0
"""How long the first sound of an answer may come after all of its words, where a protocol tells
words beside the sound and not where answers end: they may be told faster than they are spoken."""

LAST_SOUND_S = 1.5
"""How long after an answer was cut its last sound may still come; a starved jitter buffer pauses,
and then plays on."""

LEAST_THOUGHT_S = 0.2
"""How long after the user's last sound an answer to it comes at the earliest."""

TURN_ENDS = frozenset({"user.speech_stopped", "user.committed"})
"""Events by which the other side says that it took the user's turn for ended."""

BY_EAR = "heard-"
"""What the names of answers begin with that no event has told of."""

EARLY_SOUND_S = 1.0
"""How long before an answer's first event its sound may have begun: audio and events come by
different roads, and a busy page hands on its events late."""


class Told(Protocol):
    """One event of a recorded call."""

    @property
    def source(self) -> str:
        """Which side it comes from, as a trace names it."""

    @property
    def type(self) -> str:
        """Its type, as a trace names it."""

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says."""

    @property
    def t_s(self) -> float | None:
        """Seconds on the call's timeline; None where it has no place there."""


@dataclass
class Stretch:
    """Voice without a break, as the live detector hears it, with edges as they are known then."""

    start_s: float
    end_s: float | None = None
    """None while it goes on."""


@dataclass
class Answer:
    """One answer of the other side, as far as it is known."""

    answer_id: str
    started_s: float
    text: str = ""
    """What the transcript says so far."""

    status: str | None = None
    """completed, cancelled, incomplete or failed; None while it is being made."""

    playback: str | None = None
    """playing, stopped or cleared; None before any audio."""

    audio_started_s: float | None = None
    """When the other side said that its sound begins; None: it did not."""

    audio_ended_s: float | None = None
    """When it first said that the sound ended, or was cleared."""

    reason: str | None = None
    """Why it has this status, where the protocol says."""

    voice_start_s: float | None = None
    voice_end_s: float | None = None
    ended_s: float | None = None
    over_s: float | None = None
    stretches: list[Stretch] = field(default_factory=list)
    """Where its voice was heard."""

    told_s: float | None = None
    """When more of its words came last."""

    turn_ended_s: float | None = None
    """The latest end of a turn of the user's that was told before this answer was."""

    @property
    def began_s(self) -> float:
        """Its first sign: an event that tells of it, or its sound."""
        return min(self.started_s, self.voice_start_s or self.started_s)

    @property
    def latest_start_s(self) -> float:
        """When it was told of, and not before the end of a turn that had been told before.

        Where the audio stands still on a busy machine, the timeline is set back to it, and what
        came later may have the earlier time.
        """
        return max(self.started_s, self.turn_ended_s or self.started_s)

    @property
    def is_spoken(self) -> bool:
        """Whether it has words or a voice."""
        return bool(self.text.strip()) or self.voice_start_s is not None

    @property
    def known_by_ear_alone(self) -> bool:
        """Whether it was heard, and no event has told of it."""
        return self.answer_id.startswith(BY_EAR)

    @property
    def is_told(self) -> bool:
        """Whether events have told of it."""
        return not self.known_by_ear_alone

    @property
    def interrupted(self) -> bool:
        """Whether it was cut: cancelled while being made, or cleared while playing."""
        return self.status == "cancelled" or self.playback == "cleared"


class AnswerTracker:
    """Follow the answers of a call."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._by_id: dict[str, Answer] = {}
        self._voiced = False
        self._last_voiced_s: float | None = None
        self._has_protocol = False
        self.endings_are_told = True
        """Whether the call's protocol tells when an answer ends; else it is over by ear."""
        self._user_ends_s: list[float] = []
        self._turn_ended_s: float | None = None
        self._replaced: set[int] = set()
        """Answers, by place, that another one has followed before they were over."""

    def on_dialogue_event(self, type: str, data: Mapping[str, Any], t_s: float) -> None:
        """One dialogue event, at `t_s` on the timeline; what concerns no answer changes nothing."""
        if type.startswith(("answer.", "session.")):
            self._has_protocol = True
        if type in TURN_ENDS:
            self._turn_ended_s = max(t_s, self._turn_ended_s or t_s)
        answer_id = data.get("answer_id")
        if not type.startswith("answer.") or not isinstance(answer_id, str):
            return
        answer = self._by_id.get(answer_id) or self._told_first(answer_id, t_s)
        match type:
            case "answer.text":
                answer.text += str(data.get("delta", ""))
                answer.told_s = t_s
            case "answer.ended":
                answer.status = str(data.get("status"))
                answer.reason = None if data.get("reason") is None else str(data["reason"])
                answer.text = str(data.get("text") or answer.text)
                answer.ended_s = t_s
            case "answer.audio_started":
                self._take_voice_over(answer, t_s)
                answer.playback = "playing"
                answer.audio_started_s = answer.audio_started_s or t_s
            case "answer.audio_stopped" | "answer.audio_cleared":
                self._sound_ended(answer, type.removeprefix("answer.audio_"), t_s)

    def _sound_ended(self, answer: Answer, how: str, t_s: float) -> None:
        """The other side says so; where the page has cut the answer before, it was sent in vain."""
        answer.audio_ended_s = answer.audio_ended_s or t_s
        if answer.playback == "cleared":
            return
        answer.playback = how
        answer.ended_s = t_s

    def _told_first(self, answer_id: str, t_s: float) -> Answer:
        """The answer that nothing has told of until now."""
        answer = self._came_before(answer_id, t_s) or self._begin(answer_id, t_s)
        answer.turn_ended_s = self._turn_ended_s
        return answer

    def _came_before(self, answer_id: str, t_s: float) -> Answer | None:
        """The sound that was heard before anything told of its answer: now it has a name."""
        last = self.answers[-1] if self.answers else None
        if last is None or last.over_s is not None or not last.known_by_ear_alone:
            return None
        if last.voice_start_s is None or t_s - last.voice_start_s > EARLY_SOUND_S:
            return None
        last.answer_id, last.started_s = answer_id, min(t_s, last.voice_start_s)
        self._by_id[answer_id] = last
        return last

    def _take_voice_over(self, answer: Answer, t_s: float) -> None:
        """An answer that follows another without a pause: the voice is its own from here."""
        if self._voiced and answer.voice_start_s is None:
            before = self._playing(ended_too=True)
            if before is not None and before is not answer and before.voice_start_s is not None:
                before.voice_end_s = answer.voice_start_s = t_s
                before.stretches[-1].end_s = t_s
                answer.stretches.append(Stretch(t_s))

    def voice_started(self, t_s: float) -> Answer:
        """Voice is heard again; it belongs to the answer that plays, or is one of its own."""
        self._voiced = True
        answer = self._playing() or self._just_cut(t_s)
        if answer is not None and self._answers_what_was_said(answer, t_s):
            self._replaced.add(self.answers.index(answer))
            answer = None
        answer = answer or self._begin(f"{BY_EAR}{len(self.answers) + 1}", t_s)
        if answer.voice_start_s is None:
            answer.voice_start_s = t_s
        answer.stretches.append(Stretch(t_s))
        return answer

    def user_speaks(self, end_s: float) -> None:
        """The user says something whose last sound goes out at ``end_s``; it may be yet to come."""
        self._user_ends_s.append(end_s)

    def user_stops(self, end_s: float) -> None:
        """The user says no more of it; all is silent from ``end_s`` on."""
        self._user_ends_s = [min(each_s, end_s) for each_s in self._user_ends_s]

    def _answers_what_was_said(self, before: Answer, t_s: float) -> bool:
        """Whether a voice answers what the user said in a pause of it: another answer, by ear."""
        is_kept = before.is_told and self.endings_are_told
        if is_kept or before.voice_end_s is None:
            return False
        latest_s = t_s - LEAST_THOUGHT_S
        return any(before.voice_end_s < end_s <= latest_s for end_s in self._user_ends_s)

    def _just_cut(self, t_s: float) -> Answer | None:
        """The latest answer, if it was cut so lately that this voice is the last of it."""
        last = self.answers[-1] if self.answers else None
        if last is None or last.playback != "cleared" or last.ended_s is None:
            return None
        return last if t_s - last.ended_s < LAST_SOUND_S else None

    def voice_stopped(self, t_s: float) -> None:
        """Voice that was heard ended at `t_s`."""
        self._voiced = False
        self._last_voiced_s = t_s
        answer = self._playing(ended_too=True)
        if answer is not None:
            answer.voice_end_s = t_s
        for each in self.answers:
            for stretch in each.stretches[-1:]:
                stretch.end_s = t_s if stretch.end_s is None else stretch.end_s

    def silenced(self, t_s: float) -> None:
        """The page itself stops playing, whatever the other side sends: what was heard is cut."""
        answer = self._playing()
        if answer is not None and answer.playback == "playing" and answer.voice_start_s is not None:
            answer.playback = "cleared"
            answer.ended_s = t_s

    def take_over(self, now_s: float) -> list[Answer]:
        """The answers that became over by now; each is given once."""
        done = [a for a in self.answers if a.over_s is None and self._is_over(a, now_s)]
        for answer in done:
            answer.over_s = now_s
        return done

    def _begin(self, answer_id: str, t_s: float) -> Answer:
        answer = Answer(answer_id, t_s)
        self.answers.append(answer)
        self._by_id[answer_id] = answer
        return answer

    def _playing(self, ended_too: bool = False) -> Answer | None:
        candidates = [
            answer
            for place, answer in enumerate(self.answers)
            if answer.over_s is None and place not in self._replaced
        ]
        with_audio = [a for a in candidates if a.playback is not None]
        if with_audio:
            # The jitter buffer plays a little after the server says it stopped.
            unheard = [a for a in with_audio if a.playback == "playing"] or with_audio
            return unheard[-1] if not ended_too else (unheard or with_audio)[-1]
        return candidates[-1] if candidates else None

    def _is_over(self, answer: Answer, now_s: float) -> bool:
        if self._replaced and self.answers.index(answer) in self._replaced:
            return True
        if self._voiced and answer is self._playing(ended_too=True):
            return False
        quiet_s = now_s - (self._last_voiced_s if self._last_voiced_s is not None else -1e9)
        if not self._has_protocol:
            return answer.voice_end_s is not None and quiet_s >= QUIET_ALONE_S
        if answer.status is None or answer.ended_s is None:
            by_ear = answer.known_by_ear_alone or not self.endings_are_told
            untold_s = now_s - (answer.told_s or answer.started_s)
            return by_ear and min(quiet_s, untold_s) >= QUIET_ALONE_S
        if answer.playback == "playing":
            return False
        if answer.playback is None and answer.status == "completed" and answer.text:
            # Its sound may wait behind the one of another; then it may take a moment to start.
            if any(other.playback == "playing" for other in self.answers):
                return False
            free_s = max(answer.ended_s, self._last_voiced_s or 0.0)
            is_to_come = answer.voice_start_s is None and not self.endings_are_told
            return not self._voiced and now_s - free_s >= (
                FIRST_SOUND_S if is_to_come else QUIET_ALONE_S
            )
        return now_s - answer.ended_s >= QUIET_S and quiet_s >= QUIET_S


def answers_of(events: Iterable[Told]) -> list[Answer]:
    """The answers of a recorded call, followed as the running call followed them.

    Args:
        events: of its trace, in order; those without a place on the timeline are left out.
    """
    tracker = AnswerTracker()
    for event in events:
        if event.t_s is None:
            continue
        if event.source == "dialogue":
            tracker.on_dialogue_event(event.type, event.data, event.t_s)
        elif event.type == "call.protocol":
            tracker.endings_are_told = "answers" in event.data.get("tells", ())
        elif event.type == "heard.voice_started":
            tracker.voice_started(event.t_s)
        elif event.type == "heard.voice_stopped":
            tracker.voice_stopped(event.t_s)
        elif event.type == "microphone.clip" and not event.data.get("muted"):
            tracker.user_speaks(float(event.data.get("speech_end_s", event.t_s)))
        elif event.type == "microphone.stop":
            tracker.user_stops(float(event.data["end_s"]))
        elif event.type == "answer.over":
            for answer in tracker.answers:
                if answer.answer_id == event.data.get("answer_id"):
                    answer.over_s = event.t_s
    return tracker.answers
