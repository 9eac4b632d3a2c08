"""The listening test of a microphone: clips one after the other, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.audio.compare import aligned, find_delay, missing_start_s
from harness.audio.fixtures import Fixture
from harness.audio.speech_quality import LEAST_LIKENESS, pesq_wide_band

MARGIN_S = 0.2
"""Silence around a clip that is judged with it."""

MARGIN_FRAMES = round(MARGIN_S * CALL_RATE_HZ)
SEARCH_FRAMES = CALL_RATE_HZ
"""How far from the whole programme's delay one clip is looked for."""

EDGE_FRAMES = round(0.020 * CALL_RATE_HZ)
"""How exact the labels of speech edges are."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Clips with silence between them, as one long signal at 48 kHz."""

    clips: tuple[MonoFloat32, ...]
    """48 kHz, each without its margins."""

    starts: tuple[int, ...]
    """First frame of each clip."""

    speech_starts: tuple[int, ...]
    """Labelled first voiced frame of each clip, counted from its own first frame."""

    @property
    def samples(self) -> MonoFloat32:
        """The whole signal at 48 kHz, with MARGIN_S at its end."""
        end = self.starts[-1] + len(self.clips[-1]) + MARGIN_FRAMES
        whole = np.zeros(end, np.float32)
        for start, clip in zip(self.starts, self.clips, strict=True):
            whole[start : start + len(clip)] = clip
        return whole

    @property
    def duration_s(self) -> float:
        """Length of the whole signal in seconds."""
        return len(self.samples) / CALL_RATE_HZ

    def part(self, signal: MonoFloat32, number: int, delay_frames: int = 0) -> MonoFloat32:
        """Clip number with its margins, cut out of a 48 kHz signal that is this much later."""
        length = len(self.clips[number]) + 2 * MARGIN_FRAMES
        start_s = (self.starts[number] - MARGIN_FRAMES + delay_frames) / CALL_RATE_HZ
        return aligned(np.zeros(length, np.float32), signal, start_s, CALL_RATE_HZ)


def make_programme(
    fixtures: Sequence[Fixture], lead_s: float = 0.5, gap_s: float = 0.6
) -> Programme:
    """Fixtures with silence before, between and after them.

    Raises:
        FixtureError: one is missing or damaged.
    """
    clips = [fixture.load().clip for fixture in fixtures]
    starts: list[int] = []
    position = round(lead_s * CALL_RATE_HZ)
    for clip in clips:
        starts.append(position)
        position += clip.frames + round(gap_s * CALL_RATE_HZ)
    return Programme(
        tuple(clip.samples for clip in clips),
        tuple(starts),
        tuple(round(fixture.speech_start_s * CALL_RATE_HZ) for fixture in fixtures),
    )


def only_speech(programme: Programme, number: int) -> Programme:
    """One clip that starts with the first sound of its speech, and nothing before it."""
    speech = programme.clips[number][programme.speech_starts[number] :]
    return Programme((speech,), (0,), (0,))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one clip."""

    delay_frames: int
    """How much later than in the programme it was received; counts from the recordings' starts."""

    pesq: float | None
    """PESQ wide-band against the clip that was sent; None: it did not arrive."""

    missing_start_s: float
    """How much of the beginning of its speech did not come."""


def judge(programme: Programme, received: MonoFloat32, codec_alone: MonoFloat32) -> list[Arrival]:
    """Find every clip in a recording and judge it.

    Args:
        programme: what was sent.
        received: the remote peer's recording, any length, 48 kHz.
        codec_alone: the programme after the codec; a beginning that the codec itself takes away
            is not counted as missing.

    Raises:
        MissingExtra: PESQ is not installed.
    """
    overall = find_delay(programme.samples, received, CALL_RATE_HZ)
    return [
        _judge_clip(programme, number, received, codec_alone, round(overall.delay_s * CALL_RATE_HZ))
        for number in range(len(programme.clips))
    ]


def _judge_clip(
    programme: Programme,
    number: int,
    received: MonoFloat32,
    codec_alone: MonoFloat32,
    about_frames: int,
) -> Arrival:
    # The delay moves during a call (the jitter buffer); look again around the overall one.
    clip = programme.clips[number]
    first = programme.starts[number] + about_frames - SEARCH_FRAMES
    near = aligned(
        np.zeros(len(clip) + 2 * SEARCH_FRAMES, np.float32),
        received,
        first / CALL_RATE_HZ,
        CALL_RATE_HZ,
    )
    found = find_delay(clip, near, CALL_RATE_HZ)
    delay_frames = about_frames + round(found.delay_s * CALL_RATE_HZ) - SEARCH_FRAMES
    clean = programme.part(programme.samples, number)
    part = programme.part(received, number, delay_frames)
    reference = programme.part(codec_alone, number)
    # What lies before the label is a room's noise or a click; a beginning is that of the speech.
    speech = max(0, programme.speech_starts[number] + MARGIN_FRAMES - EDGE_FRAMES)
    if found.likeness < LEAST_LIKENESS:
        return Arrival(delay_frames, None, len(programme.clips[number]) / CALL_RATE_HZ)
    return Arrival(
        delay_frames,
        pesq_wide_band(clean, part, CALL_RATE_HZ),
        missing_start_s(reference[speech:], part[speech:], CALL_RATE_HZ),
    )
