"""Taking of a cassette from the folder of a call: its trace is read, its sounds are cut out.

The sounds are cut from what was received, where a page stands between the server and the ear; else
from what was heard.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from harness.audio.clip import AudioClip
from harness.audio.level import rms_dbfs, window_levels_dbfs
from harness.audio.side_of_file import SideOfFile
from harness.cassette.files import check_target, write_cassette
from harness.cassette.model import Cassette
from harness.cassette.recording import Draft, SoundSpan, draft_of
from harness.cassette.wire_log import kept_lines
from harness.errors import ArtifactError
from harness.redact import Masker
from harness.trace import read_trace

TRACE_NAME = "trace.jsonl"
CALL_NAME = "call.wav"
HEARD = 1
"""The channel of ``call.wav`` with what was heard."""

QUIET_DBFS = -60.0
WINDOW_S = 0.005


def keep_cassette(
    call: Path, target: Path, masker: Masker | None = None, *, overwrite: bool = False
) -> Cassette:
    """Write the cassette of a call.

    Args:
        call: the folder of its run, with ``trace.jsonl`` and its recordings.
        target: the cassette's folder; see `check_target`.
        masker: hides the keys that it knows, and whatever looks like one.
        overwrite: whether a cassette that was edited by hand may be replaced.

    Raises:
        UsageError: the call spoke no Realtime protocol, or ``target`` holds something else.
        ArtifactError: the trace cannot be read, or the cassette not written.
    """
    check_target(target, overwrite=overwrite)
    draft = draft_of(read_trace(call / TRACE_NAME), masker)
    tracks = _tracks(call)
    sounds = {span.file: _cut(tracks, span) for span in draft.sounds}
    cassette = _without_silent(draft, sounds)
    kept = {name: clip for name, clip in sounds.items() if clip.frames}
    lines = kept_lines(draft.events, masker)
    write_cassette(target, cassette, kept, lines, overwrite=overwrite)
    return cassette


def _tracks(call: Path) -> list[SideOfFile]:
    """The remote tracks as they came; where there are none, what was heard."""
    received = [side for path in sorted(call.glob("received*.wav")) if (side := _side(path, 0))]
    heard = None if received else _side(call / CALL_NAME, HEARD)
    return [heard] if heard is not None else received


def _side(path: Path, channel: int) -> SideOfFile | None:
    try:
        with soundfile.SoundFile(str(path)) as file:
            if file.channels <= channel or file.frames == 0:
                return None
            return SideOfFile(path, channel, file.frames, file.samplerate)
    except (soundfile.LibsndfileError, OSError, RuntimeError):
        return None


def _cut(tracks: list[SideOfFile], span: SoundSpan) -> AudioClip:
    """The sound of the track that has most of it, without the way at its beginning."""
    clips = []
    for track in tracks:
        try:
            clips.append(track.between(span.from_s, span.until_s))
        except ArtifactError:
            continue
    if not clips:
        return AudioClip(np.zeros(0, np.float32), 48_000)
    clip = max(clips, key=lambda one: rms_dbfs(one.samples))
    levels = window_levels_dbfs(clip.samples, clip.sample_rate_hz, WINDOW_S)
    loud = np.flatnonzero(levels > QUIET_DBFS)
    if not len(loud):
        return AudioClip(clip.samples[:0], clip.sample_rate_hz)
    lead_s = min(float(loud[0]) * WINDOW_S, span.lead_s)
    return clip.between(lead_s, (float(loud[-1]) + 1) * WINDOW_S)


def _without_silent(draft: Draft, sounds: dict[str, AudioClip]) -> Cassette:
    """The cassette, naming no sound that is not there: those words are spoken by the local voice.

    A note says so.
    """
    silent = {name for name, clip in sounds.items() if clip.frames == 0}
    if not silent:
        return draft.cassette
    data = draft.cassette.model_dump()
    for turn in data["turns"]:
        for answer in turn["then"]:
            for piece in answer["pieces"]:
                if piece["audio"] in silent:
                    piece["audio"], piece["cut"] = None, False
    note = f"{len(silent)} answers with sound have none in the recording."
    data["head"]["notes"] = (*data["head"]["notes"], note)
    return Cassette.model_validate(data)
