"""Answers against the clips that they play: the right clip is found, a wrong one is told."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample
from harness.audio.wav import write_wav
from harness.errors import FixtureError, MissingExtra
from harness.score.conversation import conversation_of
from harness.score.known_clips import HeardClip, load_known_clips, notes_on, rate_answers
from harness.score.recording import RecordingScore
from harness.speech.spans import Span

IS_INSTALLED = all(importlib.util.find_spec(name) for name in ("pesq", "pystoi"))
needs_extra = pytest.mark.skipif(not IS_INSTALLED, reason="needs the extra “quality”")
GREETING, OTHER = "greeting-hello-michael", "booking-table-for-two"
SAID = Span(0.5, 1.5)
AT_S = 2.0


def samples(name: str) -> MonoFloat32:
    return find_fixture(name).load().clip.samples


def clips_in(folder: Path, **clips: MonoFloat32) -> Path:
    for name, each in clips.items():
        write_wav(folder / f"{name}.wav", each, CALL_RATE_HZ)
    return folder


def heard(
    folder: Path,
    reference: Path,
    answers: Sequence[tuple[float, MonoFloat32]],
    user: Sequence[Span] = (SAID,),
) -> tuple[list[HeardClip], list[str]]:
    """What is found in a call whose answers begin at these moments."""
    whole = np.random.default_rng(3).normal(0, 1e-4, (12 * CALL_RATE_HZ, 2)).astype(np.float32)
    agent = []
    for at_s, answer in answers:
        whole[round(at_s * CALL_RATE_HZ) :, 1][: len(answer)] += answer
        agent.append(Span(at_s, at_s + len(answer) / CALL_RATE_HZ))
    write_wav(folder / "call.wav", whole, CALL_RATE_HZ)
    talk = conversation_of(user, agent)
    score = RecordingScore(folder / "call.wav", 12.0, CALL_RATE_HZ, "left", talk, "", ())
    clips = load_known_clips(reference)
    found = rate_answers(score, clips)
    return found, notes_on(found, clips)


@needs_extra
def test_each_answer_is_rated_against_the_clip_that_it_plays(tmp_path: Path) -> None:
    folder = clips_in(tmp_path / "prompts", greeting=samples(GREETING), other=samples(OTHER))
    noise = np.random.default_rng(1).normal(0, 0.02, len(samples(OTHER))).astype(np.float32)
    answers = [(AT_S, samples(GREETING)), (8.0, samples(OTHER) + noise)]
    (clean, noisy), notes = heard(tmp_path, folder, answers, (SAID, Span(6, 7)))
    assert notes == []
    assert (clean.reference, noisy.reference) == ("greeting.wav", "other.wav")
    assert clean.quality is not None
    assert noisy.quality is not None
    assert clean.quality.delay_s == pytest.approx(AT_S, abs=0.001)
    assert clean.quality.pesq == pytest.approx(4.6, abs=0.1)
    assert clean.quality.stoi > 0.99
    assert noisy.quality.pesq is not None
    assert noisy.quality.pesq < 2
    assert not clean.is_cut


@needs_extra
@pytest.mark.parametrize("wrong", ["manual-what-time", "booking-table-for-two"])
def test_a_wrong_reference_is_told_and_not_rated(tmp_path: Path, wrong: str) -> None:
    write_wav(tmp_path / "wrong.wav", samples(wrong), CALL_RATE_HZ)
    (found,), notes = heard(tmp_path, tmp_path / "wrong.wav", [(AT_S, samples(GREETING))])
    assert found.quality is None
    assert found.reference is None
    assert found.why.startswith("cannot tell: “wrong.wav” is not in it (likeness 0.")
    assert notes == ["No answer plays “wrong.wav”: is this the right reference for this call?"]


@needs_extra
def test_the_same_voice_with_other_words_is_a_wrong_reference(tmp_path: Path) -> None:
    clip = samples(GREETING)
    half = len(clip) // 2
    swapped = np.concatenate([clip[half:], clip[:half]])[::-1].copy()
    write_wav(tmp_path / "wrong.wav", swapped, CALL_RATE_HZ)
    (found,), _ = heard(tmp_path, tmp_path / "wrong.wav", [(AT_S, clip)])
    assert found.quality is None


@needs_extra
def test_a_clip_too_short_or_silent_rates_nothing(tmp_path: Path) -> None:
    clip = AudioClip(samples(GREETING), CALL_RATE_HZ).between(0.3, 0.6).samples
    silence = np.zeros(CALL_RATE_HZ, np.float32)
    folder = clips_in(tmp_path / "prompts", short=clip, silent=silence)
    (found,), notes = heard(tmp_path, folder, [(AT_S, samples(GREETING))])
    assert found.why == "cannot tell: no reference is of any use"
    assert notes == [
        "“short.wav” rates nothing: it is shorter than 0.5 s.",
        "“silent.wav” rates nothing: it is silent.",
    ]


@needs_extra
def test_an_answer_that_the_user_cut_is_rated_as_far_as_it_came(tmp_path: Path) -> None:
    clip = samples(GREETING)
    came = clip[: round(0.9 * CALL_RATE_HZ)]
    write_wav(tmp_path / "greeting.wav", clip, CALL_RATE_HZ)
    user = (SAID, Span(AT_S + 0.5, AT_S + 2.0))
    (found, _), _ = heard(tmp_path, tmp_path / "greeting.wav", [(AT_S, came)], user)
    assert found.is_cut
    assert found.rated_s == pytest.approx(0.9, abs=0.01)
    assert found.quality is not None
    assert found.quality.pesq == pytest.approx(4.6, abs=0.1)


@needs_extra
def test_an_end_that_was_lost_without_the_user_counts_against_it(tmp_path: Path) -> None:
    clip = samples(GREETING)
    write_wav(tmp_path / "greeting.wav", clip, CALL_RATE_HZ)
    came = clip[: round(0.9 * CALL_RATE_HZ)]
    (found,), _ = heard(tmp_path, tmp_path / "greeting.wav", [(AT_S, came)])
    assert found.quality is not None
    assert found.quality.pesq is not None
    assert found.quality.pesq < 3
    assert not found.is_cut


@needs_extra
def test_a_turn_without_an_answer_has_nothing_to_rate(tmp_path: Path) -> None:
    write_wav(tmp_path / "greeting.wav", samples(GREETING), CALL_RATE_HZ)
    found, _ = heard(
        tmp_path, tmp_path / "greeting.wav", [(AT_S, samples(GREETING))], (SAID, Span(9, 10))
    )
    assert [each.why for each in found] == ["", "no answer was heard"]


@needs_extra
def test_a_reference_of_another_rate_is_the_same_clip(tmp_path: Path) -> None:
    at_8k = resample(samples(GREETING), CALL_RATE_HZ, 8_000)
    write_wav(tmp_path / "greeting.wav", at_8k, 8_000)
    (found,), _ = heard(tmp_path, tmp_path / "greeting.wav", [(AT_S, samples(GREETING))])
    assert found.quality is not None
    assert found.quality.stoi > 0.95


@needs_extra
def test_a_folder_without_sound_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="nothing to compare with"):
        load_known_clips(tmp_path)
    with pytest.raises(FixtureError, match="no such file"):
        load_known_clips(tmp_path / "none.wav")


def test_without_the_packages_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pesq", None)
    with pytest.raises(MissingExtra, match=r"realtime-harness\[quality\]"):
        load_known_clips(tmp_path)
