"""Silence where nobody should answer: any voice in a stretch of time, and whose it is.

Pure. The rest of an older answer is a voice like any other; only where the user has just spoken
over it, and it was cut, it may sound on for as long as the cut takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.score.answers import Answer, Stretch, Told
from harness.speech.spans import Span

CUT_TAKES_S = 0.5
"""How long after the user's last sound an answer that was cut may be heard: it comes by way of a
network and a jitter buffer."""

SHOWN = 80
"""Letters of an answer's transcript in a message."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A stretch of the timeline in which nobody may answer, and what the user did before it."""

    from_s: float
    until_s: float
    acted_s: float
    """When the user's last action began."""

    spoke_until_s: float | None
    """The user's last voiced sample before the stretch; None where nothing was said."""


def voice_in(
    quiet: Quiet,
    answers: Sequence[Answer],
    taken: Collection[str] = (),
    own: Sequence[Span] = (),
    remarks: Mapping[str, str] | None = None,
) -> str | None:
    """What broke the quiet, in words; None where nothing did.

    Args:
        answers: all of the call's so far.
        taken: ids of those that earlier steps have asked for and got.
        own: where the user's own voice came back; it answers nothing.
        remarks: what else is known of an answer, by its id.
    """
    for answer in answers:
        if is_own(answer, own):
            continue
        found = _heard(quiet, answer)
        if found is None and answer.is_spoken and answer.answer_id not in taken:
            found = _unheard(quiet, answer)
        if found is not None:
            remark = (remarks or {}).get(answer.answer_id)
            return f"{found}; {remark}" if remark else found
    return None


def _heard(quiet: Quiet, answer: Answer) -> str | None:
    is_older = answer.began_s < quiet.acted_s
    for stretch in answer.stretches:
        end_s = quiet.until_s if stretch.end_s is None else stretch.end_s
        if end_s <= quiet.from_s or stretch.start_s >= quiet.until_s:
            continue
        if is_older and _is_tail(quiet, answer, end_s):
            continue
        where = f"heard from {stretch.start_s:.3f} s to {min(end_s, quiet.until_s):.3f} s"
        if is_older:
            return f"the rest of an older answer was {where}: {words_of(answer)}"
        return f"an answer came, {where}: {words_of(answer)}"
    return None


def failure_of(answer: Answer) -> str | None:
    """Why an answer that failed has neither a word nor a voice; None: it did not, or has one."""
    if answer.status != "failed" or answer.is_spoken:
        return None
    return f"an answer failed: {answer.reason or 'no reason was given'}"


def emptiness_of(answer: Answer, events: Iterable[Told]) -> str | None:
    """That an answer is over without a word and a sound, in words; None: it is not, or has one.

    Args:
        events: of the call; the tools that were called since it began are named.
    """
    if answer.ended_s is None or answer.is_spoken:
        return None
    called = [
        str(event.data["name"] or "a tool")
        for event in events
        if event.type == "tool.called" and (event.t_s or 0.0) >= answer.began_s
    ]
    but = f", but for a call of {', '.join(called)}" if called else ""
    return (
        f"an answer was over at {answer.ended_s:.3f} s ({answer.status}), without a word and "
        f"without a sound{but}"
    )


def is_own(answer: Answer, own: Sequence[Span]) -> bool:
    """Whether all that was heard of an answer is the user's own voice."""
    return bool(answer.stretches) and all(_is_own(each, own) for each in answer.stretches)


def _is_own(stretch: Stretch, own: Sequence[Span]) -> bool:
    end_s = stretch.start_s if stretch.end_s is None else stretch.end_s
    shared_s = sum(
        max(0.0, min(end_s, each.end_s) - max(stretch.start_s, each.start_s)) for each in own
    )
    return shared_s > (end_s - stretch.start_s) / 2


def _is_tail(quiet: Quiet, answer: Answer, end_s: float) -> bool:
    """Whether this is the last of an answer that the user's words have cut."""
    was_cut = answer.interrupted or answer.known_by_ear_alone
    spoke_until_s = quiet.spoke_until_s
    return was_cut and spoke_until_s is not None and end_s <= spoke_until_s + CUT_TAKES_S


def _unheard(quiet: Quiet, answer: Answer) -> str | None:
    """An answer that came since the user's last action, outside of the stretch or without sound."""
    if not quiet.acted_s <= answer.began_s < quiet.until_s:
        return None
    if answer.voice_start_s is None:
        return f"an answer came, without a voice: {words_of(answer)}"
    return (
        f"an answer had come before, at {answer.voice_start_s:.3f} s: {words_of(answer)} "
        "(no step has asked for it; `wait: {answer: true}` does)"
    )


def words_of(answer: Answer) -> str:
    """What it says, for a message."""
    text = answer.text.strip()
    if len(text) > SHOWN:
        text = text[:SHOWN].rsplit(" ", 1)[0] + " …"
    return f"“{text}”" if text else "no transcript of it came"
