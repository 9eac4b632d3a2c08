"""Speech of the user in a call: prepared, played into the microphone, and remembered."""

from __future__ import annotations

from collections.abc import Callable

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.call.callers import Caller
from harness.call.heard_answer import Said
from harness.call.recorder import CallRecorder
from harness.call.stopped import said_until
from harness.call.utterance import (
    SpokenText,
    Utterance,
    from_clip,
    from_name_or_text,
    from_text,
)
from harness.facts.call import ClipPlayed, MicrophoneMuted
from harness.facts.microphone import SpeakingStopped
from harness.line.audio import PlayedClip
from harness.line.interface import Line
from harness.paths import StrPath
from harness.speech.tools import SpeechTools

MOST_SOUNDS = 64
"""What the user said before that many others is remembered without its samples."""

Sayable = Utterance | AudioClip | SpokenText | StrPath


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
        self._played: PlayedClip | None = None
        """Where what was said last stands."""

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
        synthesiser = self._tools.synthesiser
        if isinstance(what, SpokenText):
            how = (what.voice, what.language)
            return await self._tools.offload(from_text, what.text, synthesiser, *how)
        return await self._tools.offload(from_name_or_text, what, synthesiser)

    async def mute(self, muted: bool) -> None:
        """Turn the microphone off, or on again."""
        self._muted = muted
        await self._line.microphone.set_muted(muted)
        self._recorder.note(MicrophoneMuted(muted), self.now_s)

    async def play(
        self,
        utterance: Utterance,
        at_s: float | None,
        *,
        interrupts: bool,
        at_frame: int | None = None,
        queue: bool = False,
    ) -> Said:
        """Begin to say it; comes back when its first sample has its place on the timeline.

        Args:
            at_s: when to start, on the timeline; as soon as possible where absent.
            interrupts: it is meant to cut into an answer.
            at_frame: in place of ``at_s``, by the audio clock.
            queue: at the very sample behind what is being said.
        """
        before = self._played
        if queue and before is not None and before.end_s > self.now_s:
            at_frame = before.start_frame + round((before.end_s - before.start_s) * CALL_RATE_HZ)
        played = await self._line.microphone.play(
            utterance.clip, at_s=at_s, gain=utterance.gain, at_frame=at_frame
        )
        return self.began(utterance, played, interrupts=interrupts)

    async def stop(self, fade_s: float) -> None:
        """Say no more: what sounds fades out, and what was to come does not."""
        since_s = await self._line.microphone.stop_all(fade_s)
        since_s = self.now_s if since_s is None else since_s
        end_s = since_s + fade_s
        self._played = None
        was = [said_until(said, since_s, end_s) for said in self.said]
        self.said[:] = [said for said in was if said is not None]
        self.last = self.last and said_until(self.last, since_s, end_s)
        self._recorder.note(SpeakingStopped(since_s, end_s), since_s)

    def began(self, utterance: Utterance, played: PlayedClip, *, interrupts: bool) -> Said:
        """It has its place on the timeline: remembered, and in the trace."""
        self._played = played
        said = self.last = Said(utterance, played.start_s, played.uncertainty_s)
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
            uncertainty_s=played.uncertainty_s or None,
        )
        self._recorder.note(clip, said.start_s)
        return said
