"""Speech of the user in a call: prepared, played into the microphone, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from harness.audio.clip import AudioClip
from harness.call.callers import Caller
from harness.call.heard_answer import Said
from harness.call.recorder import CallRecorder
from harness.call.utterance import Utterance, from_clip, from_name_or_text
from harness.facts.call import ClipPlayed, MicrophoneMuted
from harness.line.audio import PlayedClip
from harness.line.interface import Line
from harness.speech.tools import SpeechTools

MOST_SOUNDS = 64
"""What the user said before that many others is remembered without its samples."""

Sayable = Utterance | AudioClip | str | Path


class UserSpeech:
    """The user's side of the microphone of one call.

    Args:
        caller: the user, among the users of other calls; told what is said here.
        now: gives the time on the call's timeline.
    """

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        tools: SpeechTools,
        caller: Caller,
        now: Callable[[], float],
    ) -> None:
        self._line = line
        self._recorder = recorder
        self._tools = tools
        self._caller = caller
        self._now = now
        self.said: list[Said] = []
        """What somebody may have heard; nothing that was said while muted."""

        self.last: Said | None = None
        """Also what was said while muted: a transcript of the turn before is none of it."""

        self._muted = False

    @property
    def now_s(self) -> float:
        """Now, on the timeline."""
        return self._now()

    async def prepare(self, what: Sayable) -> Utterance:
        """Load or synthesise what will be said, off the event loop."""
        if isinstance(what, Utterance):
            return what
        if isinstance(what, AudioClip):
            return await self._tools.offload(from_clip, what)
        return await self._tools.offload(from_name_or_text, what, self._tools.synthesiser)

    async def mute(self, muted: bool) -> None:
        """Turn the microphone off, or on again."""
        self._muted = muted
        await self._line.microphone.set_muted(muted)
        self._recorder.note(MicrophoneMuted(muted), self.now_s)

    async def play(self, utterance: Utterance, at_s: float | None, *, interrupts: bool) -> Said:
        """Begin to say it; comes back when its first sample has its place on the timeline.

        Args:
            at_s: when to start, on the timeline; as soon as possible where absent.
            interrupts: it is meant to cut into an answer.
        """
        played = await self._line.microphone.play(utterance.clip, at_s=at_s, gain=utterance.gain)
        return self.began(utterance, played, interrupts=interrupts)

    def began(self, utterance: Utterance, played: PlayedClip, *, interrupts: bool) -> Said:
        """It has its place on the timeline: remembered, and in the trace."""
        said = self.last = Said(utterance, played.start_s)
        if not self._muted:
            self.said.append(said)
            if len(self.said) > MOST_SOUNDS:
                place = len(self.said) - MOST_SOUNDS - 1
                self.said[place] = self.said[place].without_sound()
            self._caller.said(utterance, said.speech_start_s)
        clip = ClipPlayed(
            clip=utterance.name,
            text=utterance.text,
            file=utterance.shown_file,
            start_s=said.start_s,
            end_s=said.end_s,
            speech_start_s=said.speech_start_s,
            speech_end_s=said.speech_end_s,
            converted=utterance.converted,
            interrupts=interrupts,
            late_s=round(played.late_s, 4),
            muted=self._muted,
        )
        self._recorder.note(clip, said.start_s)
        return said
