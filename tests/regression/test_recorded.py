"""Answers as they were recorded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample_clip
from harness.audio.wav import write_wav
from harness.exchange.opened import opened_run
from harness.exchange.pack import pack
from harness.regression.recorded import recording_of, sound_of
from tests.support.make_suite import make_result

RATE_HZ = 16_000


def recorded(folder: Path, samples: MonoFloat32) -> None:
    """A call whose answer is from 2.8 to 5 s."""
    both = np.zeros((6 * RATE_HZ, 2), np.float32)
    first = int(2.8 * RATE_HZ)
    both[first : first + len(samples), 1] = samples
    write_wav(folder / "call.wav", both, RATE_HZ)


def test_level_and_voice_are_those_of_the_answer(tmp_path: Path) -> None:
    speech = resample_clip(find_fixture("booking-table-for-two").load().clip, RATE_HZ)
    recorded(tmp_path, speech.samples[: int(2.2 * RATE_HZ)])
    result = make_result("a").model_copy(update={"artifacts": {"audio": "call.wav"}})
    sound = sound_of(result.turns[0], recording_of(tmp_path, result))
    assert sound is not None
    assert sound.voice is not None
    assert -40 < sound.level_dbfs < -10
    assert sound.voice.voiced_s > 0.5
    clip = sound.recorded.clip()
    assert clip is not None
    assert clip.duration_s == pytest.approx(2.2)
    (tmp_path / "call.wav").unlink()
    assert sound.recorded.clip() is None


def test_in_a_packed_call_the_answer_is_the_same(tmp_path: Path) -> None:
    speech = resample_clip(find_fixture("booking-table-for-two").load().clip, RATE_HZ)
    home = tmp_path / "call"
    home.mkdir()
    (home / "trace.jsonl").touch()
    recorded(home, speech.samples[: int(2.2 * RATE_HZ)])
    packed = pack(home, [home], tmp_path / "call.zip").path
    result = make_result("a").model_copy(update={"artifacts": {"audio": "call.wav"}})
    with opened_run(packed) as folder:
        found = sound_of(result.turns[0], recording_of(folder, result))
    assert found is not None
    whole = sound_of(result.turns[0], recording_of(home, result))
    assert whole is not None
    assert (found.level_dbfs, found.voice) == (whole.level_dbfs, whole.voice)


def test_silence_has_no_voice_and_no_recording_no_sound(tmp_path: Path) -> None:
    result = make_result("a").model_copy(update={"artifacts": {"audio": "call.wav"}})
    assert sound_of(result.turns[0], recording_of(tmp_path, result)) is None
    recorded(tmp_path, np.zeros(100, np.float32))
    sound = sound_of(result.turns[0], recording_of(tmp_path, result))
    assert sound is not None
    assert sound.voice is None
    write_wav(tmp_path / "call.wav", np.zeros(RATE_HZ, np.float32), RATE_HZ)
    assert recording_of(tmp_path, result) is None, "one side alone"
    unheard = result.turns[0].model_copy(update={"heard": None})
    assert sound_of(unheard, None) is None
