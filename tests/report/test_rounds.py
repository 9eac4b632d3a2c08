"""Rounds of offer and answer, and what followed from what."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from harness.report import rounds
from harness.report.rounds import Round, SdpRoom, Story, between, text_of
from harness.trace import TraceEvent
from tests.support.call_events import event

SDP = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\na=ice-ufrag:aaaa\r\n"


def told(what: str, t_s: float | None, /, **data: Any) -> TraceEvent:
    name = what if "." in what else f"peer_connection.{what}"
    return event(name, t_s, "page", connection="connection-0", **data)


def story_of(*events: TraceEvent) -> Story:
    """The story of events that are numbered from 1."""
    story = Story(SdpRoom())
    for seq, one in enumerate(events, start=1):
        story.take(dataclasses.replace(one, seq=seq))
    story.end()
    return story


def offer(t_s: float, sdp: str = SDP, side: str = "local") -> TraceEvent:
    return told("offer", t_s, side=side, sdp=sdp)


def answer(t_s: float, sdp: str = SDP, side: str = "remote") -> TraceEvent:
    return told("answer", t_s, side=side, sdp=sdp)


def state(t_s: float, kind: str, value: str) -> TraceEvent:
    return told("state", t_s, kind=kind, state=value)


def texts(one: Round) -> list[str]:
    return [step.text for step in one.steps]


HEALTHY = [
    told("created", 0.0, configuration={}),
    offer(0.1),
    told("candidate", 0.15, side="local", candidate="candidate:1"),
    told("candidate", 0.25, side="local", candidate="candidate:2"),
    told("candidate", 0.3, side="local", candidate=None),
    told("page.signalled", 0.4, is_offer=True, status=201, took_s=0.2),
    answer(0.5),
    state(0.6, "ice", "checking"),
    state(0.7, "ice", "connected"),
    state(0.8, "connection", "connected"),
    told("data_channel.open", 0.9, label="oai-events"),
]


def test_each_step_says_what_it_followed_from() -> None:
    [one] = story_of(*HEALTHY).rounds
    assert [(step.after, step.text.split(":")[0]) for step in one.steps] == [
        ("after it was made", "offer of this side"),
        ("after the offer", "2 candidates found by this side, the last within 150 ms"),
        ("after the offer", "the posted offer was answered with 201 after 200 ms"),
        ("after the reply", "answer of the other side"),
        ("after the answer", "ICE began its checks"),
        ("after ICE checking", "ICE is connected"),
        ("after ICE connected", "connected"),
        ("after connected", "the data channel “oai-events” opened"),
    ]
    assert one.steps[-1].after_s == pytest.approx(0.1)
    assert not one.notes


def test_events_are_linked_from_effect_to_cause() -> None:
    links = story_of(*HEALTHY).links
    assert links == {2: 1, 3: 2, 4: 2, 5: 2, 6: 2, 7: 6, 8: 7, 9: 8, 10: 9, 11: 10}


def test_what_an_answer_set_off_before_the_trace_has_it_followed_from_it() -> None:
    early = [state(0.2, "ice", "checking"), told("track", 0.3, kind="audio")]
    story = story_of(offer(0.1), *early, answer(0.4))
    assert story.links == {2: 4, 3: 4, 4: 1}
    assert [step.after for step in story.rounds[0].steps[1:3]] == ["with the answer"] * 2


def test_a_second_round_says_what_it_changes() -> None:
    held = SDP.replace("sendrecv", "sendonly").replace("aaaa", "bbbb")
    first, second = story_of(offer(1), answer(2), offer(3, held), answer(4)).rounds
    assert not first.notes
    assert second.notes == [
        "ICE is restarted by this side: its name (ice-ufrag) is new.",
        "Changed by this side: audio sends and receives → audio sends only.",
    ]
    assert [text.key for text in second.texts] == ["2-offer", "2-answer"]


@pytest.mark.parametrize("told_s", [0.3, 0.9])
def test_the_reply_is_told_late_so_nothing_is_measured_from_it(told_s: float) -> None:
    posted = told("page.signalled", told_s, is_offer=True, status=201, took_s=0.2)
    [one] = story_of(offer(0.1), posted, answer(0.4)).rounds
    assert [(step.at_s, step.after, step.after_s) for step in one.steps[1:]] == [
        (None, "after the offer", None),
        (0.4, "after the reply", None),
    ]


def test_what_is_odd_of_a_round_is_noted() -> None:
    assert story_of(offer(1)).rounds[0].notes == ["No answer to this offer was set."]
    assert "before the next one" in story_of(offer(1), offer(2)).rounds[0].notes[0]
    assert "glare" in story_of(offer(1), offer(2, side="remote")).rounds[0].notes[0]
    assert "not in the trace" in story_of(answer(1)).rounds[0].notes[0]
    twice = story_of(offer(1), answer(2), answer(3))
    assert twice.rounds[0].notes == ["More than one answer was set."]
    assert [text.key for text in twice.rounds[0].texts] == ["1-offer", "1-answer", "1-answer2"]


def test_what_was_refused_is_bad_news() -> None:
    refused = told("error", 2, operation="setRemoteDescription", message="wrong state")
    [one] = story_of(offer(1), refused).rounds
    assert one.steps[-1].is_bad
    assert one.steps[-1].text == "setRemoteDescription was refused: wrong state"
    unanswered = told("page.signalled", 2, is_offer=True, status=None, took_s=1)
    assert story_of(offer(1), unanswered).rounds[0].steps[-1].is_bad


def test_a_hostile_page_fills_no_more_than_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "MOST_SDP_CHARS", 1000)
    many = story_of(offer(1), *[answer(2, SDP + "a=x\r\n" * 90) for _ in range(100)])
    [one] = many.rounds
    assert len(one.texts) == rounds.MOST_TEXTS
    assert one.texts[-1].lines == []
    assert one.texts[-1].left_out == 93
    assert len(one.steps) == rounds.MOST_STEPS
    assert one.more_steps == 101 - rounds.MOST_STEPS
    odd = told("offer", None, side=["x"], sdp={"no": "text"})
    assert "no media" in texts(story_of(odd).rounds[0])[0]


def test_a_text_is_bounded_and_a_time_may_be_missing() -> None:
    assert len(text_of(told("error", 1, message="x" * 9000), "message")) == 300
    assert text_of(told("error", 1, message="\x1b[2J"), "message") == "\\x1b[2J"
    assert between(None, offer(1)) is None
    assert between(told("offer", None), offer(1)) is None
