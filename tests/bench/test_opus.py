import numpy as np
import pytest

from harness.audio.compare import find_delay
from harness.audio.fixtures import find_fixture
from harness.bench.opus import opus_round_trip

SPEECH = find_fixture("greeting-hello").load().clip.samples


def test_speech_comes_back_as_long_as_it_was_and_in_its_place() -> None:
    decoded = opus_round_trip(SPEECH)
    delay = find_delay(SPEECH, decoded, 48_000)
    assert len(decoded) == len(SPEECH)
    assert abs(delay.delay_s) < 0.001
    assert delay.likeness > 0.6


def test_fewer_bits_are_less_like_the_speech() -> None:
    rich, poor = (
        find_delay(SPEECH, opus_round_trip(SPEECH, bit_rate_bps), 48_000).likeness
        for bit_rate_bps in (64_000, 8_000)
    )
    assert poor < rich


@pytest.mark.parametrize("frames", [1, 959, 960, 961])
def test_any_length_will_do(frames: int) -> None:
    assert len(opus_round_trip(np.zeros(frames, np.float32))) == frames
