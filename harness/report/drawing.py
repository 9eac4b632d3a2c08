"""Bars and marks that the timeline of a report draws, in lanes, as plain values."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.report.results import ScenarioResult, Turn
from harness.score.call_record import CallRecord
from harness.score.exchanges import Exchange
from harness.score.metrics import speech_stopped_s
from harness.trace import TraceEvent

STATE_KINDS = ("connection", "ice")


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasts, in seconds on the timeline."""

    start_s: float
    end_s: float
    text: str
    title: str
    """All of it in words, for the pointer and for screen readers."""

    kind: str = ""
    room_s: float = 0.0
    """How far the text may reach past the bar before the next one begins."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of bars."""

    name: str
    kind: str
    hint: str
    bars: tuple[Bar, ...] = field(default=())


def said_bars(result: ScenarioResult, end_s: float) -> list[Bar]:
    """The user's words, over the waveform of what was sent."""
    bars = []
    for turn in result.turns:
        if turn.said:
            text = turn.said.text or turn.user_transcript or "speech"
            bars.append(
                Bar(turn.said.start_s, turn.said.end_s, text, f"Turn {turn.index}, said: {text}")
            )
    return with_room(bars, end_s)


def heard_bars(result: ScenarioResult, end_s: float) -> list[Bar]:
    """The answers' words, over the waveform of what was heard."""
    bars = []
    for turn in result.turns:
        if turn.heard:
            text = turn.heard.recognised or turn.heard.transcript or "speech"
            kind = "cut" if turn.interrupted else ""
            title = f"Turn {turn.index}, heard: {text}"
            title += " (interrupted)" if turn.interrupted else ""
            bars.append(Bar(turn.heard.start_s, turn.heard.end_s, text, title, kind))
    return with_room(bars, end_s)


def latency_lanes(
    record: CallRecord, exchanges: Sequence[Exchange], turns: Sequence[Turn]
) -> list[Lane]:
    """The latencies as spans from where they start to where they end; empty lanes left out."""
    waits, stages, reactions = [], [], []
    following = [*exchanges, None][1:]
    for exchange, after, turn in zip(exchanges, following, turns, strict=True):
        numbers, end_s, start_s = turn.latencies, exchange.said_end_s, exchange.heard_start_s
        if numbers.voice_to_voice_s is not None and end_s is not None and start_s is not None:
            waits.append(_latency_bar(end_s, start_s, turn, "voice-to-voice latency", "wait"))
        stopped_s = speech_stopped_s(exchange, record.events)
        if numbers.endpointing_s is not None and stopped_s is not None and end_s is not None:
            stages.append(_latency_bar(end_s, stopped_s, turn, "endpointing delay", "endpointing"))
        if numbers.time_to_first_event_s is not None:
            first_s = exchange.answers[0].started_s
            from_s = first_s - numbers.time_to_first_event_s
            bar = _latency_bar(from_s, first_s, turn, "time to first event", "first")
            # One label for both stages: at a small zoom two would cover each other.
            before = f"{milliseconds(numbers.endpointing_s)} + " if numbers.endpointing_s else ""
            stages.append(dataclasses.replace(bar, text=before + bar.text))
        if numbers.barge_in_reaction_s is not None and after and after.said_start_s is not None:
            reactions.append(
                _latency_bar(
                    after.said_start_s,
                    after.said_start_s + numbers.barge_in_reaction_s,
                    turn,
                    "barge-in reaction",
                    "reaction",
                )
            )
    lanes = [
        _latency_lane("Voice-to-voice", "wait", "last voiced sample sent to first heard", waits),
        _latency_lane("Endpointing + first event", "stages", "where the wait goes", stages),
        _latency_lane("Barge-in", "reaction", "interruption to silence", reactions),
    ]
    return [lane for lane in lanes if lane.bars]


