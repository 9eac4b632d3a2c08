"""The figures of verdicts, from trials whose outcome is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from harness.audio.fixtures import library
from harness.bench import verdicts
from harness.bench.verdict_corpus import read_pair
from harness.bench.verdict_sound import CONDITIONS
from harness.bench.verdict_trials import FORMER_VOICE, Task, Trial
from harness.bench.verdicts import RECORDED, in_fields, measure, shares
from harness.errors import UsageError
from harness.speech.words import missing_words


def trial(
    question: Any, outcome: str, judge: str = "ours", voice: str = "heart", under: str = "opus"
) -> Trial:
    about = ("It is ten.", ("ten",), "It is then.", "heard “It is then.”; missing “ten”")
    return Trial(judge, voice, under, question, outcome, *about)


def test_shares_are_of_the_verdicts_that_could_be_wrong() -> None:
    trials = [
        trial("right", "held"),
        trial("right", "failed"),
        trial("right", "cannot_tell"),
        trial("right", "held"),
        trial("twin", "held"),
        trial("twin", "cannot_tell"),
    ]
    assert shares(trials) == {
        "false_failures_share": 0.5,
        "false_passes_share": 0.5,
        "cannot_tell_share": 0.25,
        "judged": 4,
    }
    assert shares([])["false_passes_share"] is None


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """What is asked of the workers; each task gives one held verdict and one false pass."""
    asked: list[Task] = []

    def run(tasks: Sequence[Task]) -> Iterator[Trial]:
        asked.extend(tasks)
        for task in tasks:
            judge = "former" if task.voice == FORMER_VOICE else "ours"
            for condition in task.conditions:
                yield trial("right", "held", judge, task.voice, condition)
                yield trial("twin", "held", judge, task.voice, condition)

    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "kokoro")
    monkeypatch.setattr(verdicts, "_run", run)
    monkeypatch.setattr(verdicts, "speed_figures", lambda: {"voice_cpu_s_per_s": 0.5})
    monkeypatch.setattr(verdicts, "former_is_installed", lambda: True)
    return asked


def test_voices_take_turns_and_the_former_one_says_everything(tasks: list[Task]) -> None:
    figures = measure(sentences=12, conditions="opus")
    spoken = [t for t in tasks if t.fixture is None]
    ours = [t.voice for t in spoken if t.voice != FORMER_VOICE]
    assert len(ours) == 12
    assert ours[0] != ours[1]
    assert len([t for t in spoken if t.voice == FORMER_VOICE]) == 12
    assert figures["conditions"]["opus"]["ours"]["false_passes_share"] == 1.0
    assert figures["conditions"]["opus"]["former"]["false_failures_share"] == 0.0
    assert figures["overall"] == figures["conditions"]["opus"]
    assert set(figures["by_voice"]) == {*ours, "recorded"}
    assert len(figures["wrong"]) == 12 + len(RECORDED)
    assert figures["voice_cpu_s_per_s"] == 0.5


def test_voices_can_be_chosen(tasks: list[Task]) -> None:
    measure(sentences=2, voices="heart,emma")
    chosen = [t.voice for t in tasks if t.fixture is None and t.voice != FORMER_VOICE]
    assert chosen == ["heart", "heart", "emma", "emma"]
    tasks.clear()
    measure(sentences=1, voices="all")
    assert len({t.voice for t in tasks if t.fixture is None}) >= 5
    with pytest.raises(UsageError, match="no voice “nobody”"):
        measure(sentences=1, voices="nobody")


def test_conditions_can_be_chosen(tasks: list[Task]) -> None:
    assert list(measure(sentences=2)["conditions"]) == list(CONDITIONS)
    tasks.clear()
    assert list(measure(sentences=2, conditions="telephone,clean")["conditions"]) == [
        "telephone",
        "clean",
    ]
    assert {t.conditions for t in tasks} == {("telephone", "clean")}
    with pytest.raises(UsageError, match="no condition “rain”"):
        measure(sentences=1, conditions="clean,rain")


def test_a_wrong_verdict_says_which_way_and_why() -> None:
    assert in_fields(trial("twin", "held")) == {
        "kind": "false_pass",
        "outcome": "held",
        "voice": "heart",
        "condition": "opus",
        "sentence": "It is ten.",
        "expected": ["ten"],
        "heard": "It is then.",
        "evidence": "heard “It is then.”; missing “ten”",
    }
    assert in_fields(trial("right", "cannot_tell"))["kind"] == "false_failure"


@pytest.mark.parametrize("name", RECORDED)
def test_recordings_say_what_is_looked_for_and_not_what_their_twins_say(name: str) -> None:
    pair = read_pair("recorded", RECORDED[name])
    transcript = library()[name].transcript or ""
    assert pair.right.text == transcript
    assert not missing_words(transcript, pair.right.words)
    assert missing_words(transcript, pair.twin.words) == [pair.twin.words[0]]
