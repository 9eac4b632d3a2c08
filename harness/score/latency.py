"""Latency of an answer: whether it came soon enough, and the words for it. Pure."""

from __future__ import annotations


def judge_latency(
    limit_s: float,
    voice_to_voice_s: float | None,
    heard_at_s: float | None,
    unheard: str = "",
    uncertainty_s: float | None = None,
) -> tuple[bool, str]:
    """Whether an answer began within a limit, with the evidence.

    An answer that begins before the user has ended cuts the user off: that is no good latency.

    Args:
        voice_to_voice_s: None where nothing was heard, or where it answers nothing.
        heard_at_s: the answer's first voiced sample; None where nothing was heard.
        unheard: why nothing was heard, in words.
        uncertainty_s: how far the latency may be off; None: not known.
    """
    if voice_to_voice_s is None and heard_at_s is not None:
        return False, (
            f"the answer was a greeting: it was heard at {heard_at_s:.3f} s, before the user had "
            "said anything, so there is no time from the user's last sound to it"
        )
    if voice_to_voice_s is None:
        return False, "no sound of an answer to measure" + (f": {unheard}" if unheard else "")
    if voice_to_voice_s < 0:
        return False, cut_off(voice_to_voice_s)
    doubt = "" if uncertainty_s is None else f" (± {uncertainty_s:.3f} s)"
    return voice_to_voice_s <= limit_s, f"it started {voice_to_voice_s:.3f} s after{doubt}"


def cut_off(voice_to_voice_s: float) -> str:
    """In words: how an answer cut the user off."""
    return (
        f"the answer began {-voice_to_voice_s:.3f} s before the user had ended: it cut the user off"
    )
