"""Faults as data: two ways to write them, and mistakes that name the nearest right word."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.realtime.faults.models import EventLate
from harness.realtime.faults.models_call import ChannelCloses, HttpError
from harness.realtime.faults.parse import (
    FAULTS,
    MOST_FAULTS,
    faults_of_header,
    read_faults,
    refuse_in_memory,
)


def test_a_header_and_a_mapping_say_the_same() -> None:
    header = faults_of_header('http_error; status=429; on=calls, event_late; events="response.*"')
    assert header == read_faults(
        [
            {"fault": "http_error", "status": 429, "on": "calls"},
            {"fault": "event_late", "events": "response.*"},
        ]
    )
    assert header == (HttpError(status=429, on="calls"), EventLate(events="response.*"))


def test_a_name_alone_has_its_documented_defaults() -> None:
    assert read_faults(["channel_closes"]) == (ChannelCloses(),)
    assert read_faults({"faults": ["channel_closes; after_s=2"]}) == (ChannelCloses(after_s=2),)
    assert read_faults(None) == ()


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_can_be_written_down_and_read_again(name: str) -> None:
    (fault,) = read_faults([name])
    assert fault.name == name
    assert FAULTS[name].__doc__
    assert read_faults([fault.model_dump(exclude_none=True)]) == (fault,)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("event_lat", "did you mean event_late?"),
        ("event_late; delay=2", "did you mean delay_s?"),
        ("zzz", "known: http_error"),
        ("event_late; delay_s=soon", "delay_s"),
        ("event_late; delay_s=-1", "greater than or equal to 0"),
        ("event_late; delay_s=inf", "delay_s"),
        ("http_error; status=200", "status"),
        ("status=429", "name comes first"),
        ("event_late; events", "has no value"),
        ("event_late; ;", "name; argument=value"),
        ("transcription_failed; events=x", "events"),
    ],
)
def test_a_mistake_is_named(written: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be used|is wrong") as caught:
        faults_of_header(written)
    assert said in str(caught.value)


@pytest.mark.parametrize("data", [3, [3], [{}], [{"fault": 3}], "x", [["event_late"]]])
def test_what_is_no_fault_is_refused(data: object) -> None:
    with pytest.raises(UsageError):
        read_faults(data)


def test_there_is_a_bound() -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        read_faults(["event_late"] * (MOST_FAULTS + 1))
    with pytest.raises(UsageError, match="longer"):
        faults_of_header("x" * 9_000)


def test_a_call_in_memory_has_no_network_to_break() -> None:
    refuse_in_memory(read_faults(["event_late", "audio_stalls", "session_limit"]))
    with pytest.raises(UsageError, match="simulated engine cannot have the fault ice_fails"):
        refuse_in_memory(read_faults(["ice_fails"]))
