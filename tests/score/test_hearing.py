"""What ears made of a stretch of audio."""

from __future__ import annotations

from harness.score.hearing import EarReport, Hearing


def test_the_text_is_that_of_the_most_trusted_ear() -> None:
    reports = (EarReport("first", "Ten to two."), EarReport("second", "Ten too too."))
    assert Hearing(1.0, 2.0, -20.0, reports).text == "Ten to two."


def test_without_an_ear_nothing_was_heard() -> None:
    assert Hearing(1.0, 2.0, -20.0, ()).text == ""


def test_an_ear_that_could_not_listen_is_named_without_its_packages() -> None:
    report = EarReport("whisper base (some-package==1.0.0), pieces 1", "", problem="It hung.")
    assert report.why_not == "whisper base could not listen: It hung."
