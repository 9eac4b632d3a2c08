"""Findings of playback: by the reason that the probe tells."""

from __future__ import annotations

import pytest

from harness.facts.call import NotPlayed
from harness.facts.media import PlaybackChanged
from harness.findings.playback import kind_of
from harness.resources import web_dir
from tests.support.healthy_call import HEALTHY, found_in, names_in

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
