"""``harness score``: the numbers of recorded calls, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from harness.audio.channels import Side
from harness.cli.failures import USAGE, print_failure
from harness.errors import FixtureError
from harness.terminal_text import printable

if TYPE_CHECKING:
    from harness.score.conversation import ConversationTurn, Interruption
    from harness.score.known_clips import HeardClip, KnownClip
    from harness.score.recording import RecordingScore
    from harness.speech.spans import Span


@dataclass(frozen=True, slots=True)
class Scored:
    """One recording, as it is printed."""

    score: RecordingScore
    heard: tuple[HeardClip, ...] | None = None
    """How each turn's answer sounded; None: nobody asked."""

    notes: tuple[str, ...] = ()
    """On that, in words."""


def score_files(
    paths: Sequence[Path], *, user: Side, as_json: bool, reference: Path | None = None
) -> int:
    """Score each file and print it; 0, or 2 where one of them is no recording of a call.

    Args:
        paths: the recordings.
        user: the user's channel.
        as_json: for machines.
        reference: a clip that answers play, or a folder of such.

    Raises:
        FixtureError: the reference cannot be read, or the only recording.
        MissingExtra: there is a reference, and what rates speech is not installed.
    """
    from harness.score.known_clips import load_known_clips

    clips = None if reference is None else load_known_clips(reference)
    scored: list[Scored] = []
    bad: list[FixtureError] = []
    for path in paths:
        try:
            scored.append(_with_quality(_listened_to(path, user), clips))
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


def _listened_to(path: Path, user: Side) -> RecordingScore:
    """The score; on a terminal a living line says how far it is: hours of sound take minutes."""
    from rich.console import Console
    from rich.markup import escape

    from harness.replay.listen import in_clock
    from harness.score.recording import score_recording

    console = Console(stderr=True)
    if not console.is_terminal:
        return score_recording(path, user)
    with console.status("") as status:
        head = f"{escape(printable(path.name))}: who speaks when"
        return score_recording(
            path, user, told=lambda at_s: status.update(f"{head}: {in_clock(at_s)}")
        )


def _with_quality(score: RecordingScore, clips: Sequence[KnownClip] | None) -> Scored:
    from harness.score.known_clips import notes_on, rate_answers

    if clips is None or score.cannot_tell:
        return Scored(score)
    heard = rate_answers(score, clips)
    return Scored(score, tuple(heard), tuple(notes_on(heard, clips)))


def _as_json(scored: Sequence[Scored], is_one: bool) -> dict[str, Any]:
    """One file is its own object; several are a list under "recordings"."""
    found = [in_fields(each) for each in scored]
    return found[0] if is_one else {"recordings": found}


def in_fields(scored: Scored) -> dict[str, Any]:
    """All of a score; seconds to the millisecond, null where nobody can tell."""
    score = scored.score
    turns = [_turn_fields(turn) for turn in score.conversation.turns]
    for turn, heard in zip(turns, scored.heard or (), strict=False):
        turn["quality"] = _quality_fields(heard)
    return {
        "file": str(score.path),
        "duration_s": round(score.duration_s, 3),
        "sample_rate_hz": score.sample_rate_hz,
        "user": score.user,
        "verdict": "cannot_tell" if score.cannot_tell else "scored",
        "why": score.cannot_tell or None,
        "notes": [*score.notes, *scored.notes],
        "turns": turns,
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


def _quality_fields(heard: HeardClip) -> dict[str, Any]:
    found = heard.quality
    return {
        "verdict": "cannot_tell" if found is None else "rated",
        "reference": heard.reference,
        "pesq": _ms(found.pesq if found else None),
        "stoi": _ms(found.stoi if found else None),
        "likeness": _ms(found.likeness if found else None),
        "clip_start_s": _ms(found.delay_s if found else None),
        "rated_s": _ms(heard.rated_s),
        "is_cut": heard.is_cut,
        "why": heard.why or None,
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


def as_text(scored: Scored) -> str:
    """A table for people."""
    score = scored.score
    rate_khz = f"{score.sample_rate_hz / 1000:g} kHz"
    lines = [
        f"{score.path}  {score.duration_s:.1f} s, {rate_khz}, user on the {score.user} channel"
    ]
    lines += [f"  note: {note}" for note in (*score.notes, *scored.notes)]
    if score.cannot_tell:
        return "\n".join([*lines, f"  {score.cannot_tell}"])
    lines += _turn_lines(score.conversation.turns)
    if scored.heard is not None:
        lines += _quality_lines(scored.heard)
    if score.conversation.interruptions:
        lines += _interruption_lines(score.conversation.interruptions)
    return "\n".join(lines)


def _turn_lines(turns: Sequence[ConversationTurn]) -> list[str]:
    places = [(_place(turn.user), _place(turn.agent)) for turn in turns]
    width = max([18, *(len(place) for pair in places for place in pair)])
    heads = f"{'user speaks':<{width}}  {'agent speaks':<{width}}"
    lines = ["", f"  turn   {heads}  voice to voice"]
    for number, (turn, (said, answer)) in enumerate(zip(turns, places, strict=True), start=1):
        latency = _number(turn.voice_to_voice_s, turn.uncertainty_s, turn.why)
        lines.append(f"  {number:>4}   {said:<{width}}  {answer:<{width}}  {latency}")
    known = sorted(t.voice_to_voice_s for t in turns if t.voice_to_voice_s is not None)
    if known:
        lines.append(
            f"  {len(known)} of {len(turns)} turns with a latency: median {median(known):.2f} s, "
            f"from {known[0]:.2f} to {known[-1]:.2f} s"
        )
    return lines


def _quality_lines(heard: Sequence[HeardClip]) -> list[str]:
    lines = ["", "  turn   PESQ   STOI    against"]
    for number, each in enumerate(heard, start=1):
        if each.quality is None:
            lines.append(f"  {number:>4}   -      -       {each.why}")
            continue
        pesq = "-   " if each.quality.pesq is None else f"{each.quality.pesq:.2f}"
        cut = f", its first {each.rated_s:.2f} s: the user cut in" if each.is_cut else ""
        lines.append(f"  {number:>4}   {pesq}   {each.quality.stoi:.3f}   {each.reference}{cut}")
    rated = [each.quality for each in heard if each.quality is not None]
    heard_pesq = [each.pesq for each in rated if each.pesq is not None]
    if len(rated) > 1 and heard_pesq:
        lines.append(
            f"  {len(rated)} of {len(heard)} answers rated: median PESQ {median(heard_pesq):.2f}, "
            f"from {min(heard_pesq):.2f} to {max(heard_pesq):.2f}; "
            f"median STOI {median(each.stoi for each in rated):.3f}"
        )
    return lines


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
