"""Live text: clause by clause, and by another voice where the machine is too slow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.clip import AudioClip
from harness.speech.cached import CachedSynthesiser
from harness.speech.keeping_up import REST_S, KeepingUp, clauses, quick_voice
from harness.speech.voices import Voices

LONG = "I have a table for two at seven, right beside the window, and one more at nine."


class Paced:
    """Speaks a second for a text; how long that takes is set by hand."""

    def __init__(self, name: str, voices: tuple[str, ...], now: list[float]) -> None:
        self.name, self.voices = name, voices
        self.takes_s = 0.0
        self.asked: list[tuple[str, str | None]] = []
        self._now = now

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        self.asked.append((text, voice))
        self._now[0] += self.takes_s
        yield AudioClip(np.full(1000, 0.25, np.float32), 1000)


class Live:
    """A slow and a quick engine on one clock that tests move."""

    def __init__(self) -> None:
        self.now = [0.0]
        self.slow = Paced("slow", ("heart", "fable"), self.now)
        self.quick = Paced("quick", ("alloy", "heart"), self.now)
        self.told: list[str] = []
        self.voices = Voices([CachedSynthesiser(self.slow)])
        quick = CachedSynthesiser(self.quick)
        self.up = KeepingUp(self.voices, quick, self.told.append, lambda: self.now[0])

    def say(self, text: str, voice: str | None = None) -> int:
        return len(list(self.up.parts(text, voice)))


def test_what_is_live_comes_clause_by_clause() -> None:
    live = Live()
    parts = live.up.parts(LONG, "heart")
    next(parts)
    assert live.slow.asked == [("I have a table for two at seven,", "heart")]
    assert len(list(parts)) == 2
    assert live.told == []


def test_what_is_kept_comes_whole() -> None:
    live = Live()
    live.voices.synthesise(LONG, "heart")
    assert live.say(LONG, "heart") == 1
    assert len(live.slow.asked) == 1


def test_a_machine_that_is_too_slow_gets_the_quick_voice_from_the_next_text_on() -> None:
    live = Live()
    live.slow.takes_s = 3.0
    live.say(LONG, "heart")
    assert live.quick.asked == []
    assert "took 3.0 s to speak and lasts 1.0 s" in live.told[0]
    live.say("And what is your name?", "heart")
    live.say("And what is your number?", "fable")
    assert [text for text, _ in live.quick.asked] == [
        "And what is your name?",
        "And what is your number?",
    ]
    assert live.quick.asked[0][1] == "heart"
    assert live.quick.asked[1][1] in live.quick.voices


def test_after_a_rest_the_voice_is_tried_again() -> None:
    live = Live()
    live.slow.takes_s = 3.0
    live.say("One thing.")
    live.now[0] += REST_S
    live.slow.takes_s = 0.5
    live.say("Another thing.")
    live.say("A third thing.")
    assert live.quick.asked == []
    assert len(live.told) == 1


def test_what_is_kept_keeps_its_voice_on_a_slow_machine() -> None:
    live = Live()
    live.voices.synthesise("Known before.", "heart")
    live.slow.takes_s = 3.0
    live.say("Not known.", "heart")
    live.say("Known before.", "heart")
    assert live.quick.asked == []


def test_without_a_quick_voice_it_is_slow() -> None:
    live = Live()
    live.slow.takes_s = 3.0
    alone = KeepingUp(live.voices, None, live.told.append, lambda: live.now[0])
    for text in ("One thing.", "Another thing."):
        list(alone.parts(text))
    assert len(live.slow.asked) == 2
    assert live.told == []


def test_the_time_that_the_taker_needs_is_not_the_machines() -> None:
    live = Live()
    live.slow.takes_s = 0.5
    for _ in live.up.parts("One thing."):
        live.now[0] += 60.0
    assert live.told == []


@given(st.text(alphabet="ab ,.;!?", max_size=200))
def test_clauses_keep_every_word_in_order(text: str) -> None:
    assert " ".join(clauses(text)).split() == text.split()


def test_short_pieces_stay_together() -> None:
    assert clauses("Yes, of course. It is.") == ["Yes, of course. It is."]
    assert clauses("") == []
    assert clauses(LONG)[0] == "I have a table for two at seven,"


def test_a_voice_of_another_engine_always_gets_the_same_quick_one() -> None:
    assert quick_voice("fable", ("a", "b", "c")) == quick_voice("fable", ("a", "b", "c"))
    assert quick_voice("a", ("a", "b")) == "a"
    assert quick_voice(None, ("a",)) is None
