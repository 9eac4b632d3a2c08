"""Scenario of a replay, as text: what the caller says, when, and what the local server answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import yaml

from harness.replay.listen import HeardCall
from harness.replay.pauses import silence_ms
from harness.replay.plan import PlannedTurn

Pace = Literal["answer", "recorded"]

PACES: dict[Pace, str] = {
    "answer": "each turn as long after the answer as then",
    "recorded": "each turn when it was said then, whatever is answered",
}

NO_WORDS = "…"
"""The words of a turn of which none was understood."""

GREETING_S, ANSWER_S = 20, 30
"""How long a greeting and an answer may take to be over, at least."""

LONGER_S = 15.0
"""An answer may go on for so much longer than the old one did."""

TRANSCRIPTION = {"model": "gpt-transcribe"}


def scenario_text(
    call: HeardCall, name: str, files: Sequence[str], pace: Pace, page: str | None = None
) -> str:
    """The scenario in YAML, for people to read and to change.

    Args:
        call: what was heard.
        name: the scenario's.
        files: what is spoken in each turn, relative to the scenario.
        pace: when each turn begins.
        page: the address of the page under test; None: our own page, where the local server
            answers with the old agent's words.
    """
    data: dict[str, Any] = {
        "name": name,
        "description": escaped(f"{call.path.name}, {call.duration_s:.1f} s: {PACES[pace]}."),
        "tags": ["recording"],
    }
    if page is not None:
        data["page"] = {"url": page}
    else:
        data["session"] = _session(call, pace)
    if rules := _rules(call):
        data["assistant"] = {"rules": rules}
    data["steps"] = [*_steps(call, files, pace, asks=page is None), "hang_up"]
    return as_yaml(data)


def _session(call: HeardCall, pace: Pace) -> dict[str, Any]:
    """What the local server is told: to write down what it hears, and when a turn is over."""
    heard: dict[str, Any] = {"transcription": TRANSCRIPTION}
    silence = silence_ms(call.pause_s, call.plan, waits=pace == "answer")
    if silence is not None:
        heard["turn_detection"] = {"type": "server_vad", "silence_duration_ms": silence}
    return {"audio": {"input": heard}}


def as_yaml(data: dict[str, Any]) -> str:
    """A scenario as text, a step a line."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text


class _Spoken(str):
    """A transcript: quoted, whatever its words would mean to YAML."""


class _Dumper(yaml.SafeDumper):
    """Step by step, a line each."""

    def represent_spoken(self, text: _Spoken) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')

    def represent_flow(self, data: Flow) -> yaml.MappingNode:
        return self.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)


class Flow(dict[str, Any]):
    """A mapping on one line of the file."""


_Dumper.add_representer(_Spoken, _Dumper.represent_spoken)
_Dumper.add_representer(Flow, _Dumper.represent_flow)


def spoken_text(said: str) -> str:
    """The words of a turn, as the scenario has them and as a run tells them."""
    return said or NO_WORDS


def _spoken(said: str) -> _Spoken:
    return _Spoken(escaped(spoken_text(said)))


def speech_of(file: str, said: str) -> Flow:
    """What is said: a file, and its words."""
    return Flow(file=file, text=_spoken(said))


def escaped(text: str) -> str:
    """As a scenario is to have it: only a variable's dollar and brace mean more than themselves."""
    return text.replace("${", "$${")


def all_escaped(value: Any) -> Any:
    """The same of every text in plain data."""
    match value:
        case str():
            return escaped(value)
        case Mapping():
            return {key: all_escaped(each) for key, each in value.items()}
        case list() | tuple():
            return [all_escaped(each) for each in value]
    return value


def _rules(call: HeardCall) -> list[dict[str, Any]]:
    """The old agent's words, turn by turn, for a run against the local server."""
    rules: list[dict[str, Any]] = []
    if call.greeting:
        rules.append(Flow(when=Flow(greeting=True), say=_spoken(call.greeting)))
    if not call.plan.has_agent:
        return rules
    for number, (turn, answer) in enumerate(zip(call.plan.turns, call.answers, strict=True), 1):
        when = Flow(turn=number)
        if answer:
            rules.append(Flow(when=when, say=_spoken(answer)))
        elif turn.agent is None:
            rules.append(Flow(when=when, silent=True))
    return rules


def _steps(
    call: HeardCall, files: Sequence[str], pace: Pace, *, asks: bool
) -> Iterator[dict[str, Any]]:
    if call.plan.greeting is not None and asks:
        yield {"send": Flow(type="response.create")}
    said = [speech_of(file, text) for file, text in zip(files, call.said, strict=True)]
    for turn, speech in zip(call.plan.turns, said, strict=True):
        yield from _turn(call, turn, speech, pace)
    last = call.plan.turns[-1]
    if last.agent is not None or not call.plan.has_agent:
        yield {"wait": wait_for(call, last, None)}
    else:
        yield {"silence": 1}


def _turn(
    call: HeardCall, turn: PlannedTurn, speech: dict[str, Any], pace: Pace
) -> Iterator[dict[str, Any]]:
    if pace == "recorded":
        if turn.gap_s > 0:
            yield {"silence": turn.gap_s}
        yield {"say": speech}
        return
    if turn.start == "interrupts":
        after_ms = round(turn.after_s * 1000)
        yield {"interrupt": Flow(after_ms=after_ms, say=speech)}
        return
    lead_s = turn.user.start_s - turn.cut.start_s
    pause_s = round(max(0.0, turn.after_s - lead_s), 3)
    before = _before(call, turn)
    has_waited = before is not None and before.is_aside  # for the end of the answer it went into
    if turn.start in ("greeting", "answer") and not has_waited:
        yield {"wait": wait_for(call, before, pause_s)}
    elif turn.start != "first" and pause_s > 0:
        yield {"silence": pause_s}
    yield {"say": speech}


def _before(call: HeardCall, turn: PlannedTurn) -> PlannedTurn | None:
    index = call.plan.turns.index(turn)
    return call.plan.turns[index - 1] if index else None


def wait_for(call: HeardCall, turn: PlannedTurn | None, pause_s: float | None) -> Flow:
    """The end of an answer: a turn's, or the greeting; a long one has its time."""
    old = turn.agent if turn is not None else call.plan.greeting
    least_s = ANSWER_S if turn is not None else GREETING_S
    within_s = max(least_s, round((old.duration_s if old else 0.0) + LONGER_S))
    wait = Flow(answer=True)
    if pause_s is not None:
        wait["pause_s"] = pause_s
    wait["within_s"] = within_s
    return wait
