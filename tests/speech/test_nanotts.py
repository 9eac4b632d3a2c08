import hashlib
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.clip import MonoFloat32
from harness.errors import SpeechError
from harness.speech.nanotts import LONGEST_PART, NanoTtsSynthesiser, split_text

synthesiser = NanoTtsSynthesiser()


def test_a_sentence_takes_about_as_long_as_a_person_would() -> None:
    clip = synthesiser.synthesise("I would like to book a table for two.")
    assert 1.5 < clip.duration_s < 3.5
    assert clip.sample_rate_hz == 16_000
    assert float(np.max(np.abs(clip.samples))) > 0.1


def test_the_same_text_gives_the_same_samples_whatever_was_in_memory() -> None:
    """This sentence used to come with another pause, depending on the memory it was given."""
    digests = set()
    for size in range(8):
        rubbish = bytearray(b"\xa5" * (1 << (14 + size)))
        del rubbish
        samples = synthesiser.synthesise("Good morning, how are you?").samples
        digests.add((len(samples), hashlib.sha256(samples.tobytes()).hexdigest()))
    assert len(digests) == 1


def test_another_process_gives_the_same_samples() -> None:
    code = (
        "import hashlib; from harness.speech.nanotts import NanoTtsSynthesiser as S;"
        "print(hashlib.sha256(S().synthesise('Good morning, how are you?').samples).hexdigest())"
    )
    command = [sys.executable, "-c", code]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    samples = synthesiser.synthesise("Good morning, how are you?").samples
    assert output.strip() == hashlib.sha256(samples.tobytes()).hexdigest()


def test_sentences_come_one_by_one_and_together_are_the_whole() -> None:
    text = "Hello there. How are you? I am fine!"
    parts = list(synthesiser.parts(text))
    assert len(parts) == 3
    joined = np.concatenate([part.samples for part in parts])
    assert np.array_equal(joined, synthesiser.synthesise(text).samples)


def test_faster_speech_is_shorter() -> None:
    text = "I would like to book a table for two."
    slow, fast = (synthesiser.synthesise(text, speed=s).duration_s for s in (0.8, 1.6))
    assert fast < slow * 0.7


def test_voices_differ() -> None:
    american, british = (synthesiser.synthesise("Hello.", v).samples for v in ("en-US", "en-GB"))
    assert not np.array_equal(american[:3000], british[:3000])


@pytest.mark.parametrize("voice", synthesiser.voices)
def test_every_voice_speaks(voice: str) -> None:
    assert synthesiser.synthesise("Hello.", voice).duration_s > 0.2


def test_an_unknown_voice_is_told() -> None:
    with pytest.raises(SpeechError, match="no voice named") as caught:
        synthesiser.synthesise("Hello.", "nobody")
    assert "en-US" in str(caught.value)


def test_a_speed_out_of_range_is_told_before_any_part() -> None:
    with pytest.raises(SpeechError, match="speed"):
        synthesiser.parts("Hello.", speed=9.0)


@pytest.mark.parametrize("text", ["", "   ", "...", "<>", "!?"])
def test_text_without_a_word_is_an_empty_clip(text: str) -> None:
    assert synthesiser.synthesise(text).frames == 0


def test_markup_is_not_obeyed() -> None:
    plain = synthesiser.synthesise("Hello there.").samples
    marked = synthesiser.synthesise('<speed level="20">Hello</speed> there.').samples
    assert np.array_equal(plain, marked)


def test_several_threads_may_speak_at_once() -> None:
    expected = synthesiser.synthesise("Hello there.").samples
    clips: list[MonoFloat32] = []
    threads = [
        threading.Thread(
            target=lambda: clips.append(synthesiser.synthesise("Hello there.").samples)
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [np.array_equal(clip, expected) for clip in clips] == [True] * 4


@given(st.text(max_size=600))
def test_parts_are_short_and_hold_every_letter(text: str) -> None:
    parts = split_text(text.replace("<", "").replace(">", ""))
    assert all(0 < len(part) <= LONGEST_PART for part in parts)
    letters = [c for c in text if c.isalnum()]
    assert [c for part in parts for c in part if c.isalnum()] == letters


def test_long_sentences_are_cut_at_commas() -> None:
    sentence = "one two three four five, " * 10
    assert all(part.endswith(",") for part in split_text(sentence))


def test_a_missing_package_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py_nanotts", None)
    with pytest.raises(SpeechError, match=r"pip install py-nanotts==0\.1\.1"):
        NanoTtsSynthesiser().synthesise("Hello.")
