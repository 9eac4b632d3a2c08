"""The figures of verdicts, from trials whose outcome is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from harness.bench import verdicts
from harness.bench.verdict_trials import FORMER_VOICE, Task, Trial
from harness.bench.verdicts import in_words, measure, shares
from harness.errors import UsageError


def trial(question: Any, outcome: str, judge: str = "ours", voice: str = "heart") -> Trial:
    return Trial(judge, voice, "opus", question, outcome, "It is ten.", ("ten",), "heard “ten”")


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
            yield trial("right", "held", judge, task.voice)
            yield trial("twin", "held", judge, task.voice)

    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "kokoro")
    monkeypatch.setattr(verdicts, "_run", run)
    monkeypatch.setattr(verdicts, "speed_figures", lambda: {"voice_cpu_s_per_s": 0.5})
    monkeypatch.setattr(verdicts, "former_is_installed", lambda: True)
    return asked


def test_voices_take_turns_and_the_former_one_says_everything(tasks: list[Task]) -> None:
    figures = measure(sentences=12)
    spoken = [t for t in tasks if t.fixture is None]
    ours = [t.voice for t in spoken if t.voice != FORMER_VOICE]
    assert len(ours) == 12
    assert ours[0] != ours[1]
    assert len([t for t in spoken if t.voice == FORMER_VOICE]) == 12
    assert figures["conditions"]["opus"]["ours"]["false_passes_share"] == 1.0
    assert figures["conditions"]["opus"]["former"]["false_failures_share"] == 0.0
    assert set(figures["by_voice"]) == {*ours, "recorded: goforward", "recorded: something"}
    assert len(figures["wrong"]) == 14
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


def test_a_wrong_verdict_is_told_in_one_line() -> None:
    assert in_words(trial("twin", "held")) == (
        "false pass, heart, opus: said “It is ten.”, expected ten: heard “ten”"
    )
    assert "false failure (cannot_tell)" in in_words(trial("right", "cannot_tell"))
