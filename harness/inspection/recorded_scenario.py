"""Scenario of what was said and clicked in an inspection, as text to be changed by its owner. Pure.

It says the same, in the same order, each turn after the answer that it came after, and cuts in
where an answer was cut into. What the page must answer is for people to add.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from harness.audio.fixtures import find_fixture, library
from harness.codegen.acts import SecretVariables
from harness.errors import UsageError
from harness.facts.call import CallOpened, ClipPlayed, VoiceStarted, VoiceStopped
from harness.replay.scenario_file import all_escaped, as_yaml, escaped
from harness.trace import TraceEvent

LEAST_SILENCE_S = 0.5
"""A shorter one between two sentences is no step of its own."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something the user did on the page."""

    t_s: float
    step: Mapping[str, Any]
    """As a scenario has it."""

    is_secret: bool = False
    """It typed into a password's field."""


@dataclass(frozen=True, slots=True)
class _Answer:
    name: str
    start_s: float
    end_s: float


def scenario_text(
    events: Iterable[TraceEvent],
    acts: Sequence[Act],
    page: Mapping[str, Any],
    name: str,
    home: Path,
    network: Any = None,
    hidden: SecretVariables | None = None,
) -> str:
    """The scenario, in YAML.

    Args:
        events: of the trace.
        acts: on the page, in order of time.
        page: as the scenario has it; see `harness.codegen.page_address.page_of`.
        name: of the scenario.
        home: the folder that it will be in; files are named from there.
        network: between page and server, as a scenario has it; None: nothing stands between.
        hidden: given what was typed into a password's field, which is written as a variable.

    Raises:
        UsageError: nothing was said.
    """
    events, hidden = list(events), hidden or SecretVariables(name)
    acts = [replace(act, step=_written(act, hidden)) for act in acts]
    clips = [event.fact for event in events if isinstance(event.fact, ClipPlayed)]
    said = [clip for clip in clips if not clip.muted]
    if not said:
        raise UsageError(
            "Nothing was said, so there is no scenario to record.",
            expected='at least one say "…"',
            found="a page that was only watched",
        )
    up_s = next((e.t_s for e in events if isinstance(e.fact, CallOpened)), None)
    begins_s = said[0].start_s if up_s is None else min(up_s, said[0].start_s)
    page = dict(page)
    if start := [act.step for act in acts if act.t_s < begins_s]:
        page["start"] = [*page.get("start", ()), *start]
    data: dict[str, Any] = {"name": name, "page": page}
    if network is not None:
        data["network"] = network
    during = deque(act for act in acts if act.t_s >= begins_s)
    data["steps"] = [*_steps(said, _answers(events), during, home), "hang_up"]
    return as_yaml(data)


def _written(act: Act, hidden: SecretVariables) -> Mapping[str, Any]:
    if not act.is_secret:
        return cast("Mapping[str, Any]", all_escaped(act.step))
    value = hidden.variable("password", str(act.step["fill"]["value"]))
    return {"fill": {**all_escaped(act.step["fill"]), "value": value}}


def _steps(
    said: Sequence[ClipPlayed], answers: Sequence[_Answer], acts: deque[Act], home: Path
) -> Iterator[Mapping[str, Any]]:
    done_s = 0.0
    for clip in said:
        before = deque(one for one in answers if done_s <= one.start_s < clip.start_s)
        cut = before.pop() if before and before[-1].end_s > clip.speech_start_s else None
        since_s = done_s
        while acts and acts[0].t_s <= clip.start_s:
            act = acts.popleft()
            is_quiet = not before and cut is None
            yield from _silence(since_s, act.t_s) if is_quiet else _ended(before, act.t_s)
            yield act.step
            since_s = act.t_s
        if cut is not None:
            after_ms = round((clip.speech_start_s - cut.start_s) * 1000)
            yield {"interrupt": {"after_ms": after_ms, "say": _speech(clip, home)}}
        else:
            is_quiet = not before
            yield from (
                _silence(since_s, clip.start_s) if is_quiet else [_wait(before, clip.start_s)]
            )
            yield {"say": _speech(clip, home)}
        done_s = clip.end_s
    last = deque(one for one in answers if one.start_s > said[-1].start_s)
    for act in acts:
        yield from _ended(last, act.t_s)
        yield act.step
    if last:
        yield {"wait": {"answer": True}}


def _ended(answers: deque[_Answer], at_s: float) -> Iterator[dict[str, Any]]:
    """The wait for the answers that were over before something was done; they are taken."""
    over: deque[_Answer] = deque()
    while answers and answers[0].end_s <= at_s:
        over.append(answers.popleft())
    if over:
        yield _wait(over, at_s)


def _wait(answers: deque[_Answer], until_s: float) -> dict[str, Any]:
    pause_s = round(max(0.0, until_s - answers[-1].end_s), 1)
    return {"wait": {"answer": True, "pause_s": pause_s}}


def _silence(since_s: float, until_s: float) -> Iterator[dict[str, Any]]:
    if since_s and until_s - since_s >= LEAST_SILENCE_S:
        yield {"silence": round(until_s - since_s, 1)}


def _speech(clip: ClipPlayed, home: Path) -> Any:
    if clip.file is None:
        return escaped(clip.text or clip.clip)
    if clip.clip in library() and Path(clip.file).resolve() == find_fixture(clip.clip).path:
        return {"file": clip.clip}
    return {"file": escaped(os.path.relpath(clip.file, home))}


def _answers(events: Iterable[TraceEvent]) -> list[_Answer]:
    """Where the page's voice was heard, as the live detector told.

    A pause within an answer is none between two, unless the user spoke in it.
    """
    answers: list[_Answer] = []
    started: tuple[str, float] | None = None
    resumes: _Answer | None = None
    for event in events:
        match event.fact:
            case ClipPlayed(muted=False):
                resumes = None
            case VoiceStarted(answer_id=name) if started is None and event.t_s is not None:
                started = name, event.t_s
                if resumes is not None and resumes.name == name:
                    started = name, answers.pop().start_s
            case VoiceStopped() if started is not None and event.t_s is not None:
                resumes = _Answer(*started, event.t_s)
                answers.append(resumes)
                started = None
    return [*answers, *([] if started is None else [_Answer(*started, float("inf"))])]
