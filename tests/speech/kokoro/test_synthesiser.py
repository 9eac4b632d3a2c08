"""Kokoro's speakers, heard."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.resample import resample
from harness.errors import SpeechError
from harness.speech.kokoro.model import MOST_TOKENS
from harness.speech.kokoro.synthesiser import (
    EDGE_S,
    LEVEL_DBFS,
    SPEAKERS,
    KokoroSynthesiser,
    pieces_of,
    sentences_of,
)
from harness.speech.spans import voiced_spans
from harness.speech.whisper import WhisperRecogniser
from harness.speech.words import missing_words


@pytest.fixture(scope="module")
def kokoro() -> KokoroSynthesiser:
    return KokoroSynthesiser()


@pytest.fixture(scope="module")
def ear() -> WhisperRecogniser:
    return WhisperRecogniser()


@pytest.mark.parametrize("voice", SPEAKERS)
def test_every_speaker_is_understood(
    kokoro: KokoroSynthesiser, ear: WhisperRecogniser, voice: str
) -> None:
    clip = kokoro.synthesise("An umbrella and three ladders for $42.50, please.", voice)
    heard = ear.recognise(clip.samples, clip.sample_rate_hz)
    assert not missing_words(heard, ["umbrella", "three ladders", "42.50"]), heard


def test_one_word_is_understood(kokoro: KokoroSynthesiser, ear: WhisperRecogniser) -> None:
    clip = kokoro.synthesise("Yesterday.")
    assert not missing_words(ear.recognise(clip.samples, clip.sample_rate_hz), ["yesterday"])


def test_the_same_text_gives_the_same_samples(kokoro: KokoroSynthesiser) -> None:
    one, other = (kokoro.synthesise("Good evening.", "emma") for _ in range(2))
    assert np.array_equal(one.samples, other.samples)


def test_speakers_differ(kokoro: KokoroSynthesiser) -> None:
    clips = {kokoro.synthesise("Good evening.", voice).samples.tobytes() for voice in SPEAKERS}
    assert len(clips) == len(SPEAKERS)


def test_speech_begins_and_ends_with_the_clip_and_is_as_loud_as_a_recording(
    kokoro: KokoroSynthesiser,
) -> None:
    clip = kokoro.synthesise("Good evening, how may I help you?")
    spans = voiced_spans(AudioClip(resample(clip.samples, 24_000, 48_000), 48_000))
    assert spans[0].start_s <= EDGE_S + 0.05
    assert spans[-1].end_s >= clip.duration_s - EDGE_S - 0.1
    level_dbfs = 20 * np.log10(np.sqrt(np.mean(clip.samples**2)))
    assert abs(level_dbfs - LEVEL_DBFS) < 3


def test_a_text_comes_sentence_by_sentence(kokoro: KokoroSynthesiser) -> None:
    parts = list(kokoro.parts("Yes. We are open until ten."))
    whole = kokoro.synthesise("Yes. We are open until ten.")
    assert len(parts) == 2
    assert np.array_equal(np.concatenate([part.samples for part in parts]), whole.samples)


def test_faster_is_shorter(kokoro: KokoroSynthesiser) -> None:
    usual, fast = kokoro.synthesise("Good evening."), kokoro.synthesise("Good evening.", speed=1.5)
    assert fast.duration_s < 0.85 * usual.duration_s


@pytest.mark.parametrize("text", ["", "   ", "😀", "…", "!?"])
def test_a_text_without_a_word_is_no_sound(kokoro: KokoroSynthesiser, text: str) -> None:
    assert kokoro.synthesise(text).frames == 0


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("Hello.", {"voice": "nobody"}, "no voice named"),
        ("Hello.", {"speed": 9.0}, "speed"),
        ("Hello.", {"language": "de"}, "language “de”"),
        ("Ich hätte gern einen Tisch für zwei Personen am Fenster.", {}, "not English"),
        ("добрый вечер", {}, "another script"),
    ],
)
def test_what_cannot_be_spoken_is_refused(
    kokoro: KokoroSynthesiser, text: str, options: dict[str, object], told: str
) -> None:
    with pytest.raises(SpeechError, match=told):
        kokoro.synthesise(text, **options)  # type: ignore[arg-type]


def test_a_sentence_without_end_is_spoken_in_pieces() -> None:
    [tokens] = sentences_of(", ".join(["we opened forty years ago as a bakery"] * 40))
    pieces = pieces_of(tokens, "us")
    assert len(pieces) > 1
    assert all(len(piece) <= MOST_TOKENS for piece in pieces)
    assert "".join(pieces).count("bˈAkəɹi") == 40
