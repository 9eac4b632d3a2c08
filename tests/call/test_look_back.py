"""What was heard a while ago: from memory, and from the disk where that has forgotten it."""

from __future__ import annotations

import numpy as np

from harness.audio.clip import AudioClip
from harness.call.look_back import sound_between
from harness.line.audio import AudioFrames
from harness.line.audio_batches import KEPT_BATCHES, audio_stream

RATE_HZ = 48_000


def disk(from_s: float, until_s: float) -> AudioClip:
    """On disk everything is 0.25."""
    count = round(until_s * RATE_HZ) - round(from_s * RATE_HZ)
    return AudioClip(np.full(count, 0.25, np.float32), RATE_HZ)


def test_what_memory_has_forgotten_comes_from_the_disk_without_a_seam() -> None:
    stream = audio_stream("heard")
    reader = stream.reader(holds=True)
    tenth = np.full(4_800, 0.5, np.float32)
    pushed = KEPT_BATCHES * 2
    for number in range(pushed):
        stream.push(AudioFrames(number / 10, tenth, "page", number * 4_800))
        reader.take_available()
    end_s = pushed / 10
    assert set(sound_between(stream, disk, end_s - 5, end_s).samples) == {np.float32(0.5)}
    both = sound_between(stream, disk, 1.0, end_s).samples
    assert len(both) == round((end_s - 1.0) * RATE_HZ)
    border = int(np.argmax(both == 0.5))
    assert (both[:border] == 0.25).all()
    assert (both[border:] == 0.5).all()
    assert set(sound_between(stream, disk, 1.0, 2.0).samples) == {np.float32(0.25)}


def test_a_short_call_needs_no_disk() -> None:
    stream = audio_stream("heard")
    stream.push(AudioFrames(1.0, np.full(480, 0.5, np.float32), "page", 0))
    found = sound_between(stream, None, 0.0, 2.0)  # type: ignore[arg-type]
    assert np.flatnonzero(found.samples).tolist() == list(range(48_000, 48_480))
