"""How often a verdict on words is wrong: right conversations that fail, wrong ones that pass.

Every sentence of the corpus and its twin is spoken, goes through each condition, and is judged as
an answer would be: what was said is expected (anything but "held" is a false failure), and what
the twin says is expected, while the transcript claims it too ("held" is a false pass). Beside it
the former voice with the former rule, and the first ear alone.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle
from typing import Any

from harness.bench.verdict_corpus import Pair, corpus, read_pair, spread
from harness.bench.verdict_trials import (
    FORMER_VOICE,
    Task,
    Trial,
    former_is_installed,
    trials_of,
)
from harness.bench.voice_speed import speed_figures
from harness.errors import UsageError

MOST_PROCESSES = 2
"""Each holds the models of voice and ears: about 0.7 GB."""

RECORDED = (
    ("goforward", "Go forward {ten|two} meters. | forward, meters"),
    ("something", "Go {somewhere|nowhere} and do something. | do something"),
)
"""Recordings of people among the fixtures, each with a twin that nobody recorded."""

ALL_VOICES = "all"


def measure(sentences: int | None = None, voices: str | None = None) -> dict[str, Any]:
    """The figures of `harness bench verdicts`.

    Args:
        sentences: so many of the corpus, evenly from all topics; all where absent.
        voices: names with commas between; "all": every sentence by every voice. Where absent the
            voices take turns, each sentence with its twin by one of them.

    Returns:
        ``conditions``: for each and each judge (``ours``, ``former``, ``whisper_alone``) the
        shares of `shares`; ``by_voice``: the same of ours; ``wrong``: every wrong verdict of ours;
        and the voice's speed, see `speed_figures`.

    Raises:
        UsageError: no such voice.
    """
    pairs = spread(corpus(), sentences) if sentences else list(corpus())
    tasks = [*_tasks(pairs, voices), *_recorded_tasks()]
    if former_is_installed():
        tasks += [Task(pair, FORMER_VOICE) for pair in pairs]
    trials = list(_run(tasks))
    ours = [trial for trial in trials if trial.judge == "ours"]
    return {
        "sentences": len(pairs),
        "conditions": {
            name: _by_judge([t for t in trials if t.condition == name])
            for name in dict.fromkeys(t.condition for t in trials)
        },
        "by_voice": {
            voice: shares([t for t in ours if t.voice == voice])
            for voice in dict.fromkeys(t.voice for t in ours)
        },
        "former": "measured" if former_is_installed() else "not installed",
        "wrong": {
            f"{number:03}": in_words(trial)
            for number, trial in enumerate([t for t in ours if t.is_wrong], start=1)
        },
        **speed_figures(),
    }


def shares(trials: Sequence[Trial]) -> dict[str, Any]:
    """How many verdicts were wrong, each as a share of those that could be.

    Returns:
        ``false_failures_share`` (what was said, not held), ``false_passes_share`` (what was not
        said, held), ``cannot_tell_share`` (what was said, undecided), and ``judged``, how many of
        each. A share of nothing is None.
    """
    right = [t.outcome for t in trials if t.question == "right"]
    twins = [t.outcome for t in trials if t.question == "twin"]
    return {
        "false_failures_share": _share(sum(o != "held" for o in right), len(right)),
        "false_passes_share": _share(sum(o == "held" for o in twins), len(twins)),
        "cannot_tell_share": _share(sum(o == "cannot_tell" for o in right), len(right)),
        "judged": len(right),
    }


def in_words(trial: Trial) -> str:
    """A wrong verdict in one line."""
    kind = "false pass" if trial.question == "twin" else f"false failure ({trial.outcome})"
    expected = ", ".join(trial.expected)
    return (
        f"{kind}, {trial.voice}, {trial.condition}: said “{trial.said}”, expected {expected}: "
        f"{trial.evidence}"
    )


def _by_judge(trials: Sequence[Trial]) -> dict[str, Any]:
    judges = dict.fromkeys(t.judge for t in trials)
    return {judge: shares([t for t in trials if t.judge == judge]) for judge in judges}


def _share(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None


def _tasks(pairs: Sequence[Pair], voices: str | None) -> list[Task]:
    from harness.speech.engines import default_synthesiser

    engine = default_synthesiser()
    if voices is None:
        return [Task(pair, voice) for pair, voice in zip(pairs, cycle(engine.own_voices))]
    names = list(engine.own_voices) if voices == ALL_VOICES else voices.split(",")
    for name in names:
        if name not in engine.voices or name == FORMER_VOICE:
            raise UsageError(
                f"There is no voice “{name}” to be measured.",
                expected=f"“{ALL_VOICES}”, or names out of {', '.join(engine.own_voices)}",
                found=voices,
            )
    return [Task(pair, name) for name in names for pair in pairs]


def _recorded_tasks() -> list[Task]:
    return [
        Task(read_pair("recorded", line), f"recorded: {name}", fixture=name)
        for name, line in RECORDED
    ]


def _run(tasks: Sequence[Task]) -> Iterator[Trial]:
    """All tasks in processes of their own; what is known already comes from the cache."""
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for trials in _told(pool.map(trials_of, tasks), len(tasks)):
            yield from trials


def _told(results: Iterable[list[Trial]], count: int) -> Iterator[list[Trial]]:
    """Pass them on; on a terminal say how far it is."""
    wrong = 0
    for number, trials in enumerate(results, start=1):
        wrong += sum(t.judge == "ours" and t.is_wrong for t in trials)
        if sys.stderr.isatty():
            print(f"\r{number} of {count} judged, {wrong} wrong", end="", file=sys.stderr)
        yield trials
    if sys.stderr.isatty():
        print(file=sys.stderr)
