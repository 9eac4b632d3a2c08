"""Both sides as WebVTT."""

from __future__ import annotations

from harness.exchange.webvtt import webvtt_text
from harness.facts.answers import AnswerRecognised
from tests.support.healthy_call import HEALTHY, At, events_of, said


def test_both_sides_are_cues_in_order() -> None:
    more: list[At] = [
        (4.0, AnswerRecognised("answer-0", "We have <two>\n\ntables & more.", 3.5, 5.25)),
        said(1.0, 2.5, text="A table for two."),
        said(6.0, 7.0, text="Not heard.", muted=True),
        said(3_661.0, 3_662.0, text="Still there?"),
    ]
    assert webvtt_text(events_of([*HEALTHY, *more])) == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:02.500\n<v User>A table for two.\n\n"
        "00:00:03.500 --> 00:00:05.250\n<v Page>We have &lt;two&gt; tables &amp; more.\n\n"
        "01:01:01.000 --> 01:01:02.000\n<v User>Still there?\n"
    )


def test_nothing_said_is_an_empty_file() -> None:
    assert webvtt_text([]) == "WEBVTT\n"
