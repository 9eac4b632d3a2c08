import pytest

from harness.speech.words.spellings import FILLERS, american, spelled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("colour", "color"),
        ("lasagnes", "lasagnas"),
        ("doughnut", "donut"),
        ("centre", "center"),
        ("km", "kilometres"),
        ("ok", "okay"),
        ("lb", "pound"),
    ],
)
def test_one_spelling_for_all(one: str, other: str) -> None:
    assert spelled(one) == spelled(other)


def test_other_words_stay() -> None:
    assert american("table") == "table"
    assert spelled("four") == "four"


def test_fillers_are_lower_case() -> None:
    assert all(filler.islower() for filler in FILLERS)
