"""A noise as it is written down, and the signal-to-noise ratio that comes out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.level import rms_dbfs
from harness.audio.signals import tone, white_noise
from harness.audio.wav import write_wav
from harness.errors import FixtureError, UsageError
from harness.line.noise import (
    NOMINAL_SPEECH_DBFS,
    make_noise,
    noise_gain,
    read_noise,
    speech_dbfs,
    voiced_samples,
)


def test_a_kind_alone_is_a_noise() -> None:
    wish = read_noise("cafe")
    assert (wish.name, wish.snr_db, wish.seed) == ("cafe", 15.0, 0)
    assert read_noise("off").name == ""
    assert read_noise({"file": "sounds/rain.wav"}).name == "rain.wav"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("rain", "there is no noise “rain”: room, babble, street, cafe, off"),
        ({"kind": "cafe", "snr_db": "loud"}, "number"),
        ({"kind": "cafe", "snr_db": float("nan")}, "finite"),
        ({"kind": "cafe", "snr_db": 200}, "less than or equal to 80"),
        ({"kind": "cafe", "file": "a.wav"}, "takes only one of"),
        ({"snr_db": 3}, "needs one of"),
        ({"kind": "cafe", "volume": 3}, "Extra inputs"),
    ],
)
def test_what_cannot_be_had_is_said(given: Any, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_noise(given)
    assert says in str(raised.value)


@pytest.mark.parametrize("snr_db", [-5.0, 0.0, 20.0])
def test_the_ratio_is_that_of_the_mixed_samples(snr_db: float) -> None:
    made = make_noise(read_noise({"kind": "street", "snr_db": snr_db}))
    assert made.period is not None
    speech = tone(300, 1.0, amplitude=0.1)
    gain = noise_gain(made, speech_dbfs([speech]))
    noise_dbfs = rms_dbfs((made.period.samples * gain).astype(np.float32))
    assert rms_dbfs(speech.samples) - noise_dbfs == pytest.approx(snr_db, abs=0.01)


def test_pauses_and_silence_around_it_are_no_speech() -> None:
    loud, pause = tone(300, 0.5, amplitude=0.2).samples, np.zeros(48_000, np.float32)
    clip = AudioClip(np.concatenate([pause, loud, pause, loud, pause]), 48_000)
    voiced = voiced_samples(clip, 1.0, 3.0)
    assert voiced.duration_s == pytest.approx(1.0)
    assert rms_dbfs(voiced.samples) == pytest.approx(rms_dbfs(loud), abs=0.01)
    twice = voiced_samples(clip, 1.0, 3.0, gain=2.0)
    assert rms_dbfs(twice.samples) == pytest.approx(rms_dbfs(loud) + 6.02, abs=0.01)


def test_where_nobody_speaks_the_nominal_level_counts() -> None:
    assert speech_dbfs([]) == NOMINAL_SPEECH_DBFS
    assert speech_dbfs([AudioClip(np.zeros(100, np.float32), 48_000)]) == NOMINAL_SPEECH_DBFS


def test_a_file_is_a_noise_relative_to_the_scenario(tmp_path: Path) -> None:
    write_wav(tmp_path / "rain.wav", white_noise(0.5, 0.1, 1, 16_000).samples, 16_000)
    made = make_noise(read_noise({"file": "rain.wav"}), tmp_path)
    assert made.period is not None
    assert made.period.duration_s == pytest.approx(0.45)


def test_a_missing_or_silent_file_is_no_noise(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="no noise file"):
        make_noise(read_noise({"file": "none.wav"}), tmp_path)
    write_wav(tmp_path / "silent.wav", np.zeros(4800, np.float32), 48_000)
    with pytest.raises(FixtureError, match="silent"):
        make_noise(read_noise({"file": "silent.wav"}), tmp_path)


def test_off_is_no_sound() -> None:
    made = make_noise(read_noise("off"))
    assert (made.period, noise_gain(made, -20.0)) == (None, 0.0)
