import numpy as np
import pytest

from harness.realtime.server.input_audio import MAX_BUFFER_S, InputAudio


def ramp(frames: int, start: int = 0) -> np.ndarray:
    return (np.arange(start, start + frames) % 30_000 / 32768).astype(np.float32)


def test_positions_are_milliseconds_of_the_sessions_input() -> None:
    audio = InputAudio()
    audio.append(ramp(2400))
    audio.append(ramp(2400, 2400))
    assert (audio.start_ms, audio.end_ms, audio.duration_ms) == (0, 200, 200.0)
    assert np.allclose(audio.cut_ms(50, 150), ramp(2400, 1200))


def test_when_a_position_came_is_told_by_the_pieces_that_were_least_late() -> None:
    audio = InputAudio()
    for number in range(100):
        late_s = 0.0 if number == 60 else 0.3 if number > 80 else 0.004
        audio.append(ramp(480), 10.0 + (number + 1) * 0.02 + late_s)
    assert audio.came_s(1_990) == pytest.approx(10.0 + 1.99 + 0.01), "half a piece later"


def test_a_cut_is_what_is_there() -> None:
    audio = InputAudio()
    assert len(audio.cut_ms(0, 100)) == 0
    audio.append(ramp(2400))
    assert len(audio.cut_ms(50, 1000)) == 1200
    assert len(audio.cut_ms(90, 10)) == 0


def test_the_position_stays_when_audio_is_dropped_or_cleared() -> None:
    audio = InputAudio()
    audio.append(ramp(4800))
    audio.drop_before_ms(150)
    assert (audio.start_ms, audio.end_ms) == (150, 200)
    assert np.allclose(audio.all(), ramp(1200, 3600))
    audio.clear()
    assert (audio.start_ms, audio.end_ms, audio.duration_ms) == (200, 200, 0.0)
    audio.append(ramp(240, 4800))
    assert np.allclose(audio.cut_ms(200, 210), ramp(240, 4800))


def test_a_microphone_left_open_does_not_fill_the_memory() -> None:
    audio = InputAudio()
    for _ in range(MAX_BUFFER_S + 5):
        audio.append(np.zeros(24_000, dtype=np.float32))
    assert audio.duration_ms == pytest.approx(MAX_BUFFER_S * 1000)
    assert audio.end_ms == (MAX_BUFFER_S + 5) * 1000
