"""What a scenario means by its words: fixtures, files, texts."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.clip import AudioClip
from harness.audio.fixtures import find_fixture
from harness.audio.signals import tone
from harness.call.utterance import from_clip, from_file, from_text, is_words, louder, with_speech
from harness.errors import FixtureError
from harness.speech.nanotts import NanoTtsSynthesiser


def test_a_fixture_brings_its_words_and_labelled_edges() -> None:
    utterance = from_file("goforward")
    assert utterance.text == "Go forward ten meters."
    assert utterance.clip.sample_rate_hz == 48_000
    assert 0 <= utterance.speech_start_s < utterance.speech_end_s <= utterance.clip.duration_s


def test_a_file_is_found_beside_the_scenario(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "own.wav", np.zeros(8_000, np.float32), 8_000)
    utterance = from_file("own.wav", tmp_path, text="mine")
    assert utterance.text == "mine"
    assert utterance.converted is not None
    assert "8000" in utterance.converted


def test_a_missing_file_and_an_unknown_fixture_say_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="goforward"):
        from_file("no/such.wav", tmp_path)
    with pytest.raises(FixtureError, match="goforward"):
        from_file("goforwrd", tmp_path)


def test_a_text_is_spoken_at_the_call_s_rate() -> None:
    utterance = from_text("Hello there.", NanoTtsSynthesiser())
    assert utterance.clip.sample_rate_hz == 48_000
    assert 0.3 < utterance.speech_end_s - utterance.speech_start_s < 3


def test_a_text_without_words_is_refused() -> None:
    with pytest.raises(FixtureError, match="nothing to speak"):
        from_text("  ", NanoTtsSynthesiser())


def test_a_clip_without_speech_has_its_own_ends_as_edges() -> None:
    clip = AudioClip(np.zeros(24_000, np.float32), 24_000)
    utterance = from_clip(clip)
    assert (utterance.speech_start_s, utterance.speech_end_s) == (0.0, 1.0)
    assert louder(utterance, 2.0).gain == 2.0


def test_a_recording_in_which_nobody_speaks_is_refused(tmp_path: Path) -> None:
    quiet = find_fixture("goforward").load().clip.samples * 0.0005
    for name, samples, said in (
        ("silence", np.zeros(96_000, np.float32), "2.0 s without speech, silent"),
        ("tone", tone(440, 2.0).samples, "2.0 s without speech, at its loudest -"),
        ("quiet", quiet, "much too quiet for speech"),
    ):
        soundfile.write(tmp_path / f"{name}.wav", samples, 48_000, subtype="PCM_24")
        utterance = from_file(f"{name}.wav", tmp_path)
        with pytest.raises(FixtureError, match=f"Nobody speaks in .*{name}") as refused:
            with_speech(utterance)
        assert said in (refused.value.found or "")


def test_a_quiet_recording_may_be_made_loud_enough(tmp_path: Path) -> None:
    samples = find_fixture("goforward").load().clip.samples * 0.002
    soundfile.write(tmp_path / "quiet.wav", samples, 48_000, subtype="PCM_24")
    utterance = from_file("quiet.wav", tmp_path)
    assert not utterance.has_speech
    heard = with_speech(louder(utterance, 10))
    assert heard.has_speech
    assert heard.speech_start_s == pytest.approx(find_fixture("goforward").speech_start_s, abs=0.1)


def test_a_side_of_a_recorded_call_can_be_chosen(tmp_path: Path) -> None:
    samples = find_fixture("goforward").load().clip.samples
    soundfile.write(tmp_path / "a.wav", np.stack([samples * 0, samples], axis=1), 48_000)
    assert with_speech(from_file("a.wav", tmp_path, channel="right")).has_speech
    assert not from_file("a.wav", tmp_path, channel="left").has_speech


@pytest.mark.parametrize(
    "words",
    [
        "A table, please.",
        "we open at 9.30 on weekdays",
        "I use Node.js",
        "one and/or two",
        "yes " * 90,
    ],
)
def test_words_are_no_recording(words: str) -> None:
    assert is_words(words)


@pytest.mark.parametrize("name", ["goforward", "calls/first.wav", "my call.WAV", "a b.mp3", ""])
def test_a_name_or_a_file_of_sound_is_one(name: str) -> None:
    assert not is_words(name)


@pytest.mark.parametrize("word", ["Yes.", "Ja!", "Was?", "Don't.", "Él.", "はい。"])
def test_one_word_that_ends_as_a_sentence_is_words(word: str, tmp_path: Path) -> None:
    assert is_words(word)
    (tmp_path / word).write_bytes(b"")
    assert not is_words(word, tmp_path)


@pytest.mark.parametrize("word", ["Yes", "..", ".", "a/b.", "7.", "booking-table-for-two"])
def test_a_bare_word_or_a_path_is_none(word: str) -> None:
    assert not is_words(word)


def test_a_word_that_names_no_recording_is_told_how_it_is_spoken() -> None:
    with pytest.raises(FixtureError, match=r"to have the word spoken, write “Hello\.”"):
        from_file("Hello")
    with pytest.raises(FixtureError) as caught:
        from_file("bookings-tomorrow")
    assert "spoken" not in (caught.value.hint or "")


def test_a_file_with_blanks_in_its_name_is_a_recording(tmp_path: Path) -> None:
    (tmp_path / "first call").write_bytes(b"")
    assert not is_words("first call", tmp_path)
    assert is_words("second call", tmp_path)
