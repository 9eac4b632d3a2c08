"""Figures of interruptions, from samples whose answer follows by arithmetic."""

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.signals import white_noise
from harness.bench.barge_in import Found, audible_edges, cut_by, figures, look, stretch
from harness.call.heard_answer import Said
from harness.call.utterance import Utterance
from harness.line.audio import AudioFrames
from harness.score.answers import Answer


def pieces(samples: np.ndarray, size: int = 4864) -> list[AudioFrames]:
    return [
        AudioFrames(n / 48_000, samples[n : n + size].astype(np.float32), "one", n)
        for n in range(0, len(samples), size)
    ]


def test_the_samples_say_when_it_cut_in_and_when_it_stopped() -> None:
    heard, sent = np.zeros(240_000), np.zeros(240_000)
    heard[48_000:96_000] = 0.1  # the answer sounds from 1 s to 2 s
    clip = white_noise(0.5, 0.1, seed=1)
    lead = np.concatenate([np.zeros(4800, np.float32), clip.samples])  # 100 ms of silence first
    sent[76_824 - 4800 : 76_824 + 24_000] = lead  # so its first voiced sample is at 1.6005 s
    utterance = Utterance("u", AudioClip(lead, 48_000), "", None, 0.1, 0.6)
    found = look(utterance, 1.6005, 600, 0.0, pieces(heard), pieces(sent))
    assert found.cut_in_ms == pytest.approx(600.5)
    assert found.stop_error_ms is None  # nobody speaks there


def test_what_is_not_in_the_samples_is_no_number() -> None:
    silent = pieces(np.zeros(240_000))
    clip = white_noise(0.5, 0.1, seed=1)
    utterance = Utterance("u", clip, "", None, 0.0, 0.5)
    found = look(utterance, 1.6, 600, 0.0, silent, silent)
    assert (found.cut_in_ms, found.stop_error_ms) == (None, None)
    told = figures([found])
    assert (told["cut_in_not_found"], told["cut_in_error_ms_p95"]) == (1, None)


def test_the_figures_are_of_absolute_errors_and_the_medians_signed() -> None:
    told = figures([Found(300, 299.0, -4.0, 0.0), Found(300, 298.0, 2.0, 1.0)])
    assert told["cut_in_error_ms_max"] == 2.0
    assert told["by_asked_ms"] == {"300": -1.5}
    assert (told["late"], told["interruptions"]) == (1, 2)


def test_the_sound_around_a_moment_has_no_long_pause() -> None:
    samples = np.zeros(96_000, np.float32)
    samples[1000:2000] = 0.5
    samples[40_000:50_000] = 0.5
    samples[55_000:60_000] = 0.5  # after a pause of 104 ms: the same sound
    assert audible_edges(samples, 57_000) == (40_000, 60_000)
    assert audible_edges(samples, 500) is None
    assert audible_edges(np.zeros(10, np.float32), 5) is None


def test_missing_pieces_are_silence() -> None:
    from_s, joined = stretch([pieces(np.ones(9728))[1]], 0.0, 1.0)
    assert from_s == pytest.approx(4864 / 48_000)
    assert len(joined) == 4864
    assert len(stretch([], 0.0, 1.0)[1]) == 0


def test_an_answer_that_nobody_heard_before_was_not_cut() -> None:
    first, later, silent = Answer("1", 0.0), Answer("2", 2.0), Answer("3", 3.0)
    first.voice_start_s, later.voice_start_s = 0.5, 4.5
    said = Said(Utterance("u", AudioClip(np.ones(48, np.float32), 48_000), "", None, 0, 1), 4.0)
    assert cut_by([first, later, silent], said) == [first]
