"""The ears: turns, their place on the timeline, and who has the floor."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.live.ears import Ears, Heard
from harness.live.state import LiveState
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.outputs import Recognise, SendEvent
from tests.support.scripted_detector import ScriptedDetector
from tests.support.session_driver import silence, spoken


class Hearing:
    """Ears in time: 20 ms a step."""

    def __init__(self) -> None:
        self.state = LiveState({}, Echo(), Ids(1), "webrtc")
        self.state.started_s = 0.0
        self.ears = Ears(self.state, ScriptedDetector())
        self.jobs: list[Recognise] = []
        self.heard: list[Heard | None] = []
        self.fragments: list[tuple[str, int, int]] = []

    def hear(self, samples: MonoFloat32, is_talked_over: bool = False) -> None:
        for at in range(0, len(samples), 480):
            self.state.now_s += 0.02
            self.heard += self.ears.receive(samples[at : at + 480], is_talked_over)
            self.drain()

    def recognise(self, text: str | None, place: int = -1) -> None:
        self.heard += self.ears.on_recognised(self.jobs[place].job_id, text)
        self.drain()

    def drain(self) -> None:
        for output in self.state.take_outputs():
            if isinstance(output, Recognise):
                self.jobs.append(output)
            elif isinstance(output, SendEvent):
                event = output.event
                self.fragments.append((event["delta"], event["start_ms"], event["end_ms"]))


def test_words_lie_where_they_were_said() -> None:
    hearing = Hearing()
    hearing.hear(np.concatenate([silence(1.0), spoken(1.0), silence(0.7)]))
    hearing.recognise("four words in all")
    (floor, heard) = hearing.heard
    assert floor is None
    assert heard is not None
    assert heard.text == "four words in all"
    assert not heard.is_aside
    assert 800 <= hearing.fragments[0][1] <= 1_000
    assert hearing.fragments[-1][2] <= 2_000


def test_the_words_may_be_there_before_the_turn_is_over() -> None:
    hearing = Hearing()
    hearing.hear(np.concatenate([silence(0.5), spoken(1.0), silence(0.3)]))
    assert [job.is_ahead for job in hearing.jobs] == [True]
    hearing.recognise("known early")
    assert hearing.fragments == []
    hearing.hear(silence(0.4))
    assert len(hearing.jobs) == 1
    assert "".join(words for words, _, _ in hearing.fragments) == "known early"


@pytest.mark.parametrize("is_late", [False, True])
def test_a_look_ahead_that_came_to_nothing_is_made_up_for(is_late: bool) -> None:
    hearing = Hearing()
    hearing.hear(np.concatenate([silence(0.5), spoken(1.0), silence(0.3)]))
    if not is_late:
        hearing.recognise(None)
    hearing.hear(silence(0.4))
    if is_late:
        hearing.recognise(None)
    assert [job.is_ahead for job in hearing.jobs] == [True, False]
    hearing.recognise("after all")
    assert "".join(words for words, _, _ in hearing.fragments) == "after all"


def test_speech_that_goes_on_makes_a_look_worthless() -> None:
    hearing = Hearing()
    hearing.hear(np.concatenate([silence(0.5), spoken(1.0), silence(0.3), spoken(0.5)]))
    hearing.recognise("half of it", 0)
    hearing.hear(silence(0.7))
    hearing.recognise("all of it")
    assert "".join(words for words, _, _ in hearing.fragments) == "all of it"


@pytest.mark.parametrize(
    ("seconds", "is_talked_over", "takes_floor", "is_aside"),
    [(0.8, True, True, False), (0.15, True, False, True), (0.15, False, False, False)],
)
def test_only_sustained_speech_takes_the_floor(
    seconds: float, is_talked_over: bool, takes_floor: bool, is_aside: bool
) -> None:
    hearing = Hearing()
    hearing.hear(np.concatenate([silence(0.5), spoken(seconds)]), is_talked_over)
    assert hearing.ears.has_floor == takes_floor
    hearing.hear(silence(0.7))
    hearing.recognise("mhm")
    assert (None in hearing.heard) == takes_floor
    assert hearing.heard[-1] is not None
    assert hearing.heard[-1].is_aside == is_aside
    assert not hearing.ears.has_floor


def test_a_gap_in_the_audio_moves_its_place_on() -> None:
    """The clock went on while nothing came."""
    hearing = Hearing()
    hearing.hear(silence(0.5))
    hearing.state.now_s += 3.0
    hearing.hear(np.concatenate([silence(0.5), spoken(1.0), silence(0.7)]))
    hearing.recognise("late")
    assert hearing.fragments[0][1] == pytest.approx(4_000, abs=200)


def test_nothing_understood_is_a_turn_without_words() -> None:
    hearing = Hearing()
    hearing.hear(np.concatenate([silence(0.5), spoken(1.0), silence(0.7)]))
    hearing.recognise(None)
    hearing.recognise(None)
    assert hearing.fragments == []
    assert hearing.heard[-1] is not None
    assert hearing.heard[-1].text == ""
