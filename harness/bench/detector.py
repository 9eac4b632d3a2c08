"""Edges of speech on calls of known truth, ours beside WebRTC's detector and plain energy.

Clips are spliced into calls (see `detector_calls` for the truth, which no detector has a part in),
the calls go through each condition, and the voices that are found in both channels become turns
and interruptions by the function that `harness score` uses. Our constants were chosen on the
tuning set; the figures to quote are of the held one, other voices with other sentences.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.resample import resample
from harness.bench.detector_calls import KnownCall, make_call
from harness.bench.detector_clips import ClipSet, held_clips, tuning_clips
from harness.bench.detector_conditions import CONDITIONS, WITH_BACKGROUND
from harness.bench.detectors import EnergyDetector, WebRtcDetector
from harness.bench.hidden_ends import hidden_ends_s, hidden_percent
from harness.bench.progress import told
from harness.errors import SpeechError, UsageError
from harness.score.conversation import Conversation, ConversationTurn, conversation_of
from harness.score.uncertainty import can_tell
from harness.speech.interface import SpeechDetector, probabilities_of
from harness.speech.spans import JOIN_GAP_S, MIN_SPAN_S, Span, voiced_spans

NOT_INSTALLED = "not installed"
EXCHANGES = 45
SEED = 7
NEAR_S = 0.5
"""Found further from the truth than this, a turn is missed, unless what was found in its place is
said to be too uncertain."""

SPEECH_FROM = 0.5
FindVoices = Callable[[MonoFloat32], list[Span]]


@dataclass(slots=True)
class Errors:
    """What was found in a call, against the truth; seconds, found minus true."""

    gaps_s: list[float] = field(default_factory=list)
    reactions_s: list[float] = field(default_factory=list)
    inside: int = 0
    """Gaps whose error lies within the uncertainty that was stated with them."""

    missed_turns: int = 0
    missed_interruptions: int = 0
    cannot_tell: int = 0


def measure(conditions: str | None = None) -> dict[str, Any]:
    """The figures of `harness bench detector`.

    Args:
        conditions: names out of `CONDITIONS` with commas between; all where absent.

    Returns:
        ``turns``, ``interruptions`` and ``clips_left_out`` of the held call; ``conditions`` by
        name, and in each ``ours``, ``webrtcvad``, ``energy`` (or "not installed") with the
        figures of `in_figures`, and with a background ``hidden_ends_percent``: of how many of the
        user's turns it covers the last 60 ms and more (see `hidden_ends`); ``tuning``: ours on the
        calls that it was tuned on, by condition;
        ``cpu_ms_per_s`` of ours.

    Raises:
        UsageError: no such condition.
    """
    from harness.speech.engines import default_synthesiser

    names = _chosen(conditions)
    synthesiser = default_synthesiser()
    held, tuning = held_clips(synthesiser), tuning_clips(synthesiser)
    call, tuning_call = (
        make_call(each.said, each.answers, EXCHANGES, SEED) for each in (held, tuning)
    )
    found: dict[str, Any] = {}
    tuned: dict[str, Any] = {}
    cpu_s = audio_s = 0.0
    for name in told(names, len(names), str):
        sound = _sound(call, name, _babble(tuning))
        began_s = time.process_time()
        ours = in_figures(errors_of(call, _conversation(sound, voiced)))
        cpu_s += time.process_time() - began_s
        audio_s += 2 * len(call.user) / CALL_RATE_HZ
        found[name] = {
            "ours": ours,
            "webrtcvad": _beside(WebRtcDetector, call, sound),
            "energy": _beside(EnergyDetector, call, sound),
        }
        if name in WITH_BACKGROUND:
            ends = [turn.user for turn in call.turns]
            hidden_s = hidden_ends_s(call.user, sound[0], ends)
            found[name]["hidden_ends_percent"] = hidden_percent(hidden_s)
        sound = _sound(tuning_call, name, _babble(held))
        tuned[name] = in_figures(errors_of(tuning_call, _conversation(sound, voiced)))
    return {
        "turns": len(call.turns),
        "interruptions": len(call.interruptions),
        "clips_left_out": held.left_out,
        "conditions": found,
        "tuning": tuned,
        "cpu_ms_per_s": round(1000 * cpu_s / audio_s, 2),
    }


def errors_of(call: KnownCall, found: Conversation) -> Errors:
    """What was found in a call, against what is true of it."""
    errors = Errors()
    for true in call.turns:
        turn = _nearest(found.turns, true.user.end_s, true.agent.start_s)
        if turn is None and _is_said_to_be_unsure(found.turns, true.user):
            errors.cannot_tell += 1
        elif turn is None:
            errors.missed_turns += 1
        elif turn.voice_to_voice_s is None:
            errors.cannot_tell += 1
        else:
            error_s = turn.voice_to_voice_s - (true.agent.start_s - true.user.end_s)
            errors.gaps_s.append(error_s)
            errors.inside += abs(error_s) <= (turn.uncertainty_s or 0.0)
    for cut in call.interruptions:
        near = [
            each.agent.end_s - each.user.start_s
            for each in found.interruptions
            if abs(each.user.start_s - cut.start_s) < NEAR_S
            and abs(each.agent.end_s - cut.agent_stopped_s) < NEAR_S
        ]
        if near:
            errors.reactions_s.append(near[0] - (cut.agent_stopped_s - cut.start_s))
        else:
            errors.missed_interruptions += 1
    return errors


def in_figures(errors: Errors) -> dict[str, Any]:
    """Figures of a call: absolute errors in ms of the gap from the user's end to the answer.

    ``gap_error_ms_median``, ``gap_error_ms_p95``, ``gap_error_ms_max``, ``stop_error_ms_p95`` (of
    the time from an interruption to the silence), ``missed_turns``, ``missed_interruptions``,
    ``cannot_tell`` (turns said to be too uncertain) and ``inside_percent``: how many
    gaps lie within their stated uncertainty, which is meant to be 95. Of none: None.
    """
    gaps_ms = 1000 * np.abs(errors.gaps_s)
    stops_ms = 1000 * np.abs(errors.reactions_s)
    told = len(gaps_ms)
    return {
        "gap_error_ms_median": _percentile(gaps_ms, 50),
        "gap_error_ms_p95": _percentile(gaps_ms, 95),
        "gap_error_ms_max": _percentile(gaps_ms, 100),
        "stop_error_ms_p95": _percentile(stops_ms, 95),
        "missed_turns": errors.missed_turns,
        "missed_interruptions": errors.missed_interruptions,
        "cannot_tell": errors.cannot_tell,
        "inside_percent": round(100 * errors.inside / told, 1) if told else None,
    }


def as_text(figures: dict[str, Any]) -> str:
    """A table for people: the gap's error, median / 95 of 100, and the turns missed."""
    lines = [
        f"{figures['turns']} turns, {figures['interruptions']} interruptions; error of the gap in "
        "ms, median / 95th percentile (turns missed, turns called uncertain)",
        f"{'':14}{'ours':>24}{'webrtcvad':>24}{'energy':>24}{'ours, tuning set':>24}",
    ]
    for name, engines in figures["conditions"].items():
        cells = [engines["ours"], engines["webrtcvad"], engines["energy"], figures["tuning"][name]]
        lines.append(f"{name:14}" + "".join(f"{_cell(each):>24}" for each in cells))
    lines.append(f"CPU of ours: {figures['cpu_ms_per_s']} ms for a second of one channel")
    return "\n".join(lines)


