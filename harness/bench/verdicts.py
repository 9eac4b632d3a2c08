"""Rates of wrong verdicts on words: right conversations that fail, wrong ones that pass.

Every sentence of the corpus and its twin is spoken, goes through each condition, and is judged as
an answer would be: what was said is expected (anything but "held" is a false failure), and what
the twin says is expected, while the transcript claims it too ("held" is a false pass). Beside it
the former voice with the former rule, and the first ear alone.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle
from typing import Any

from harness.bench.progress import told
from harness.bench.verdict_corpus import Pair, corpus, read_pair, spread
from harness.bench.verdict_sound import CONDITIONS
from harness.bench.verdict_table import as_text as as_text
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

RECORDED = {
    "goforward": "Go forward {ten|two} meters. | forward, meters",
    "something": "Go {somewhere|nowhere} and do something. | do something",
    "sense-0870": "And Mr. {John|Tom} Dashwood had then leisure to consider how much there might "
    "be prudently in his power to do for them. | leisure, consider",
    "sense-0880": "He {was not|was} an ill-disposed young man, | young man",
    "sense-0890": "unless to be rather {cold-hearted|warm-hearted} and rather selfish is to be "
    "ill-disposed. | selfish",
    "sense-0920": "Had he married a {more|less} amiable woman, he might have been made still more "
    "respectable than he was: | married, respectable",
    "sense-0930": "he might even have been made {amiable|miserable} himself; | himself",
}
"""What people read among the fixtures, by fixture, each with a twin that nobody recorded."""

RECORDED_VOICE = "recorded"

ALL_VOICES = "all"

DEFAULT_SENTENCES = 100
"""Both sentences of so many pairs, under all conditions: a quarter of an hour on two idle cores,
some 16 s of CPU for a pair that is not in the cache."""


def measure(
    sentences: int = DEFAULT_SENTENCES, voices: str | None = None, conditions: str | None = None
) -> dict[str, Any]:
    """The figures of `harness bench verdicts`.

    Args:
        sentences: so many of the corpus, with their twins, evenly from all topics.
        voices: names with commas between; "all": every sentence by every voice. Where absent the
            voices take turns, each sentence with its twin by one of them.
        conditions: names out of `CONDITIONS` with commas between; all where absent.

    Returns:
        ``overall``, ``conditions`` (by name) and within them each judge (``ours``, ``former``,
        ``whisper_alone``) with its `shares`; ``by_voice``: the same of ours; ``wrong``: every wrong
        verdict of ours, see `in_fields`; and the voice's speed, see `speed_figures`.

    Raises:
        UsageError: no such voice or condition.
    """
    pairs = spread(corpus(), sentences)
    under = _conditions(conditions)
    tasks = [*_tasks(pairs, voices, under), *_recorded_tasks(under)]
    if former_is_installed():
        tasks += [Task(pair, FORMER_VOICE, under) for pair in pairs]
    trials = list(_run(tasks))
    ours = [trial for trial in trials if trial.judge == "ours"]
    return {
        "sentences": len(pairs),
        "overall": _by_judge(trials),
        "conditions": {
            name: _by_judge([t for t in trials if t.condition == name]) for name in under
        },
        "by_voice": {
            voice: shares([t for t in ours if t.voice == voice])
            for voice in dict.fromkeys(t.voice for t in ours)
        },
        "former": "measured" if former_is_installed() else "not installed",
        "wrong": [in_fields(trial) for trial in ours if trial.is_wrong],
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


def in_fields(trial: Trial) -> dict[str, Any]:
    """A wrong verdict: which way it is wrong, of what, and why."""
    return {
        "kind": "false_pass" if trial.question == "twin" else "false_failure",
        "outcome": trial.outcome,
        "voice": trial.voice,
        "condition": trial.condition,
        "sentence": trial.said,
        "expected": list(trial.expected),
        "heard": trial.heard,
        "evidence": trial.evidence,
    }


def _by_judge(trials: Sequence[Trial]) -> dict[str, Any]:
    judges = dict.fromkeys(t.judge for t in trials)
    return {judge: shares([t for t in trials if t.judge == judge]) for judge in judges}


def _share(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None


def _conditions(names: str | None) -> tuple[str, ...]:
    chosen = tuple(CONDITIONS) if names is None else tuple(dict.fromkeys(names.split(",")))
    for name in chosen:
        if name not in CONDITIONS:
            raise UsageError(
                f"There is no condition “{name}” to be measured under.",
                expected=f"names out of {', '.join(CONDITIONS)}",
                found=names,
            )
    return chosen


def _tasks(pairs: Sequence[Pair], voices: str | None, under: tuple[str, ...]) -> list[Task]:
    from harness.speech.engines import default_synthesiser

    engine = default_synthesiser()
    if voices is None:
        return [Task(pair, voice, under) for pair, voice in zip(pairs, cycle(engine.own_voices))]
    names = list(engine.own_voices) if voices == ALL_VOICES else voices.split(",")
    for name in names:
        if name not in engine.voices or name == FORMER_VOICE:
            raise UsageError(
                f"There is no voice “{name}” to be measured.",
                expected=f"“{ALL_VOICES}”, or names out of {', '.join(engine.own_voices)}",
                found=voices,
            )
    return [Task(pair, name, under) for name in names for pair in pairs]


def _recorded_tasks(under: tuple[str, ...]) -> list[Task]:
    return [
        Task(read_pair(RECORDED_VOICE, line), RECORDED_VOICE, under, fixture=name)
        for name, line in RECORDED.items()
    ]


def _run(tasks: Sequence[Task]) -> Iterator[Trial]:
    """All tasks in processes of their own; what is known already comes from the cache."""
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        wrong = 0

        def so_far(trials: list[Trial]) -> str:
            nonlocal wrong
            wrong += sum(t.judge == "ours" and t.is_wrong for t in trials)
            return f"judged, {wrong} wrong"

        for trials in told(pool.map(trials_of, tasks), len(tasks), so_far):
            yield from trials
