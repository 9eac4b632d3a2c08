import pytest

from harness.score.uncertainty import can_tell, combined, confidence, in_words


def test_independent_doubts_add_by_their_squares() -> None:
    assert combined(0.03, 0.04) == pytest.approx(0.05)
    assert combined(0.03, None) is None


def test_confidence_is_the_chance_to_lie_within_fifty_milliseconds() -> None:
    assert confidence(0.05) == pytest.approx(0.95, abs=0.001)
    assert confidence(0.0) == 1.0
    assert confidence(None) is None
    assert confidence(0.5) == pytest.approx(0.155, abs=0.005)


def test_what_may_be_wrong_by_a_quarter_of_a_second_is_not_said() -> None:
    assert can_tell(0.25)
    assert not can_tell(0.26)


def test_a_number_is_written_with_its_doubt() -> None:
    assert in_words(0.8249, 0.021) == "0.82 s ± 0.02"
    assert in_words(0.8249, None) == "0.82 s"
    assert in_words(0.8249, 0.001) == "0.82 s ± 0.01"
