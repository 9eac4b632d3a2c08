"""Small pieces become stretches of a tenth of a second."""

import numpy as np

from harness.line.audio_batches import BATCH_FRAMES, AudioBatches


def piece(frames: int = 960) -> np.ndarray:
    return np.ones(frames, np.float32)


def test_pieces_are_joined_until_a_tenth_of_a_second_is_full() -> None:
    batches = AudioBatches("sent", "microphone")
    for number in range(6):
        batches.add(number * 0.02, number * 960, piece())
    (one,) = batches.stream.snapshot()
    assert (one.start_s, one.frame, len(one.samples)) == (0.0, 0, BATCH_FRAMES)
    assert one.source == "microphone"


def test_what_is_left_can_be_had_at_once() -> None:
    batches = AudioBatches("sent", "microphone")
    batches.flush()
    batches.add(0.5, 24_000, piece())
    batches.flush()
    batches.flush()
    (one,) = batches.stream.snapshot()
    assert (one.start_s, one.frame, len(one.samples)) == (0.5, 24_000, 960)