def step_lane(events: Sequence[TraceEvent], end_s: float) -> Lane:
    """The scenario's steps; one that never ended reaches to the end of the call."""
    open_steps: dict[object, tuple[float, str, str]] = {}
    bars = []
    for event in events:
        if event.t_s is None:
            continue
        index = event.data.get("index")
        if event.type == "step.started":
            kind, text = str(event.data.get("kind") or "step"), str(event.data.get("text") or "")
            open_steps[index] = (event.t_s, kind, text)
        elif event.type == "step.ended" and index in open_steps:
            start_s, kind, text = open_steps.pop(index)
            outcome = str(event.data.get("outcome") or "done")
            bars.append(_step_bar(start_s, event.t_s, kind, text, outcome))
    for start_s, kind, text in open_steps.values():
        bars.append(_step_bar(start_s, end_s, kind, text, "never ended"))
    return Lane("Steps", "steps", "what the scenario did", tuple(with_room(bars, end_s)))


def state_lanes(events: Sequence[TraceEvent], end_s: float) -> list[Lane]:
    """Connection states and open data channels as bars from one state to the next."""
    lanes = []
    for kind in STATE_KINDS:
        changes = [(e.t_s, s) for e in events if e.t_s is not None and (s := _state(e, kind))]
        bars = [
            Bar(t_s, next_s, state, f"{kind} {state}", _state_kind(state))
            for (t_s, state), (next_s, _) in zip(changes, [*changes, (end_s, "")][1:], strict=True)
        ]
        lanes.append(Lane(f"{_CAPTIONS[kind]}", "states", f"{kind} state", tuple(bars)))
    lanes.append(Lane("Data channel", "states", "open channels", tuple(_channels(events, end_s))))
    return [lane for lane in lanes if lane.bars]


def muted_bars(events: Sequence[TraceEvent], end_s: float) -> list[Bar]:
    """When the microphone was muted."""
    bars, since_s = [], None
    for event in events:
        if event.type == "microphone.mute" and event.t_s is not None:
            if event.data.get("muted") and since_s is None:
                since_s = event.t_s
            elif not event.data.get("muted") and since_s is not None:
                bars.append(Bar(since_s, event.t_s, "muted", "microphone muted"))
                since_s = None
    if since_s is not None:
        bars.append(Bar(since_s, end_s, "muted", "microphone muted"))
    return bars


def noise_lane(events: Sequence[TraceEvent], end_s: float) -> Lane:
    """The noise behind the user's voice; no bars where there was none."""
    changes = [e for e in events if e.type == "microphone.noise" and e.t_s is not None]
    untils_s = [*(float(event.t_s or 0) for event in changes), end_s][1:]
    bars = []
    for event, until_s in zip(changes, untils_s, strict=True):
        if name := str(event.data.get("noise") or ""):
            text = f"{name} {event.data.get('snr_db')} dB"
            title = f"{name} at {event.data.get('noise_dbfs')} dBFS, "
            title += f"{event.data.get('snr_db')} dB below the user's speech"
            bars.append(Bar(float(event.t_s or 0), until_s, text, title))
    return Lane("Noise", "steps", "behind the user's voice", tuple(with_room(bars, end_s)))


def unplayed_lane(events: Sequence[TraceEvent], end_s: float) -> Lane:
    """What was received and not played, with the reason; no bars where all of it was."""
    bars = []
    for event in events:
        if event.type == "heard.not_played":
            start_s, until_s = float(event.data["start_s"]), float(event.data["end_s"])
            reason = str(event.data.get("reason") or "")
            title = f"Received, never played: {reason}"
            bars.append(Bar(start_s, until_s, reason, title, "bad"))
    return Lane("Not played", "steps", "received, never played", tuple(with_room(bars, end_s)))


def others_lane(events: Sequence[TraceEvent], end_s: float) -> Lane:
    """What was heard of connections that are not the agent's; no bars where nothing was."""
    bars = []
    for event in events:
        if event.type == "heard.other_connection":
            start_s, until_s = float(event.data["start_s"]), float(event.data["end_s"])
            name = str(event.data["connection"])
            bars.append(Bar(start_s, until_s, name, f"{name}, which is not the agent's"))
    hint = "heard on other connections, not judged"
    return Lane("Not the agent", "steps", hint, tuple(with_room(bars, end_s)))


