"""Edges along a live stream: those that a recording has, in whatever pieces the sound comes."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.speech.live_edges import KEPT_S, LiveEdges
from harness.speech.silero import SileroDetector
from harness.speech.spans import voiced_spans
from harness.speech.voice_activity import VoiceActivity, VoiceChange

RATE_HZ = 48_000
WINDOW_S = 0.032


def room(duration_s: float) -> MonoFloat32:
    """Quiet, not silent."""
    noise = np.random.default_rng(1).standard_normal(round(duration_s * RATE_HZ))
    return (1e-4 * noise).astype(np.float32)


def followed(samples: MonoFloat32, piece: int) -> list[VoiceChange]:
    voice = VoiceActivity(SileroDetector())
    changes: list[VoiceChange] = []
    for first in range(0, len(samples), piece):
        changes += voice.on_samples(5 + first / RATE_HZ, samples[first : first + piece])
    return changes


@pytest.mark.parametrize("name", ["interruption-wait", "booking-my-name", "manual-what-time"])
@pytest.mark.parametrize("shift", [0, 700])
def test_live_edges_are_those_of_the_recording(name: str, shift: int) -> None:
    """The detector's windows of 32 ms have no part in them, wherever they fall."""
    speech = find_fixture(name).load().clip.samples
    sound = np.concatenate([room(1.5), np.zeros(shift, np.float32), speech, room(1.0)])
    spans = voiced_spans(AudioClip(sound, RATE_HZ))
    changes = followed(sound, 480)
    assert [change.kind for change in changes[:1]] == ["started"]
    started, stopped = changes[0], changes[-1]
    assert started.t_s - 5 == pytest.approx(spans[0].start_s, abs=started.uncertainty_s)
    assert started.uncertainty_s < 0.04, "more than a detector's window"
    assert stopped.t_s - 5 == pytest.approx(spans[-1].end_s, abs=0.004)
    assert stopped.uncertainty_s == pytest.approx(spans[-1].end_uncertainty_s, abs=0.004)


def test_the_pieces_do_not_matter() -> None:
    speech = find_fixture("booking-my-name").load().clip.samples
    sound = np.concatenate([room(1.0), speech, room(1.0)])
    for one, other in zip(followed(sound, 480), followed(sound, 2_400), strict=True):
        assert one.t_s == pytest.approx(other.t_s, abs=0.03)


def test_an_hour_keeps_no_more_than_some_seconds() -> None:
    """Of a minute here; what is older is dropped, and places stay what they are."""
    edges = LiveEdges(RATE_HZ, WINDOW_S)
    window = round(WINDOW_S * RATE_HZ)
    noise = room(60.0).reshape(-1, window)
    for samples in noise:
        edges.process(samples)
        edges.judge(False)
    assert len(edges._voiced) * WINDOW_S < KEPT_S + 2
    assert edges.onset() is None
    loud = find_fixture("goforward").load().clip.between(0.51, 1.5).samples
    begins_s = len(noise) * WINDOW_S
    for first in range(0, 20 * window, window):
        edges.process(loud[first : first + window])
        edges.judge(True)
    found = edges.onset()
    assert found is not None
    assert found.at_s == pytest.approx(begins_s, abs=0.03)
