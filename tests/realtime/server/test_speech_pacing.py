from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.realtime.server.speech_pacing import STEP_FRAMES, SpeechPacing, SpeechStep


def sound(frames: int) -> np.ndarray:
    return np.ones(frames, dtype=np.float32)


def plan_of(text: str) -> SpeechPacing:
    plan = SpeechPacing()
    plan.add(text)
    plan.end()
    return plan


def steps_of(plan: SpeechPacing) -> list[SpeechStep]:
    steps = []
    while plan.is_ready:
        steps.append(plan.take_step())
    return steps


def test_a_first_step_is_ready_before_the_second_sentence_is() -> None:
    plan = plan_of("One two. Three four.")
    assert not plan.is_ready
    plan.on_samples(sound(24_000), is_last=True)
    steps = steps_of(plan)
    assert sum(len(step.samples) for step in steps) == 24_000
    assert "".join(word for step in steps for word in step.words) == "One two. "
    assert not plan.is_exhausted


def test_words_are_spread_over_the_sound_and_run_ahead_of_it() -> None:
    plan = plan_of("one two three four five six seven eight nine ten")
    plan.on_samples(sound(10 * STEP_FRAMES), is_last=True)
    counts = [len(step.words) for step in steps_of(plan)]
    assert len(counts) == 10
    assert sum(counts) == 10
    assert counts[0] >= 2
    assert max(counts[1:]) <= 2


def test_a_synthesiser_may_deliver_in_pieces() -> None:
    plan = plan_of("one two three")
    plan.on_samples(sound(STEP_FRAMES + 10), is_last=False)
    assert len(steps_of(plan)) == 1
    plan.on_samples(sound(0), is_last=True)
    last = steps_of(plan)
    assert sum(len(step.samples) for step in last) == 10
    assert plan.is_exhausted


def test_a_sentence_without_sound_still_says_its_words() -> None:
    plan = plan_of("...")
    plan.on_samples(sound(0), is_last=True)
    step = plan.take_step()
    assert (step.words, len(step.samples)) == (("...",), 0)
    assert plan.is_exhausted


# --- a text that is still being written ---


def asked_of(plan: SpeechPacing) -> list[str]:
    asked = []
    while (sentence := plan.next_sentence()) is not None:
        asked.append(sentence)
    return asked


def test_a_sentence_is_asked_for_once_the_next_one_has_begun() -> None:
    plan = SpeechPacing()
    plan.add("Ask Dr. ")
    plan.add("Who. ")
    assert asked_of(plan) == []
    plan.add("N")
    assert asked_of(plan) == ["Ask Dr. Who. "]
    plan.add("ow!")
    assert asked_of(plan) == []
    plan.end()
    assert asked_of(plan) == ["Now!"]
    assert not plan.is_exhausted


def test_a_long_first_sentence_is_begun_at_a_clause() -> None:
    plan = SpeechPacing()
    plan.add("As it happens, the table that you would like to have, ")
    assert asked_of(plan) == ["As it happens, the table that you would like to have, "]
    plan.add("that is to say the one that stands right by the window, is")
    assert asked_of(plan) == []
    plan.end()
    assert asked_of(plan) == ["that is to say the one that stands right by the window, is"]


def test_a_text_that_is_there_at_once_is_not_cut_at_clauses() -> None:
    text = "As it happens, the table that you would like to have, is free."
    assert asked_of(plan_of(text)) == [text]


@given(st.lists(st.text(alphabet=st.sampled_from("ab .!?…\n,"))))
def test_whatever_the_pieces_the_text_comes_out_whole(pieces: list[str]) -> None:
    plan, asked = SpeechPacing(), []
    for piece in pieces:
        plan.add(piece)
        asked += asked_of(plan)
    plan.end()
    assert "".join(asked + asked_of(plan)) == "".join(pieces).strip()


def test_sound_that_is_there_already_is_not_asked_for() -> None:
    plan = SpeechPacing()
    plan.add("You said")
    plan.add_sound(sound(10), "hello")
    plan.end()
    assert asked_of(plan) == ["You said"]
    plan.on_samples(sound(5), is_last=True)
    steps = steps_of(plan)
    assert [(step.words, len(step.samples)) for step in steps] == [
        (("You ", "said"), 5),
        (("hello",), 10),
    ]
    assert plan.is_exhausted
