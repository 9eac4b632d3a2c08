"""What the user had said when they stopped."""

import pytest

from harness.audio.signals import white_noise
from harness.call.heard_answer import Said
from harness.call.stopped import said_until
from harness.call.utterance import Utterance

SAID = Said(Utterance("u", white_noise(2.0, 0.1, seed=1), "A long word.", None, 0.5, 1.8), 10.0)


def test_the_rest_of_it_was_not_said() -> None:
    said = said_until(SAID, 11.0, 11.02)
    assert said is not None
    assert said.start_s == 10.0
    assert said.end_s == pytest.approx(11.02)
    assert said.speech_end_s == pytest.approx(11.02)
    assert said.utterance.text == "A long word."


def test_a_stop_behind_its_last_word_changes_no_word() -> None:
    said = said_until(SAID, 11.9, 11.95)
    assert said is not None
    assert said.speech_end_s == SAID.speech_end_s


@pytest.mark.parametrize("since_s", [9.0, 10.0, 10.3])
def test_a_stop_before_its_first_word_leaves_nothing(since_s: float) -> None:
    assert said_until(SAID, since_s, since_s + 0.1) is None


def test_what_is_over_stays_as_it_was() -> None:
    assert said_until(SAID, 12.0, 12.1) is SAID