def work_lane(events: Sequence[TraceEvent], end_s: float) -> Lane:
    """The context's long work, from its call to its end; no bars where there was none."""
    begun: dict[object, tuple[float, str]] = {}
    bars = []
    for event in events:
        if event.t_s is None:
            continue
        job = event.data.get("job")
        if event.type == "thinking.started":
            begun[job] = (event.t_s, str(event.data.get("tool")))
        elif event.type == "thinking.ended" and job in begun:
            start_s, tool = begun.pop(job)
            status, text = str(event.data.get("status")), str(event.data.get("text") or "")
            title = f"{tool} ({job}), {status}: {text}"
            kind = "" if status == "done" else "bad" if status == "failed" else "pending"
            bars.append(Bar(start_s, event.t_s, tool, title, kind))
    for job, (start_s, tool) in begun.items():
        bars.append(Bar(start_s, end_s, tool, f"{tool} ({job}), goes on", "pending"))
    hint = "what the context thinks about"
    return Lane("Long work", "steps", hint, tuple(with_room(bars, end_s)))


def milliseconds(seconds: float) -> str:
    """A latency for people: "612 ms", "1.24 s"."""
    return f"{seconds * 1000:.0f} ms" if abs(seconds) < 1 else f"{seconds:.2f} s"


_CAPTIONS = {"connection": "Connection", "ice": "ICE"}


def _latency_lane(name: str, kind: str, hint: str, bars: list[Bar]) -> Lane:
    """Labels stand behind their bars: a label's room is the space before the next bar."""
    roomy = [dataclasses.replace(b, room_s=next_s - b.end_s) for b, next_s in _with_next(bars)]
    return Lane(name, kind, hint, tuple(roomy))


def _latency_bar(start_s: float, end_s: float, turn: Turn, name: str, kind: str) -> Bar:
    text = milliseconds(end_s - start_s)
    low_s, high_s = sorted((start_s, end_s))
    return Bar(low_s, high_s, text, f"Turn {turn.index}: {name} {text}", kind)


def _step_bar(start_s: float, end_s: float, kind: str, text: str, outcome: str) -> Bar:
    good = outcome in ("done", "passed", "ok", "completed")
    label = f"{kind} {text}".strip()
    return Bar(start_s, end_s, label, f"{label}: {outcome}", "" if good else "bad")


def _state(event: TraceEvent, kind: str) -> str | None:
    if event.type != "peer_connection.state":
        return None
    if "kind" in event.data:  # what else is called "connection" there is its name
        return str(event.data.get("state") or "") or None if event.data["kind"] == kind else None
    value = event.data.get(kind)
    return value if isinstance(value, str) else None


def _state_kind(state: str) -> str:
    if state in ("connected", "completed", "open"):
        return "good"
    return "bad" if state in ("failed", "disconnected") else "pending"


def _channels(events: Sequence[TraceEvent], end_s: float) -> list[Bar]:
    opened: dict[str, float] = {}
    bars = []
    for event in events:
        label = str(event.data.get("label") or "channel")
        if event.t_s is None:
            continue
        if event.type == "data_channel.open":
            opened.setdefault(label, event.t_s)
        elif event.type == "data_channel.closed" and label in opened:
            bars.append(Bar(opened.pop(label), event.t_s, label, f"{label} open", "good"))
    bars += [Bar(t_s, end_s, label, f"{label} open", "good") for label, t_s in opened.items()]
    return bars


def with_room(bars: list[Bar], end_s: float) -> list[Bar]:
    """The bars in order, each with the room for its text until the next one begins."""
    return [
        dataclasses.replace(bar, room_s=max(bar.end_s, min(next_s, end_s)) - bar.start_s)
        for bar, next_s in _with_next(bars)
    ]


def _with_next(bars: list[Bar]) -> list[tuple[Bar, float]]:
    """The bars in order, each with the start of the next one; an hour on behind the last."""
    ordered = sorted(bars, key=lambda bar: bar.start_s)
    starts = [bar.start_s for bar in ordered]
    return list(
        zip(ordered, [*starts, *(bar.end_s + 3600 for bar in ordered[-1:])][1:], strict=True)
    )
