"""Words that the user had said when they stopped in the middle of them."""

from __future__ import annotations

from dataclasses import replace

from harness.call.heard_answer import Said


def said_until(said: Said, since_s: float, end_s: float) -> Said | None:
    """As much of it as was said; None where no word was.

    Args:
        said: stays as it is.
        since_s: when the user stopped, on the timeline; what begins later was not said.
        end_s: when all was silent.
    """
    if said.end_s <= since_s:
        return said
    if said.start_s >= since_s or said.speech_start_s >= end_s:
        return None
    one, lasts_s = said.utterance, end_s - said.start_s
    shorter = replace(
        one,
        clip=one.clip.between(0.0, min(lasts_s, one.clip.duration_s)),
        speech_end_s=min(lasts_s, one.speech_end_s),
    )
    return replace(said, utterance=shorter)
