import pytest

from harness.realtime.end_of_turn import sounds_finished


@pytest.mark.parametrize(
    "text", ["Go forward ten meters.", "Really?", "", "  ", "ten meters please", "Yes."]
)
def test_these_sound_finished(text: str) -> None:
    assert sounds_finished(text)


@pytest.mark.parametrize(
    "text", ["I would like a table for", "Go to the.", "well, um...", "First,", "go", "and then"]
)
def test_these_do_not(text: str) -> None:
    assert not sounds_finished(text)
