"""Faults of requests and connections: what stands for nothing given."""

from __future__ import annotations

from harness.realtime.faults.models_call import AnswerFailed, ChannelCloses, HttpError, IceFails


def test_the_channel_closes_in_mid_answer_unless_told_otherwise() -> None:
    assert ChannelCloses().on == "response.output_audio_transcript.delta"
    assert ChannelCloses(on=None).on is None


def test_ice_fails_at_once_and_requests_fail_always() -> None:
    assert (IceFails().on, IceFails().after_s) == (None, 0)
    assert (HttpError().on, HttpError().times) == ("any", None)


def test_a_failed_answer_says_nothing() -> None:
    assert AnswerFailed().after_words == 0
