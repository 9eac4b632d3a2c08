"""The clips that a call's microphone played, as far as they were really said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from harness.score.uncertainty import KNOWN_CLIP_S, combined


class Told(Protocol):
    """An event of a trace."""

    @property
    def type(self) -> str:
        """Its kind."""

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says."""


def said_clips(events: Iterable[Told]) -> list[dict[str, Any]]:
    """What each "microphone.clip" says, its ends moved to where the user stopped in it.

    Clips that were said while the microphone was off are left out, nobody heard them; so are those
    that had not come to a voiced sample when the user stopped ("microphone.stop").
    """
    said: list[dict[str, Any]] = []
    for event in events:
        if event.type == "microphone.clip" and not event.data.get("muted"):
            said.append(dict(event.data))
        elif event.type == "microphone.stop":
            said = [cut for clip in said if (cut := _stopped(clip, event.data)) is not None]
    return said


def clip_uncertainty_s(clip: Mapping[str, Any]) -> float:
    """Of either end of what was said in it: of the clip's own edges, and of its place in the call.

    Args:
        clip: what "microphone.clip" says.
    """
    return combined(KNOWN_CLIP_S, clip.get("uncertainty_s") or 0.0) or KNOWN_CLIP_S


def _stopped(clip: dict[str, Any], stop: Mapping[str, Any]) -> dict[str, Any] | None:
    since_s, end_s = float(stop["since_s"]), float(stop["end_s"])
    voiced_s = clip.get("speech_start_s", clip.get("start_s"))
    if voiced_s is None:
        return clip
    if voiced_s >= end_s or clip.get("start_s", voiced_s) >= since_s:
        return None
    ends: dict[str, Any] = {
        name: min(clip[name], end_s) for name in ("end_s", "speech_end_s") if name in clip
    }
    return {**clip, **ends}
