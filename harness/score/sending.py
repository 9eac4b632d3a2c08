"""Speech that the page did not send: our microphone against the senders' own counts.

A page may mute the track of the microphone, take it from its sender or put another in its place.
The microphone hears the user all the same, so only getStats says what the sender had to send: the
energy of its source (``media-source``). Pure functions over such levels.

Source: W3C webrtc-stats, RTCAudioSourceStats (totalAudioEnergy, totalSamplesDuration).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.score.playback import Level
from harness.speech.spans import Span

SOUND_DBFS = -45.0
"""The user's voice is above this; what is weaker is the room."""

LOST_DB = 30.0
"""Sent that much weaker than it was said, nobody hears it."""

LEAST_S = 0.4
"""What lasts less lies at the edge between two reports, whose clocks are not ours."""

JOINED_S = 0.6
"""Pauses between words do not end what was not sent."""

SILENT_DBFS = -120.0

MUTED = "the page had muted its microphone"
NO_TRACK = "its sender had no track"
SILENT_TRACK = "the track that its sender had was silent"


@dataclass(frozen=True, slots=True)
class SourceTotals:
    """What a sender had been given until a report: totals since its source began."""

    energy: float
    """Sum of the squared level times seconds, full scale 1.0."""

    duration_s: float


@dataclass(frozen=True, slots=True)
class SourceLevel:
    """How loud what a connection had to send was between two of its reports."""

    start_s: float
    end_s: float
    dbfs: float
    reason: str
    """Why it is silent, if it is."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A stretch that the user said and no connection sent."""

    start_s: float
    end_s: float
    reason: str


def sources_in(report: Iterable[Mapping[str, Any]]) -> dict[str, SourceTotals] | None:
    """The audio sources of a connection's senders, by their ids; None where it sends no audio."""
    entries = list(report)
    sends = [e for e in entries if e.get("type") == "outbound-rtp" and e.get("kind") == "audio"]
    if not sends:
        return None
    wanted = {e.get("mediaSourceId") for e in sends}
    return {
        str(e["id"]): SourceTotals(
            float(e.get("totalAudioEnergy") or 0.0), float(e.get("totalSamplesDuration") or 0.0)
        )
        for e in entries
        if e.get("type") == "media-source" and e.get("id") in wanted
    }


def level_between(
    before: Mapping[str, SourceTotals],
    after: Mapping[str, SourceTotals],
    start_s: float,
    end_s: float,
) -> SourceLevel | None:
    """The loudest source of a connection between two reports; None where that is not known."""
    if not after:
        return SourceLevel(start_s, end_s, SILENT_DBFS, NO_TRACK)
    levels = []
    for name, totals in after.items():
        earlier = before.get(name)
        if earlier is None:
            return None  # it has just begun, and how it was before nobody knows
        lasted_s = totals.duration_s - earlier.duration_s  # 0 where it gives no samples at all
        power = (totals.energy - earlier.energy) / lasted_s if lasted_s > 0 else 0.0
        levels.append(10 * math.log10(power) if power > 1e-12 else SILENT_DBFS)
    return SourceLevel(start_s, end_s, max(levels), SILENT_TRACK)


def unsent(said: Sequence[Level], sources: Sequence[SourceLevel]) -> list[Unsent]:
    """Every stretch of the user's voice that some connection could have sent and none did.

    Args:
        said: pieces of the microphones, in order of time.
        sources: of all connections that send audio.
    """
    found: list[Unsent] = []
    for piece in said:
        reason = _lost(piece, sources)
        if not reason:
            continue
        if found and piece.start_s - found[-1].end_s <= JOINED_S:
            found[-1] = Unsent(found[-1].start_s, max(found[-1].end_s, piece.end_s), reason)
        else:
            found.append(Unsent(piece.start_s, piece.end_s, reason))
    return [stretch for stretch in found if stretch.end_s - stretch.start_s >= LEAST_S]


def muted(speech: Sequence[Span], off: Sequence[Span]) -> list[Unsent]:
    """Every stretch of speech that the user said while all microphones of the page were off."""
    shared = [
        Unsent(max(said.start_s, each.start_s), min(said.end_s, each.end_s), MUTED)
        for said in speech
        for each in off
    ]
    return [stretch for stretch in shared if stretch.end_s - stretch.start_s >= LEAST_S]


def _lost(piece: Level, sources: Sequence[SourceLevel]) -> str:
    """Why a piece of the user's voice was not sent; "" where it was, or nothing is known."""
    if piece.rms_dbfs < SOUND_DBFS:
        return ""
    around = [s for s in sources if s.start_s < piece.end_s and s.end_s > piece.start_s]
    if not around or any(s.dbfs > piece.rms_dbfs - LOST_DB for s in around):
        return ""
    return around[0].reason
