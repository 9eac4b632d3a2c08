"""What is known beforehand is spoken before the first call, and found by who speaks it then."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.signals import tone
from harness.errors import ScenarioError, SpeechError
from harness.scenario.load import load_scenario
from harness.scenario.prepare import Prepared, prepare
from harness.scenario.render import Stop, render
from harness.speech.cached import CachedSynthesiser
from harness.speech.store import SpeechStore
from harness.speech.voices import Voices

SCENARIO = """
name: s
session: {audio: {output: {voice: cedar, speed: 1.5}}}
assistant:
  speed: 0.5
  rules:
    - {when: {turn: 1}, say: "One moment. It is five o'clock."}
    - {when: {turn: 2}, call: {name: look}}
    - {say: "One moment."}
steps:
  - say: {text: "What time is it?"}
  - say: {text: Thanks., voice: second}
"""


class Beeper:
    """Says a tone for every text."""

    name = "beeper 1"
    voices = ("first", "second")

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, float]] = []

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        self.asked.append((text, voice, speed))
        if "unspeakable" in text:
            raise SpeechError("It cannot be spoken.")
        yield AudioClip(tone(440.0, 0.2).samples.astype(np.float32), 48_000)


def prepared(folder: Path, voices: Voices, text: str = SCENARIO) -> list[Prepared]:
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    return prepare([load_scenario(path)], voices)


def test_both_sides_lines_are_spoken_once_and_then_come_from_the_cache(tmp_path: Path) -> None:
    beeper, store = Beeper(), SpeechStore(tmp_path)
    voices = Voices([CachedSynthesiser(beeper, store)])
    scenarios = prepared(tmp_path, voices)
    assert beeper.asked == []
    first = render(scenarios, voices, assistants=True)
    assert sorted(scenarios[0].utterances) == [1, 2]
    cedar = "second"  # who is not the user, whose voice is the first
    assert beeper.asked == [
        ("What time is it?", None, 1.0),
        ("Thanks.", "second", 1.0),
        ("One moment.", cedar, 0.75),
        ("It is five o'clock.", cedar, 0.75),
    ]
    assert (first.lines, first.from_cache, first.failed) == (4, 0, ())

    again = render(prepared(tmp_path, voices), voices, assistants=True)
    assert (again.lines, again.from_cache) == (4, 4)
    assert len(beeper.asked) == 4
    store.close()


def test_a_server_of_somebody_elses_speaks_for_itself(tmp_path: Path) -> None:
    beeper = Beeper()
    voices = Voices([CachedSynthesiser(beeper)])
    assert render(prepared(tmp_path, voices), voices, assistants=False).lines == 2
    assert len(beeper.asked) == 2


def test_a_line_of_the_user_s_that_cannot_be_spoken_names_its_step(tmp_path: Path) -> None:
    voices = Voices([CachedSynthesiser(Beeper())])
    text = "name: s\nsteps:\n  - say: {text: unspeakable}\n"
    with pytest.raises(ScenarioError, match=r"s\.yaml:3: step 1 cannot be spoken"):
        render(prepared(tmp_path, voices, text), voices, assistants=True)


def test_a_line_of_the_assistant_s_that_cannot_be_spoken_is_left_to_the_call(
    tmp_path: Path,
) -> None:
    voices = Voices([CachedSynthesiser(Beeper())])
    text = "name: s\nassistant: {rules: [{say: unspeakable}]}\nsteps: [hang_up]\n"
    done = render(prepared(tmp_path, voices, text), voices, assistants=True)
    assert done.failed == ("unspeakable",)


def test_it_tells_how_far_it_is_and_stops_when_told_to(tmp_path: Path) -> None:
    beeper, stop = Beeper(), threading.Event()
    voices = Voices([CachedSynthesiser(beeper)])
    told: list[tuple[int, int]] = []

    def tell(done: int, count: int) -> None:
        told.append((done, count))
        if done == 1:
            stop.set()

    with pytest.raises(Stop):
        render(prepared(tmp_path, voices), voices, assistants=True, told=tell, stop=stop)
    assert told == [(0, 4), (1, 4)]
    assert len(beeper.asked) == 2
