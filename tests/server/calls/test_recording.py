"""What a call received, as a file."""

from __future__ import annotations

import io
import wave

import numpy as np

from harness.server.calls.recording import Recording


def test_the_file_holds_the_samples_in_order() -> None:
    """PCM16, 48 kHz, mono; too loud samples are limited, not wrapped."""
    recording = Recording()
    recording.add(np.array([0.0, 0.5], np.float32))
    recording.add(np.array([-1.0, 2.0], np.float32))
    with wave.open(io.BytesIO(recording.wav())) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, 48_000)
        samples = np.frombuffer(file.readframes(10), "<i2")
    assert samples.tolist() == [0, 16383, -32767, 32767]


def test_what_does_not_fit_is_counted() -> None:
    """A long call does not fill the memory."""
    recording = Recording(most_frames=3)
    recording.add(np.zeros(2, np.float32))
    recording.add(np.zeros(2, np.float32))
    assert (recording.frames, recording.dropped_frames) == (2, 2)
