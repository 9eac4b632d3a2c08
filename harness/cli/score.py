"""``harness score``: the numbers of recorded calls, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.audio.channels import Side
from harness.cli.failures import USAGE, print_failure
from harness.errors import FixtureError

if TYPE_CHECKING:
    from harness.score.conversation import ConversationTurn, Interruption
    from harness.score.recording import RecordingScore
    from harness.speech.spans import Span


def score_files(paths: Sequence[Path], *, user: Side, as_json: bool) -> int:
    """Score each file and print it; 0, or 2 where one of them is no recording of a call."""
    from harness.score.recording import score_recording

    scored: list[RecordingScore] = []
    bad: list[FixtureError] = []
    for path in paths:
        try:
            scored.append(score_recording(path, user))
        except FixtureError as error:
            if len(paths) == 1:
                raise
            bad.append(error)
    if as_json:
        print(json.dumps(_as_json(scored, len(paths) == 1), ensure_ascii=False), flush=True)
    else:
        print("\n\n".join(as_text(each) for each in scored), flush=True)
    for each in bad:
        print_failure(str(each))
    return USAGE if bad else 0


def _as_json(scored: Sequence[RecordingScore], is_one: bool) -> dict[str, Any]:
    """One file is its own object; several are a list under "recordings"."""
    found = [in_fields(each) for each in scored]
    return found[0] if is_one else {"recordings": found}


def in_fields(score: RecordingScore) -> dict[str, Any]:
    """All of a score; seconds to the millisecond, null where nobody can tell."""
    return {
        "file": str(score.path),
        "duration_s": round(score.duration_s, 3),
        "sample_rate_hz": score.sample_rate_hz,
        "user": score.user,
        "verdict": "cannot_tell" if score.cannot_tell else "scored",
        "why": score.cannot_tell or None,
        "notes": list(score.notes),
        "turns": [_turn_fields(turn) for turn in score.conversation.turns],
        "interruptions": [_interruption_fields(each) for each in score.conversation.interruptions],
    }


def _turn_fields(turn: ConversationTurn) -> dict[str, Any]:
    return {
        **_span_fields("user", turn.user),
        **_span_fields("agent", turn.agent),
        "voice_to_voice_s": _ms(turn.voice_to_voice_s),
        "voice_to_voice_uncertainty_s": _ms(turn.uncertainty_s),
        "confidence": _ms(turn.confidence),
        "why": turn.why or None,
    }


def _interruption_fields(found: Interruption) -> dict[str, Any]:
    return {
        "start_s": _ms(found.user.start_s),
        "start_uncertainty_s": _ms(found.user.start_uncertainty_s),
        "agent_stopped_s": _ms(found.agent_stopped_s),
        "agent_stopped_uncertainty_s": _ms(found.agent.end_uncertainty_s),
        "reaction_s": _ms(found.reaction_s),
        "reaction_uncertainty_s": _ms(found.uncertainty_s),
        "confidence": _ms(found.confidence),
        "why": found.why or None,
    }


def _span_fields(who: str, span: Span | None) -> dict[str, Any]:
    return {
        f"{who}_start_s": _ms(span.start_s if span else None),
        f"{who}_end_s": _ms(span.end_s if span else None),
        f"{who}_start_uncertainty_s": _ms(span.start_uncertainty_s if span else None),
        f"{who}_end_uncertainty_s": _ms(span.end_uncertainty_s if span else None),
    }


def _ms(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def as_text(score: RecordingScore) -> str:
    """A table for people."""
    rate_khz = f"{score.sample_rate_hz / 1000:g} kHz"
    lines = [
        f"{score.path}  {score.duration_s:.1f} s, {rate_khz}, user on the {score.user} channel"
    ]
    lines += [f"  note: {note}" for note in score.notes]
    if score.cannot_tell:
        return "\n".join([*lines, f"  {score.cannot_tell}"])
    lines += _turn_lines(score.conversation.turns)
    if score.conversation.interruptions:
        lines += _interruption_lines(score.conversation.interruptions)
    return "\n".join(lines)


def _turn_lines(turns: Sequence[ConversationTurn]) -> list[str]:
    lines = ["", "  turn   user speaks         agent speaks        voice to voice"]
    for number, turn in enumerate(turns, start=1):
        said, answer = _place(turn.user), _place(turn.agent)
        latency = _number(turn.voice_to_voice_s, turn.uncertainty_s, turn.why)
        lines.append(f"  {number:>4}   {said:<18}  {answer:<18}  {latency}")
    known = sorted(t.voice_to_voice_s for t in turns if t.voice_to_voice_s is not None)
    if known:
        median = known[len(known) // 2] if len(known) % 2 else sum(_middle_two(known)) / 2
        lines.append(
            f"  {len(known)} of {len(turns)} turns with a latency: median {median:.2f} s, "
            f"from {known[0]:.2f} to {known[-1]:.2f} s"
        )
    return lines


def _middle_two(known: Sequence[float]) -> Sequence[float]:
    return known[len(known) // 2 - 1 : len(known) // 2 + 1]


def _interruption_lines(found: Sequence[Interruption]) -> list[str]:
    lines = ["", "  interruption at   agent stopped   reaction"]
    for each in found:
        stopped = "-" if each.agent_stopped_s is None else f"{each.agent_stopped_s:.2f} s"
        reaction = _number(each.reaction_s, each.uncertainty_s, each.why)
        lines.append(f"  {each.user.start_s:>13.2f} s   {stopped:<13}   {reaction}")
    return lines


def _place(span: Span | None) -> str:
    return "-" if span is None else f"{span.start_s:.2f} - {span.end_s:.2f} s"


def _number(value_s: float | None, uncertainty_s: float | None, why: str) -> str:
    from harness.score.uncertainty import in_words

    return why if value_s is None else in_words(value_s, uncertainty_s)