def voiced(samples: MonoFloat32) -> list[Span]:
    """Where the harness finds voice in samples at 48 kHz."""
    return voiced_spans(AudioClip(samples, CALL_RATE_HZ))


def windows_of(detector: SpeechDetector, samples: MonoFloat32) -> list[Span]:
    """What a detector alone finds in samples at 48 kHz: runs of its windows, near ones joined."""
    at_its_rate = resample(samples, CALL_RATE_HZ, detector.sample_rate_hz)
    size = detector.window_frames
    window_s = size / detector.sample_rate_hz
    detector.reset()
    whole = at_its_rate[: len(at_its_rate) // size * size].reshape(-1, size)
    is_speech = (np.array(probabilities_of(detector, whole)) >= SPEECH_FROM).astype(np.int8)
    changes = np.flatnonzero(np.diff(np.concatenate([[0], is_speech, [0]])))
    spans: list[Span] = []
    for first, end in changes.reshape(-1, 2) * window_s:
        if spans and first - spans[-1].end_s < JOIN_GAP_S:
            spans[-1] = Span(spans[-1].start_s, float(end))
        else:
            spans.append(Span(float(first), float(end)))
    return [span for span in spans if span.duration_s >= MIN_SPAN_S]


def _chosen(conditions: str | None) -> list[str]:
    names = list(CONDITIONS) if conditions is None else conditions.split(",")
    for name in names:
        if name not in CONDITIONS:
            raise UsageError(
                f"There is no condition “{name}” to be measured under.",
                expected=f"names out of {', '.join(CONDITIONS)}",
                found=conditions,
            )
    return names


def _babble(clips: ClipSet) -> MonoFloat32:
    """Other people's talk: the clips of the other set, one after the other."""
    return np.concatenate([clip.samples for clip in (*clips.said, *clips.answers)])


def _sound(call: KnownCall, name: str, voices: MonoFloat32) -> tuple[MonoFloat32, MonoFloat32]:
    condition = CONDITIONS[name]
    user, agent = (
        np.asarray(condition(side, 10 * SEED + index, voices), np.float32)
        for index, side in enumerate((call.user, call.agent))
    )
    return user, agent


def _conversation(sound: Sequence[MonoFloat32], find: FindVoices) -> Conversation:
    user, agent = (find(side) for side in sound)
    return conversation_of(user, agent)


def _beside(
    make: Callable[[], SpeechDetector], call: KnownCall, sound: Sequence[MonoFloat32]
) -> Any:
    try:
        detector = make()
    except SpeechError:
        return NOT_INSTALLED
    found = _conversation(sound, partial(windows_of, detector))
    figures = in_figures(errors_of(call, found))
    del figures["inside_percent"]  # they state none
    return figures


def _is_said_to_be_unsure(turns: Sequence[ConversationTurn], user: Span) -> bool:
    """Whether, while the user spoke, a turn was found whose latency is withheld."""
    return any(
        turn.user is not None
        and turn.user.start_s < user.end_s
        and turn.user.end_s > user.start_s
        and not can_tell(turn.uncertainty_s)
        for turn in turns
    )


def _nearest(
    turns: Sequence[ConversationTurn], user_end_s: float, agent_start_s: float
) -> ConversationTurn | None:
    def apart_s(turn: ConversationTurn) -> Iterator[float]:
        yield abs(turn.user.end_s - user_end_s) if turn.user else NEAR_S
        yield abs(turn.agent.start_s - agent_start_s) if turn.agent else NEAR_S

    near = [(max(apart_s(turn)), index) for index, turn in enumerate(turns)]
    apart, index = min(near, default=(NEAR_S, 0))
    return turns[index] if apart < NEAR_S else None


def _percentile(values_ms: Sequence[float] | Any, percent: float) -> float | None:
    return round(float(np.percentile(values_ms, percent)), 1) if len(values_ms) else None


def _cell(figures: Any) -> str:
    if not isinstance(figures, dict):
        return str(figures)
    if figures["gap_error_ms_median"] is None:
        return f"- ({figures['missed_turns']}, {figures['cannot_tell']})"
    return (
        f"{figures['gap_error_ms_median']:.0f} / {figures['gap_error_ms_p95']:.0f} "
        f"({figures['missed_turns']}, {figures['cannot_tell']})"
    )
