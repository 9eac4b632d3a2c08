"""One sentence and its twin before every judge, on recordings and a voice that is known."""

from __future__ import annotations

import pytest

from harness.audio.clip import AudioClip
from harness.audio.fixtures import find_fixture
from harness.bench import verdict_trials
from harness.bench.verdict_corpus import read_pair
from harness.bench.verdict_trials import FORMER_VOICE, Task, Trial, trials_of

PAIR = read_pair("recorded", "Go forward {ten|two} meters. | forward, meters")


class Tape:
    """Says the recording, whatever it is told to say."""

    def synthesise(self, text: str, voice: str | None) -> AudioClip:
        return find_fixture("goforward").load().clip


def test_what_was_said_holds_and_what_was_claimed_alone_does_not() -> None:
    trials = trials_of(Task(PAIR, "recorded", ("clean",), fixture="goforward"))
    assert [(t.judge, t.question, t.outcome) for t in trials] == [
        ("ours", "right", "held"),
        ("whisper_alone", "right", "held"),
        ("ours", "twin", "failed"),
        ("whisper_alone", "twin", "failed"),
    ]
    assert not any(t.is_wrong for t in trials)
    assert trials[2].expected == ("two", "forward", "meters")


def test_both_sentences_of_a_pair_are_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict_trials, "_voices", Tape)
    trials = trials_of(Task(PAIR, "tape", ("clean",)))
    ours = [(t.said, t.question, t.is_wrong) for t in trials if t.judge == "ours"]
    assert ours == [
        (PAIR.right.text, "right", False),
        (PAIR.right.text, "twin", False),
        (PAIR.twin.text, "right", True),
        (PAIR.twin.text, "twin", True),
    ], "the tape does not say “two”"


def test_the_former_voice_is_judged_by_the_former_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict_trials, "_voices", Tape)

    class Deaf:
        def recognise(self, samples: object, sample_rate_hz: int) -> str:
            return "Go forward ten meters."

    monkeypatch.setattr(verdict_trials, "_former_recogniser", Deaf)
    trials = trials_of(Task(PAIR, FORMER_VOICE, ("clean",)))
    assert {t.judge for t in trials} == {"former"}
    assert [t.outcome for t in trials] == ["held", "held", "held", "held"], "it takes the claim"


@pytest.mark.parametrize(
    ("question", "outcome", "wrong"),
    [
        ("right", "held", False),
        ("right", "failed", True),
        ("right", "cannot_tell", True),
        ("twin", "held", True),
        ("twin", "failed", False),
        ("twin", "cannot_tell", False),
    ],
)
def test_a_verdict_is_wrong_in_either_direction(question: str, outcome: str, wrong: bool) -> None:
    trial = Trial("ours", "v", "clean", question, outcome, "a", ("a",), "a", "")  # type: ignore[arg-type]
    assert trial.is_wrong is wrong
