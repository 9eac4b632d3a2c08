"""Latency of an answer: whether it came soon enough, and the words for it. Pure."""

from __future__ import annotations

from harness.score.bounds import judge_value
from harness.score.judgement import Outcome
from harness.score.summary import Measured


def judge_latency(
    limit_s: float,
    voice_to_voice_s: float | None,
    heard_at_s: float | None,
    unheard: str = "",
    uncertainty_s: float | None = None,
) -> tuple[Outcome, str]:
    """Whether an answer began within a limit, with the evidence; "cannot_tell" inside its doubt.

    An answer that begins before the user has ended cuts the user off: that is no good latency.

    Args:
        voice_to_voice_s: None where nothing was heard, or where it answers nothing.
        heard_at_s: the answer's first voiced sample; None where nothing was heard.
        unheard: why nothing was heard, in words.
        uncertainty_s: how far the latency may be off; None: not known.
    """
    if voice_to_voice_s is None and heard_at_s is not None:
        return "failed", (
            f"the answer was a greeting: it was heard at {heard_at_s:.3f} s, before the user had "
            "said anything, so there is no time from the user's last sound to it"
        )
    if voice_to_voice_s is None:
        return "failed", "no sound of an answer to measure" + (f": {unheard}" if unheard else "")
    if voice_to_voice_s < 0:
        return "failed", cut_off(voice_to_voice_s)
    outcome = judge_value(Measured(voice_to_voice_s, uncertainty_s), limit_s)
    found = f"it started {voice_to_voice_s:.3f} s after{doubt(uncertainty_s)}"
    return outcome, found + inside_doubt(outcome, limit_s)


def doubt(uncertainty_s: float | None) -> str:
    """For people: " (± 0.020 s)"; nothing where it is not known."""
    return "" if uncertainty_s is None else f" (± {uncertainty_s:.3f} s)"


def inside_doubt(outcome: Outcome, limit_s: float) -> str:
    """Why a number does not decide about a bound, in words; nothing where it does."""
    return f": the bound of {limit_s:g} s lies inside of that" if outcome == "cannot_tell" else ""


def cut_off(voice_to_voice_s: float) -> str:
    """In words: how an answer cut the user off."""
    return (
        f"the answer began {-voice_to_voice_s:.3f} s before the user had ended: it cut the user off"
    )
