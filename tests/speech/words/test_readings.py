import pytest

from harness.speech.words.readings import readings_of


def meanings(text: str) -> set[tuple[str, str, str | None]]:
    """Of the edges that span all of the text."""
    readings = readings_of(text.split())
    return {e.meaning for e in readings.edges[0] if e.end == len(readings.pieces)}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("seven thirty", ("clock", "7:30", None)),
        ("seven thirty", ("number", "730", None)),
        ("seven thirty", ("amount", "7.30", None)),
        ("19:30", ("clock", "7:30", "pm")),
        ("7 pm", ("clock", "7:00", "pm")),
        ("quarter to eight", ("clock", "7:45", None)),
        ("quarter to one", ("clock", "12:45", None)),
        ("midnight", ("clock", "12:00", "am")),
        ("minus 23", ("number", "-23", None)),
        ("three point one four", ("number", "3.14", None)),
        ("2½", ("number", "2.5", None)),
        ("$42.50", ("amount", "42.50", "dollars")),
        ("forty-two euros fifty", ("amount", "42.50", "euros")),
        ("the fourth of March", ("date", "march 4", None)),
        ("555-0199", ("digits", "5550199", None)),
        ("S-M-I-T-H", ("word", "smith", None)),
    ],
)
def test_a_text_has_this_reading(text: str, meaning: tuple[str, str, str | None]) -> None:
    assert meaning in meanings(text)
