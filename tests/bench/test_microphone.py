import importlib.util

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.bench import microphone
from harness.bench.listening_test import make_programme, only_speech
from harness.bench.microphone import FIXTURES, Run, Runs
from harness.bench.opus import opus_round_trip

pytestmark = pytest.mark.realtime

HAS_PESQ = importlib.util.find_spec("pesq") is not None
needs_pesq = pytest.mark.skipif(not HAS_PESQ, reason="needs the extra “quality”")

PROGRAMME = make_programme([find_fixture("goforward"), find_fixture("manual-what-time")])
AT_ONCE = only_speech(PROGRAMME, 0)


def _run(received: MonoFloat32, errors: tuple[int, ...] = ()) -> Run:
    later = np.concatenate([np.zeros(9_600, np.float32), received])
    return Run(later, errors, bit_rate_bps=30_000.4, concealed_share=None)


@needs_pesq
def test_a_perfect_microphone_is_the_codec_alone() -> None:
    codec_alone, cut = opus_round_trip(PROGRAMME.samples), opus_round_trip(AT_ONCE.samples)
    cut[: round(0.1 * 48_000)] = 0.0
    noise = np.random.default_rng(1).normal(0.0, 0.01, len(codec_alone)).astype(np.float32)
    runs = Runs(
        virtual=_run(codec_alone, (0, 48)),
        in_time=_run(codec_alone),
        device=_run(codec_alone + noise),
        raw_device=_run(codec_alone),
        cut=_run(cut),
    )
    figures = microphone._figures(PROGRAMME, AT_ONCE, runs)
    assert figures["pesq_ratio_median"] == pytest.approx(1.0, abs=0.01)
    assert figures["clipped_ms"] == 0.0
    assert figures["start_error_ms_p95"] == pytest.approx(0.95)
    assert figures["file_device_pesq_ratio_median"] < 0.8
    assert figures["file_device_raw_pesq_ratio_median"] == pytest.approx(1.0, abs=0.01)
    assert figures["file_device_clipped_ms"] == pytest.approx(100.0, abs=11.0)
    assert figures["bit_rate_bps"] == 30_000


def test_the_fixtures_measured_with_are_shipped() -> None:
    assert [find_fixture(name).name for name in FIXTURES] == list(FIXTURES)


async def test_an_unknown_fixture_is_told_before_any_call() -> None:
    with pytest.raises(Exception, match="no fixture named"):
        await microphone.measure(["nothing"])
