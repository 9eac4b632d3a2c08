import numpy as np
import pytest

from harness.audio.clip import AudioClip, MonoFloat32, joined, silence
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample_clip
from harness.audio.signals import pink_noise, tone
from harness.speech.silero import SileroDetector
from harness.speech.spans import voiced_spans

LATE_WINDOWS = 2


class LoudnessDetector:
    """A detector by level that, like a real one, lets go two windows late."""

    sample_rate_hz = 16_000
    window_frames = 512

    def __init__(self) -> None:
        self._hold = 0

    def probability(self, window: MonoFloat32) -> float:
        self._hold = LATE_WINDOWS + 1 if float(np.max(np.abs(window))) > 0.1 else self._hold - 1
        return float(self._hold > 0)

    def reset(self) -> None:
        self._hold = 0


BEEP = tone(440.0, 0.5)


def _edges(clip: AudioClip, **options: float) -> list[tuple[float, float]]:
    spans = voiced_spans(clip, LoudnessDetector(), **options)
    return [(span.start_s, span.end_s) for span in spans]


def test_the_hangover_is_removed() -> None:
    (edges,) = _edges(joined(silence(0.4), BEEP, silence(0.6)))
    assert edges == pytest.approx((0.4, 0.9), abs=0.011)


def test_spans_near_to_each_other_are_one() -> None:
    clip = joined(silence(0.4), BEEP, silence(0.25), BEEP, silence(0.4))
    assert len(_edges(clip, join_gap_s=0.3)) == 1
    assert len(_edges(clip)) == 2


def test_a_span_shorter_than_asked_for_is_left_out() -> None:
    clip = joined(silence(0.4), tone(440.0, 0.04), silence(0.4))
    assert _edges(clip) == []
    assert len(_edges(clip, min_span_s=0.02)) == 1


def test_silence_and_an_empty_clip_have_no_spans() -> None:
    assert _edges(silence(1.0)) == []
    assert _edges(silence(0.0)) == []


def test_a_clip_that_is_all_speech_is_one_span() -> None:
    (edges,) = _edges(BEEP)
    assert edges == pytest.approx((0.0, 0.5), abs=0.011)


def test_spans_stay_inside_of_the_clip() -> None:
    (edges,) = _edges(joined(BEEP, tone(440.0, 0.01)))
    assert 0.0 <= edges[0] < edges[1] <= 0.51


@pytest.mark.parametrize("noise_db", [-120.0, -60.0, -45.0])
@pytest.mark.parametrize("name", ["sense-0880", "booking-table-for-two", "manual-what-time"])
def test_speech_is_found_where_it_was_spliced_in(name: str, noise_db: float) -> None:
    """Real detector, known place: within 60 ms or what is stated, in noise and at another rate."""
    fixture = find_fixture(name)
    speech = fixture.load().clip.between(fixture.speech_start_s, fixture.speech_end_s)
    clean = joined(silence(1.0), speech, silence(1.0))
    noise = pink_noise(clean.duration_s, 10 ** (noise_db / 20), seed=5)
    clip = AudioClip(clean.samples + noise.samples[: clean.frames], 48_000)
    spans = voiced_spans(resample_clip(clip, 24_000), SileroDetector())
    first, last = spans[0], spans[-1]
    assert first.start_uncertainty_s is not None
    assert last.end_uncertainty_s is not None
    assert first.start_s == pytest.approx(1.0, abs=max(0.06, first.start_uncertainty_s))
    end_s = 1.0 + speech.duration_s
    assert last.end_s == pytest.approx(end_s, abs=max(0.06, last.end_uncertainty_s))
