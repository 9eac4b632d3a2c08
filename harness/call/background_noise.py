"""Noise behind the user's voice in a call: its level against what the user says."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from harness.call.heard_answer import Said
from harness.call.recorder import CallRecorder
from harness.call.utterance import Utterance
from harness.facts.microphone import NoiseMixedIn
from harness.line.interface import Line
from harness.line.noise import (
    MadeNoise,
    Noise,
    make_noise,
    noise_gain,
    read_noise,
    speech_dbfs,
    voiced_samples,
)
from harness.speech.tools import SpeechTools


def level_dbfs(utterances: Iterable[Utterance]) -> float:
    """The level of all that is said, over its voiced samples; see `harness.line.noise`."""
    return speech_dbfs(
        [
            voiced_samples(one.clip, one.speech_start_s, one.speech_end_s, one.gain)
            for one in utterances
            if one.has_speech
        ]
    )


class BackgroundNoise:
    """The noise of one call's microphone.

    Args:
        said: what the user said so far; the call adds to it.
        now: gives the time on the call's timeline.
    """

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        tools: SpeechTools,
        said: list[Said],
        now: Callable[[], float],
    ) -> None:
        self._line = line
        self._recorder = recorder
        self._tools = tools
        self._said = said
        self._now = now

    async def change(self, noise: Noise | MadeNoise, beside_dbfs: float | None = None) -> None:
        """Another noise from here on.

        Args:
            noise: a kind, "off", conditions, or one that is made already.
            beside_dbfs: the level of the speech; absent: of the last thing said, or -26 dBFS.

        Raises:
            UsageError: there is no such noise, or the microphone is the browser's own device.
            FixtureError: its file is missing, no audio, or silent.
        """
        made = noise
        if not isinstance(made, MadeNoise):
            made = await self._tools.offload(make_noise, read_noise(made))
        if beside_dbfs is None:
            beside_dbfs = level_dbfs([said.utterance for said in self._said[-1:]])
        wish = made.wish
        fade_s = wish.fade_ms / 1000
        gain = noise_gain(made, beside_dbfs)
        since_s = await self._line.microphone.set_noise(made.period, gain, fade_s)
        fact = NoiseMixedIn(
            noise=wish.name,
            snr_db=wish.snr_db if wish.name else None,
            speech_dbfs=round(beside_dbfs, 2) if wish.name else None,
            noise_dbfs=round(beside_dbfs - wish.snr_db, 2) if wish.name else None,
            seed=wish.seed,
            fade_s=fade_s,
            since_s=since_s,
        )
        self._recorder.note(fact, since_s if since_s is not None else self._now())
