"""One call as it was recorded: its trace, its audio, and where speech is in it.

Read from the folder of one run alone, so that an old trace can be measured again. What is missing
(no audio, a trace cut in the middle of a line) is noted and does not stop the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import soundfile

from harness.audio.clip import AudioClip
from harness.audio.containers import bytes_if_cut
from harness.audio.side_of_file import SideOfFile, Sound, pieces
from harness.errors import ArtifactError, HarnessError
from harness.score.answers import answers_of
from harness.score.clips import clip_uncertainty_s, said_clips
from harness.score.heard_voices import CallSound, own_voices
from harness.score.judged import as_judged, judged_spans
from harness.speech.spans import Span
from harness.trace import OFTEN, Trace, TraceEvent, read_trace

TRACE_NAME = "trace.jsonl"
AUDIO_NAME = "call.wav"

LONG_S = 30 * 60.0
"""A longer call is not given to a stand-in for the detector, which takes a side as one clip."""

FindSpeech = Callable[[AudioClip], Sequence[Span]]
"""Where somebody speaks in a clip; `harness.speech.spans.voiced_spans` is the real one."""


@dataclass(frozen=True, slots=True)
class CallAudio:
    """Both sides of a call; sample 0 is 0 s on the timeline, and both are equally long."""

    sent: Sound
    heard: Sound

    @property
    def sides(self) -> tuple[Sound, Sound]:
        """Both, sent and heard."""
        return self.sent, self.heard

    @property
    def duration_s(self) -> float:
        """Length of each side in seconds."""
        return self.sent.duration_s


@dataclass(frozen=True, slots=True)
class CallRecord:
    """Everything the report knows of one call."""

    folder: Path
    trace: Trace
    audio: CallAudio | None
    sent_spans: tuple[Span, ...]
    """Where the user's side is voiced; labelled edges where the fixture has them."""

    heard_spans: tuple[Span, ...]
    """Where the heard side is voiced, by the speech detector."""

    edges: str
    """How the edges were found, for the reader of the numbers."""

    notes: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The name that the trace's header gives, else the folder's."""
        return str(self.trace.header.get("name") or self.folder.name)

    @property
    def events(self) -> list[TraceEvent]:
        """All events of the trace, in order."""
        return self.trace.events

    @property
    def talk(self) -> CallRecord:
        """The same without statistics and messages, which are most of a long trace.

        For what goes through the events once for each turn.
        """
        events = [event for event in self.trace.events if event.type not in OFTEN]
        return replace(self, trace=replace(self.trace, events=events))

    @property
    def clock_uncertainty_s(self) -> float | None:
        """How far heard audio may be off on the timeline; None where the trace does not say."""
        for event in reversed(self.events):
            if event.type == "call.closed":
                return _first_number(event.data, "audio_uncertainty_s")
        return None

    @property
    def end_s(self) -> float:
        """The end of the timeline: the audio's end or the last event, whichever is later."""
        return max(_last_s(self.events), self.audio.duration_s if self.audio else 0.0)


def load_call(folder: Path, find_speech: FindSpeech | None = None) -> CallRecord:
    """Read the folder of one run (or the path of its trace).

    Args:
        folder: holds ``trace.jsonl`` and, if the call got that far, ``call.wav``.
        find_speech: a stand-in for the speech detector.

    Raises:
        ArtifactError: there is no trace, or it is not one.
    """
    path = folder if folder.is_file() else folder / TRACE_NAME
    trace = read_trace(path)
    notes: list[str] = []
    if trace.cut:
        notes.append("The last line of the trace is cut: the run ended while it was written.")
    if trace.lost:
        notes.append(
            f"{trace.lost} reports of getStats cannot be told: lines of the trace that they are "
            "differences to are missing."
        )
    audio = _read_audio(path.parent / AUDIO_NAME, notes)
    if audio is not None and not trace.of_type("call.closed"):
        notes.append(
            f"The run was killed, or crashed, before the call was closed. Its recording reaches to "
            f"{audio.duration_s:.1f} s, its trace to {_last_s(trace.events):.1f} s."
        )
    detected_sent, detected_heard = _detect(audio, find_speech, notes)
    labels = clip_labels(trace.events)
    heard = _heard_of_others(audio, detected_heard, labels, trace.events, notes)
    return CallRecord(
        folder=path.parent,
        trace=trace,
        audio=audio,
        sent_spans=tuple(with_labels(detected_sent, labels)),
        heard_spans=tuple(heard),
        edges=_describe_edges(bool(labels), audio is not None),
        notes=tuple(notes),
    )


def load_calls(folders: Sequence[Path], find_speech: FindSpeech | None = None) -> list[CallRecord]:
    """Read several runs; one that cannot be read becomes a record of that error.

    Raises:
        ArtifactError: not one of them can be read.
    """
    records: list[CallRecord] = []
    errors: list[ArtifactError] = []
    for folder in folders:
        try:
            records.append(load_call(folder, find_speech))
        except ArtifactError as error:
            errors.append(error)
            records.append(_unreadable(folder, error))
    if errors and len(errors) == len(records):
        raise errors[0]
    return records


def _heard_of_others(
    audio: CallAudio | None,
    detected: Sequence[Span],
    said: Sequence[Span],
    events: Sequence[TraceEvent],
    notes: list[str],
) -> list[Span]:
    """Heard voice without the user's own; the run's own edges where it judged an answer."""
    found = as_judged(detected, judged_spans(events))
    if audio is None:
        return found
    own = own_voices(CallSound(0.0, audio.heard, audio.sent), found, said, answers_of(events))
    for each in own:
        notes.append(f"{each.in_words[0].upper()}{each.in_words[1:]}.")
    late = _late_echoes(events, notes)
    others = [span for span in found if span not in [each.span for each in own]]
    return [span for span in others if not any(_overlap_s(span, each) > 0 for each in late)]


