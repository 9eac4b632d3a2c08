from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.server.speech_plan import (
    STEP_FRAMES,
    SpeechPlan,
    SpeechStep,
    split_sentences,
    split_words,
)


def sound(frames: int) -> np.ndarray:
    return np.ones(frames, dtype=np.float32)


def steps_of(plan: SpeechPlan) -> list[SpeechStep]:
    steps = []
    while plan.is_ready:
        steps.append(plan.take_step())
    return steps


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Hello there. How are you?", ["Hello there. ", "How are you?"]),
        ("It is 3.5 metres wide.", ["It is 3.5 metres wide."]),
        ("Ask Dr. Who about it. Now!", ["Ask Dr. Who about it. ", "Now!"]),
        ("「はい。」「いいえ。」", ["「はい。」", "「いいえ。」"]),
        ("no mark", ["no mark"]),
        ("", []),
        ("  ", []),
    ],
)
def test_a_text_is_split_after_its_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(st.text(alphabet=st.sampled_from("ab .!?…\n")))
def test_sentences_and_words_joined_give_the_text_back(text: str) -> None:
    assert "".join(split_sentences(text)) == text.strip()
    assert "".join(split_words(text)) == text.strip()
    assert all(sentence.strip() for sentence in split_sentences(text))


def test_no_sentence_is_endless() -> None:
    assert max(len(part) for part in split_sentences("x" * 5000 + " word" * 500)) <= 400


def test_a_first_step_is_ready_before_the_second_sentence_is() -> None:
    plan = SpeechPlan("One two. Three four.")
    assert not plan.is_ready
    plan.receive(sound(24_000), is_last=True)
    steps = steps_of(plan)
    assert sum(len(step.samples) for step in steps) == 24_000
    assert "".join(word for step in steps for word in step.words) == "One two. "
    assert not plan.is_exhausted


def test_words_are_spread_over_the_sound_and_run_ahead_of_it() -> None:
    plan = SpeechPlan("one two three four five six seven eight nine ten")
    plan.receive(sound(10 * STEP_FRAMES), is_last=True)
    counts = [len(step.words) for step in steps_of(plan)]
    assert len(counts) == 10
    assert sum(counts) == 10
    assert counts[0] >= 2
    assert max(counts[1:]) <= 2


def test_a_synthesiser_may_deliver_in_pieces() -> None:
    plan = SpeechPlan("one two three")
    plan.receive(sound(STEP_FRAMES + 10), is_last=False)
    assert len(steps_of(plan)) == 1
    plan.receive(sound(0), is_last=True)
    last = steps_of(plan)
    assert sum(len(step.samples) for step in last) == 10
    assert plan.is_exhausted


def test_a_sentence_without_sound_still_says_its_words() -> None:
    plan = SpeechPlan("...")
    plan.receive(sound(0), is_last=True)
    step = plan.take_step()
    assert (step.words, len(step.samples)) == (("...",), 0)
    assert plan.is_exhausted
