import sys
from pathlib import Path

import numpy as np
import pytest

from harness.audio.band_filter import TELEPHONE_HZ, band_taps
from harness.audio.clip import MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample
from harness.audio.signals import white_noise
from harness.bench.speech import Edges, find_edges, make_stretch
from harness.errors import SpeechError
from harness.speech import silero as module
from harness.speech.silero import (
    OFFSET_LATE_S,
    ONSET_LATE_S,
    WINDOW_FRAMES,
    SileroDetector,
    has_speech,
)

detector = SileroDetector()
LABELLED = (
    "goforward",
    "something",
    "booking-hesitation",
    "manual-what-time",
    "manual-sunday",
    "yes-please",
    "sense-0880",
    "sense-0890",
    "sense-0930",
    "interruption-stop",
)
SPEECH = resample(find_fixture("goforward").load().clip.samples, 48_000, 16_000)


def _probabilities(samples: MonoFloat32) -> list[float]:
    detector.reset()
    count = len(samples) // WINDOW_FRAMES
    windows = samples[: count * WINDOW_FRAMES].reshape(count, WINDOW_FRAMES)
    return [detector.probability(window) for window in windows]


def test_recorded_speech_is_speech_and_the_pause_before_it_is_not() -> None:
    probabilities = _probabilities(SPEECH)
    assert max(probabilities[:12]) < 0.2
    assert min(probabilities[18:30]) > 0.8


def test_after_a_reset_the_answer_is_the_same_again() -> None:
    assert _probabilities(SPEECH) == _probabilities(SPEECH)


@pytest.mark.parametrize("at_once", [1, 7, 64, 65, 1000])
def test_windows_told_together_are_as_those_told_one_by_one(at_once: int) -> None:
    """Over a silence that is forgotten, too."""
    hush = white_noise(13.0, 0.0005, seed=2, sample_rate_hz=16_000).samples
    samples = np.concatenate([SPEECH, hush, SPEECH, np.zeros(8 * 16_000, np.float32), SPEECH])
    windows = samples[: len(samples) // WINDOW_FRAMES * WINDOW_FRAMES].reshape(-1, WINDOW_FRAMES)
    detector.reset()
    found = []
    for first in range(0, len(windows), at_once):
        found += detector.probabilities(windows[first : first + at_once])
    assert found == _probabilities(samples)


def test_no_windows_have_no_probabilities() -> None:
    assert detector.probabilities(np.zeros((0, WINDOW_FRAMES), np.float32)) == []
    with pytest.raises(ValueError, match="shape"):
        detector.probabilities(np.zeros((2, WINDOW_FRAMES + 1), np.float32))


@pytest.mark.parametrize("name", ["goforward", "booking-tomorrow-at-seven", "yes-please"])
def test_words_after_a_long_silence_are_words_by_telephone_too(name: str) -> None:
    """As many windows as after two seconds: a caller was on hold for a minute."""
    said = resample(find_fixture(name).load().clip.samples, 48_000, 8_000)
    found = []
    for silence_s in (2, 60):
        call = white_noise(silence_s + len(said) / 8_000, 0.0005, 1, 8_000).samples.copy()
        call[-len(said) :] += said
        heard = _probabilities(resample(call, 8_000, 16_000))
        found.append(sum(probability >= 0.5 for probability in heard))
    assert found[1] >= 0.9 * found[0] > 0


@pytest.mark.parametrize("name", ["booking-table-for-two", "numbers-phone", "silence-still-there"])
def test_voices_are_heard_by_telephone(name: str) -> None:
    """A band of 300 to 3400 Hz, which takes the fundamental: nearly as many windows as without."""
    said = find_fixture(name).load().clip.samples
    by_telephone = np.convolve(said, band_taps(*TELEPHONE_HZ))[: len(said)].astype(np.float32)
    whole, rest = (
        sum(each >= 0.5 for each in _probabilities(resample(samples, 48_000, 16_000)))
        for samples in (said, by_telephone)
    )
    assert rest >= 0.85 * whole > 0


def test_a_window_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="512"):
        detector.probability(np.zeros(480, np.float32))


def test_has_speech_tells_speech_from_noise_and_from_nothing() -> None:
    noise = white_noise(1.0, 0.01, seed=1, sample_rate_hz=16_000).samples
    assert has_speech(SPEECH, detector)
    assert not has_speech(noise, detector)
    assert not has_speech(np.zeros(0, np.float32), detector)


def test_samples_that_are_no_numbers_are_told() -> None:
    with pytest.raises(ValueError, match="finite"):
        detector.probability(np.full(WINDOW_FRAMES, np.nan, np.float32))


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has not loaded the model yet."""
    monkeypatch.setattr(module, "_SHARED", module._Shared())


@pytest.mark.usefixtures("unloaded")
def test_a_missing_runtime_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SpeechError, match="pip install onnxruntime"):
        SileroDetector().load()


@pytest.mark.usefixtures("unloaded")
def test_missing_weights_are_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    with pytest.raises(SpeechError, match=r"pip install faster-whisper==1\.2\.1"):
        SileroDetector().load()


@pytest.mark.usefixtures("unloaded")
def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / module.WEIGHTS_NAME).write_bytes(b"other weights")
    monkeypatch.setattr(module, "_weights_folder", lambda: tmp_path)
    with pytest.raises(SpeechError, match="not the one this version was measured with"):
        SileroDetector().load()


def test_streams_side_by_side_do_not_hear_each_other() -> None:
    noise = white_noise(len(SPEECH) / 16_000, 0.01, seed=1, sample_rate_hz=16_000).samples
    alone = _probabilities(SPEECH)
    one, other = SileroDetector(), SileroDetector()
    both = []
    for number in range(len(alone)):
        part = slice(number * WINDOW_FRAMES, (number + 1) * WINDOW_FRAMES)
        both.append(one.probability(SPEECH[part]))
        other.probability(noise[part])
    assert both == alone


def test_its_lateness_is_the_stated_one() -> None:
    """The median over labelled fixtures, as `harness bench speech` measures it."""
    edges = Edges()
    for number, name in enumerate(LABELLED):
        find_edges(detector, make_stretch(find_fixture(name), None, number, 16_000), edges)
    assert np.median(edges.onsets_ms) == pytest.approx(1000 * ONSET_LATE_S, abs=15)
    assert np.median(edges.offsets_ms) == pytest.approx(1000 * OFFSET_LATE_S, abs=15)