def _late_echoes(events: Sequence[TraceEvent], notes: list[str]) -> list[Span]:
    """Where the run heard a user's words again while no answer was played."""
    spans = []
    for event in events:
        if event.type == "heard.own_voice" and (copied := event.data.get("copied")):
            span = Span(float(event.data["start_s"]), float(event.data["end_s"]))
            if span not in spans:
                notes.append(f"From {span.start_s:.3f} s to {span.end_s:.3f} s, {copied}.")
                spans.append(span)
    return spans


def clip_labels(events: Sequence[TraceEvent]) -> list[Span]:
    """The labelled speech of every clip that the microphone sent, in order of time."""
    spans = []
    for data in said_clips(events):
        start_s = _first_number(data, "speech_start_s", "start_s")
        end_s = _first_number(data, "speech_end_s", "end_s")
        if start_s is not None and end_s is not None and end_s > start_s:
            doubt_s = clip_uncertainty_s(data)
            spans.append(Span(start_s, end_s, doubt_s, doubt_s))
    return sorted(spans, key=lambda span: span.start_s)


def with_labels(detected: Sequence[Span], labels: Sequence[Span]) -> list[Span]:
    """Detected speech, with the outer edges of labelled clips taken from the label.

    Inside a label the detector's pauses stay; detected speech outside every label stays too.
    """
    spans: list[Span] = []
    for label in labels:
        inside = [span for span in detected if _overlap_s(span, label) > 0]
        edges = inside or [label]
        edges[0] = replace(
            edges[0], start_s=label.start_s, start_uncertainty_s=label.start_uncertainty_s
        )
        edges[-1] = replace(edges[-1], end_s=label.end_s, end_uncertainty_s=label.end_uncertainty_s)
        spans += edges
    spans += [span for span in detected if not any(_overlap_s(span, label) > 0 for label in labels)]
    return sorted(spans, key=lambda span: span.start_s)


def _unreadable(folder: Path, error: ArtifactError) -> CallRecord:
    facts = {"kind": type(error).__name__, "message": str(error)}
    event = TraceEvent(0, None, "harness", "error", facts)
    home = folder if folder.is_dir() else folder.parent
    return CallRecord(home, Trace({"name": folder.name}, [event]), None, (), (), "nothing to find")


def _overlap_s(a: Span, b: Span) -> float:
    return min(a.end_s, b.end_s) - max(a.start_s, b.start_s)


def _last_s(events: Sequence[TraceEvent]) -> float:
    return max((event.t_s for event in events if event.t_s is not None), default=0.0)


def _first_number(data: dict[str, Any], *names: str) -> float | None:
    for name in names:
        if isinstance(data.get(name), int | float):
            return float(data[name])
    return None


def _read_audio(path: Path, notes: list[str]) -> CallAudio | None:
    """Both channels; a file whose writer died is read as far as it goes."""
    if not path.is_file():
        notes.append(f"There is no {path.name}: nothing that needs audio could be measured.")
        return None
    try:
        with soundfile.SoundFile(str(path)) as file:
            rate_hz, frames, channels = file.samplerate, file.frames, file.channels
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        notes.append(
            f"{path.name} cannot be read ({error}): nothing that needs audio was measured."
        )
        return None
    if (cut := bytes_if_cut(path)) is not None:
        notes.append(
            f"{path.name} is cut: {cut[0]} of the {cut[1]} bytes of samples that its header "
            "promises. What lies behind was not measured."
        )
    if channels != 2 or frames == 0:
        notes.append(
            f"{path.name} has {channels} channel(s) and {frames} frames instead of two "
            "channels (sent, heard): nothing that needs audio was measured."
        )
        return None
    sent, heard = (SideOfFile(path, channel, frames, rate_hz) for channel in (0, 1))
    return CallAudio(sent, heard)


def _detect(
    audio: CallAudio | None, find_speech: FindSpeech | None, notes: list[str]
) -> list[list[Span]]:
    """The spans of both sides, sent and heard."""
    if audio is None:
        return [[], []]
    try:
        if find_speech is None or audio.duration_s > LONG_S:
            return _by_detector(audio)
        return [list(find_speech(each.between(0.0, each.duration_s))) for each in audio.sides]
    except ArtifactError:
        raise
    except HarnessError as error:
        notes.append(f"Speech could not be detected in the audio: {error.message}")
        return [[], []]


def _by_detector(audio: CallAudio) -> list[list[Span]]:
    """The spans of each side, which are looked at side by side: of an hour it takes a minute."""
    with ThreadPoolExecutor(len(audio.sides)) as threads:
        return list(threads.map(_spans_of, audio.sides))


def _spans_of(sound: Sound) -> list[Span]:
    """The spans of one side, which is read piece by piece."""
    from harness.speech.spans import PIECE_S, SpanFinder

    finder = SpanFinder(sound.sample_rate_hz)
    found: list[Span] = []
    given = 0
    for piece in pieces(sound, PIECE_S / 4):
        given += piece.frames
        found += finder.process(piece.samples, is_last=given == sound.frames)
    return [replace(span, end_s=min(span.end_s, sound.duration_s)) for span in found]


def _describe_edges(labelled: bool, has_audio: bool) -> str:
    if not has_audio:
        return "no audio; only what the events say"
    detector = "read from the samples where a speech detector hears a voice, each with its ±"
    if labelled:
        return f"sent: labels of the clips played; heard: {detector}"
    return detector
