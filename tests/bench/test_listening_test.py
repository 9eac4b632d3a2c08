import importlib.util

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.bench.listening_test import judge, make_programme, only_speech
from harness.bench.opus import opus_round_trip

PROGRAMME = make_programme([find_fixture(name) for name in ("goforward", "manual-what-time")])
CODEC_ALONE = opus_round_trip(PROGRAMME.samples)

HAS_PESQ = importlib.util.find_spec("pesq") is not None
needs_pesq = pytest.mark.skipif(not HAS_PESQ, reason="needs the extra “quality”")


def _later(samples: MonoFloat32, frames: int) -> MonoFloat32:
    return np.concatenate([np.zeros(frames, np.float32), samples])


def test_clips_follow_each_other_with_silence_between_them() -> None:
    first, second = PROGRAMME.starts
    assert first == 24_000
    assert second == first + len(PROGRAMME.clips[0]) + round(0.6 * 48_000)
    assert not PROGRAMME.samples[:first].any()


@needs_pesq
def test_what_the_codec_alone_did_is_found_whole_at_its_delay() -> None:
    for arrival in judge(PROGRAMME, _later(CODEC_ALONE, 7_000), CODEC_ALONE):
        assert arrival.delay_frames == pytest.approx(7_000, abs=6)
        assert arrival.pesq is not None
        assert arrival.pesq > 4.0
        assert arrival.missing_start_s == 0.0


@needs_pesq
def test_a_clip_that_drifted_is_still_found() -> None:
    split = PROGRAMME.starts[1] - 4_800
    drift = np.zeros(24_000, np.float32)
    received = np.concatenate([CODEC_ALONE[:split], drift, CODEC_ALONE[split:]])
    first, second = judge(PROGRAMME, received, CODEC_ALONE)
    assert second.delay_frames - first.delay_frames == pytest.approx(24_000, abs=6)
    assert second.pesq is not None


@needs_pesq
def test_a_missing_beginning_of_the_speech_is_measured() -> None:
    programme = only_speech(PROGRAMME, 0)
    codec_alone = opus_round_trip(programme.samples)
    received = codec_alone.copy()
    received[: round(0.12 * 48_000)] = 0.0
    (arrival,) = judge(programme, _later(received, 5_000), codec_alone)
    assert arrival.missing_start_s == pytest.approx(0.12, abs=0.011)


@needs_pesq
def test_a_clip_that_did_not_come_has_no_quality() -> None:
    received = CODEC_ALONE.copy()
    received[PROGRAMME.starts[1] :] = 0.0
    first, second = judge(PROGRAMME, received, CODEC_ALONE)
    assert first.pesq is not None
    assert second.pesq is None
    assert second.missing_start_s > 1.0
