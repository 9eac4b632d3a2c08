"""What nobody could hear is not judged by its words."""

from harness.score.audible import LEAST_DBFS, inaudible
from harness.score.hearing import EarReport, Hearing


def hearing(level_dbfs: float) -> Hearing:
    return Hearing(1.0, 2.0, level_dbfs, (EarReport("ear", "hello"),))


def test_silence_and_whispers_below_the_level_are_inaudible() -> None:
    assert "no voice" in (inaudible(None) or "")
    assert "-55 dBFS" in (inaudible(hearing(-55.0)) or "")


def test_a_usual_voice_is_audible() -> None:
    assert inaudible(hearing(LEAST_DBFS)) is None
    assert inaudible(hearing(-20.0)) is None
