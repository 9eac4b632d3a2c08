"""Findings of playback: by the reason that the probe tells."""

from __future__ import annotations

import pytest

from harness.facts.call import NotPlayed
from harness.facts.media import PlaybackChanged
from harness.facts.page import VisibilityChanged
from harness.findings.playback import kind_of
from harness.resources import web_dir
from tests.support.healthy_call import HEALTHY, At, found_in, names_in

REASONS = {
    "no element plays the track": "track_not_attached",
    "play() was refused: NotAllowedError": "play_refused",
    "the element is muted": "element_muted",
    "the element's volume is 0": "element_volume",
    "the element's volume is 0.01": "element_volume",
    "the element is paused": "element_paused",
    "the element's stream has ended": "element_paused",
    "the element has nothing to play yet": "element_paused",
    "the track is disabled": "remote_track_disabled",
    "the track was stopped": "remote_track_disabled",
    "the AudioContext is suspended": "audio_context_suspended",
    "the audio graph is not connected to its destination": "audio_graph_silent",
    "the page's audio graph lets nothing of it through": "audio_graph_silent",
}


@pytest.mark.parametrize(("reason", "name"), REASONS.items())
def test_each_reason_has_its_name(reason: str, name: str) -> None:
    assert kind_of(reason).name == name


def test_the_probe_speaks_of_these_reasons() -> None:
    """Its words are what the kinds are told by."""
    sources = "".join(path.read_text() for path in (web_dir() / "probe").glob("played-*.js"))
    for reason in REASONS:
        if "0.01" not in reason and "lets nothing" not in reason and "play()" not in reason:
            assert reason in sources


def test_it_stands_on_the_moment_that_the_page_changed() -> None:
    changed = (0.4, PlaybackChanged("track-0", 0.0, "nothing", "the element is muted"))
    lost = (3.0, NotPlayed(3.0, 5.0, "the element is muted", "track-0"))
    (found,) = found_in(HEALTHY, changed, lost)
    assert (found.name, found.at_s) == ("element_muted", 3.0)
    assert [one.type for one in found.evidence] == ["heard.not_played", "playback.changed"]


def test_the_edge_of_a_sound_is_none() -> None:
    assert names_in(HEALTHY, (3.0, NotPlayed(3.0, 3.3, "the element is paused", "t"))) == []


def test_a_call_is_silent_for_one_reason_once() -> None:
    lost = [(float(s), NotPlayed(s, s + 0.9, "the element is muted", "t")) for s in range(2, 6)]
    assert names_in(HEALTHY, lost) == ["element_muted"]


PAUSED = "the element is paused"
SUSPENDED = "the AudioContext is suspended"
HIDDEN: At = (2.0, VisibilityChanged("hidden"))
SHOWN: At = (9.0, VisibilityChanged("visible"))


def changed(t_s: float, reason: str) -> At:
    """The page stops playing for a reason; "" for a page that plays."""
    via = "nothing" if reason else "element"
    return t_s, PlaybackChanged("track-0", 0.0 if reason else 1.0, via, reason)  # type: ignore[arg-type]


def lost(t_s: float, reason: str) -> At:
    """Two seconds of voice that were not played, told at the end of the call."""
    return 30.0, NotPlayed(t_s, t_s + 2.0, reason, "track-0")


@pytest.mark.parametrize("reason", [PAUSED, SUSPENDED])
def test_a_page_that_stops_its_playback_as_it_is_hidden(reason: str) -> None:
    (found,) = found_in(HEALTHY, HIDDEN, changed(2.1, reason), lost(3.0, reason))
    assert (found.name, found.severity, found.at_s) == ("paused_in_background", "error", 3.0)
    assert "since the page was hidden at 2.00 s" in found.cause
    assert [one.type for one in found.evidence] == [
        "heard.not_played",
        "page.visibility",
        "playback.changed",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        [changed(1.5, PAUSED), HIDDEN],
        [HIDDEN, changed(8.0, PAUSED)],
        [HIDDEN, SHOWN, changed(9.1, PAUSED)],
        [changed(9.1, PAUSED)],
    ],
)
def test_what_stops_it_for_another_reason_is_that(facts: list[At]) -> None:
    assert names_in(HEALTHY, facts, lost(10.0, PAUSED)) == ["element_paused"]


def test_being_hidden_mutes_no_element() -> None:
    muted = "the element is muted"
    assert names_in(HEALTHY, HIDDEN, changed(2.1, muted), lost(3.0, muted)) == ["element_muted"]


def test_each_stretch_is_held_against_the_change_before_it() -> None:
    again = [changed(9.1, ""), changed(15.0, PAUSED)]
    call = [HIDDEN, changed(2.1, PAUSED), SHOWN, *again]
    assert names_in(HEALTHY, call, lost(3.0, PAUSED)) == ["paused_in_background"]
    assert names_in(HEALTHY, call, lost(16.0, PAUSED)) == ["element_paused"]
    both = names_in(HEALTHY, call, lost(3.0, PAUSED), lost(16.0, PAUSED))
    assert sorted(both) == ["element_paused", "paused_in_background"]
