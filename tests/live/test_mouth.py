"""The mouth: sound and words in step, and what is left of both after an interruption."""

from __future__ import annotations

import numpy as np
import pytest

from harness.live.mouth import FASTEST, Mouth
from harness.live.state import LiveState
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.outputs import SendEvent, Synthesise
from tests.support.session_driver import spoken

ME, OTHER = object(), object()


class Speaking:
    """A mouth, and a synthesiser that gives 0.4 s for each word."""

    def __init__(self) -> None:
        session = {"audio": {"output": {"voice": "marin"}}}
        self.state = LiveState(session, Echo(), Ids(1), "webrtc")
        self.mouth = Mouth(self.state)
        self.jobs: list[Synthesise] = []
        self.words = ""
        self.errors: list[str] = []
        self.at_ms = 0

    def drain(self, answers: bool = True) -> None:
        while outputs := self.state.take_outputs():
            for output in outputs:
                if isinstance(output, Synthesise):
                    self.jobs.append(output)
                    if answers:
                        seconds = 0.4 * len(output.text.split())
                        self.mouth.on_speech(output.job_id, spoken(seconds), True)
                elif isinstance(output, SendEvent) and output.event["type"] == "error":
                    self.errors.append(output.event["error"]["code"])
                elif isinstance(output, SendEvent):
                    self.words += output.event["delta"]

    def play(self, seconds: float, is_held: bool = False) -> float:
        """Seconds of sound in so much of the output."""
        voiced = 0
        for _ in range(round(seconds / 0.02)):
            samples = self.mouth.pull(480, self.at_ms, is_held)
            voiced += int(np.count_nonzero(np.abs(samples) > 0.001))
            self.at_ms += 20
            self.drain()
        return voiced / 24_000

    @property
    def texts(self) -> list[str]:
        return [item["content"][0]["text"] for item in self.state.history]


def test_two_speakers_do_not_speak_at_once() -> None:
    """What each says is an utterance of its own, in the order in which they began."""
    speaking = Speaking()
    speaking.mouth.say(ME, "One ")
    speaking.mouth.say(OTHER, "Three.")
    speaking.mouth.say(ME, "two.")
    speaking.mouth.end_utterance(OTHER)
    speaking.mouth.end_utterance(ME)
    speaking.drain()
    assert speaking.play(3.0) == pytest.approx(1.2, abs=0.05)
    assert speaking.words == "One two. Three."
    assert speaking.texts == ["One two.", "Three."]


def test_after_an_interruption_the_history_has_what_was_said() -> None:
    speaking = Speaking()
    speaking.mouth.say(ME, "One two three four five.")
    speaking.mouth.end_utterance(ME)
    speaking.drain()
    speaking.play(0.5)
    assert speaking.mouth.stop()
    assert not speaking.mouth.stop()
    assert speaking.play(1.0) == 0.0
    assert speaking.words == "One two"
    assert speaking.texts == ["One two"]


def test_while_the_user_has_the_floor_it_waits() -> None:
    speaking = Speaking()
    speaking.mouth.say(ME, "Wait.")
    speaking.mouth.end_utterance(ME)
    speaking.drain()
    assert speaking.play(1.0, is_held=True) == 0.0
    assert speaking.play(1.0) == pytest.approx(0.4, abs=0.02)


def test_a_voice_of_its_own_and_a_speed_within_bounds() -> None:
    speaking = Speaking()
    speaking.mouth.say(ME, "Quick.", voice="fable", speed=9.0)
    speaking.mouth.end_utterance(ME)
    speaking.drain()
    assert (speaking.jobs[0].voice, speaking.jobs[0].speed) == ("fable", FASTEST)


def test_sound_as_it_is() -> None:
    speaking = Speaking()
    speaking.mouth.play(ME, spoken(0.5), "a melody")
    speaking.mouth.end_utterance(ME)
    assert speaking.play(1.0) == pytest.approx(0.5, abs=0.02)
    assert speaking.words == "a melody"


def test_a_sentence_that_cannot_be_spoken_is_told_and_the_rest_goes_on() -> None:
    speaking = Speaking()
    speaking.mouth.say(ME, "Broken.")
    speaking.mouth.end_utterance(ME)
    speaking.mouth.say(OTHER, "Fine.")
    speaking.mouth.end_utterance(OTHER)
    speaking.drain(answers=False)
    speaking.mouth.on_failed(speaking.jobs[0].job_id, "no voice")
    speaking.drain()
    speaking.play(1.0)
    assert speaking.errors == ["harness_speech_synthesis_failed"]
    assert speaking.words == "Fine."
