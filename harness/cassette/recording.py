"""Making of a cassette from a call's trace: what was said, what came back, and where its sound is.

Pure: reads no file. Where each sound lies in the recording is told, so that whoever has the
recording cuts it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.cassette.model import (
    Cassette,
    Head,
    Piece,
    RecordedAnswer,
    RecordedError,
    RecordedTurn,
)
from harness.cassette.session_reader import (
    Answered,
    ReadSession,
    SaidTurn,
    is_spoken,
    read_session,
    words_of,
)
from harness.cassette.signalling import signalling_of
from harness.cassette.wire_log import WireEvent, unreadable, wire_events
from harness.errors import UsageError
from harness.facts.call import ClipPlayed
from harness.redact import Masker, shown
from harness.speech.words import normal_form
from harness.trace import Trace, TraceEvent

AUDIO = "audio"
"""Folder of the sounds."""

KNOWN_PATH_S = {"simulated": 0.075, "native": 0.06, "browser": 0.12}
"""What the way from the server's “begins” to the ear takes at least, by engine: in memory exactly,
else a careful guess, for calls whose own calibration is not known."""

TAIL_S = 0.3
"""Recorded beyond the end that was told: the last packets, and the jitter buffer."""

LATE_COMMIT_S = 0.5
"""A turn may be told this long before a clip that belongs to it has ended."""


@dataclass(frozen=True, slots=True)
class SoundSpan:
    """Where one sound lies in what was received."""

    file: str
    """Its name in the cassette."""

    from_s: float
    """When the server said that it begins; what is quiet after it, for `lead_s`, is the way."""

    until_s: float
    lead_s: float = 0.0


@dataclass(frozen=True)
class Draft:
    """A cassette before its sounds are cut out."""

    cassette: Cassette
    sounds: tuple[SoundSpan, ...]
    events: tuple[WireEvent, ...]
    """All events both ways, in order."""


def draft_of(trace: Trace, masker: Masker | None = None) -> Draft:
    """The cassette of a trace.

    Args:
        masker: hides the keys that it knows, and whatever looks like one.

    Raises:
        UsageError: the call spoke no Realtime protocol, or not a word of it.
    """
    events = tuple(wire_events(trace))
    read = read_session(events)
    if read.sessions == 0:
        raise _no_session(trace)
    path_s = _path_s(trace)
    sounds = _Sounds(read, path_s, max((one.t_s or 0.0 for one in trace.events), default=0.0))
    clips = _Clips(trace.of_type(ClipPlayed.type))
    turns = [_turn(turn, clips.of(turn), sounds) for turn in read.turns]
    kept = [turn for turn in turns if turn.number > 0 or turn.then]
    notes = _notes(trace, read)
    if not kept:
        notes.append("No turn of the user and no answer is in it.")
    head = _head(trace, read, path_s, notes)
    data = {"head": head, "turns": [turn.model_dump() for turn in kept]}
    hidden = (masker or Masker()).value(data)
    return Draft(Cassette.model_validate(hidden), tuple(sounds.spans), events)


class _Sounds:
    """Names and places of the sounds, in the order of the answers."""

    def __init__(self, read: ReadSession, path_s: float, end_s: float) -> None:
        self.spans: list[SoundSpan] = []
        self._path_s = path_s
        begun = [
            a.sound_from_s for t in read.turns for a in t.answers if a.sound_from_s is not None
        ]
        self._begun_s = [*sorted(begun), end_s + path_s]

    def of(self, answer: Answered) -> str | None:
        """The file of an answer's sound; None where it has none."""
        from_s = answer.sound_from_s
        if from_s is None:
            return None
        name = f"{AUDIO}/{len(self.spans) + 1:03d}.flac"
        following_s = next((start for start in self._begun_s if start > from_s), from_s)
        until_s = following_s
        if answer.sound_until_s is not None:
            tail_s = 0.0 if answer.was_cleared else TAIL_S
            until_s = min(answer.sound_until_s + self._path_s + tail_s, following_s + self._path_s)
        self.spans.append(SoundSpan(name, from_s, until_s, self._path_s))
        return name


class _Clips:
    """What the harness itself said, by the turns that it became."""

    def __init__(self, events: Sequence[TraceEvent]) -> None:
        self._left = [event.data for event in events if not event.data.get("muted")]

    def of(self, turn: SaidTurn) -> str | None:
        """The words of the clips that ended before a spoken turn was told, and no turn had yet."""
        if turn.typed or turn.number == 0:
            return None
        until_s = turn.at_s + LATE_COMMIT_S
        mine = [clip for clip in self._left if float(clip.get("speech_end_s", 0.0)) <= until_s]
        self._left = [clip for clip in self._left if clip not in mine]
        return " ".join(str(clip["text"]) for clip in mine if clip.get("text")) or None


def _turn(turn: SaidTurn, clip_words: str | None, sounds: _Sounds) -> RecordedTurn:
    said = turn.said or clip_words
    is_other = clip_words is not None and normal_form(clip_words) != normal_form(said or "")
    return RecordedTurn(
        number=turn.number,
        said=said,
        also=(clip_words,) if is_other and clip_words else (),
        typed=turn.typed,
        then=tuple(_answer(answer, sounds) for answer in turn.answers),
    )


def _answer(answer: Answered, sounds: _Sounds) -> RecordedAnswer:
    error = None
    if answer.status == "failed":
        told = {name: answer.error[name] for name in ("code", "message") if answer.error.get(name)}
        error = RecordedError(**{name: str(text) for name, text in told.items()})
    return RecordedAnswer(
        after=answer.after,
        tool=answer.tool,
        result=answer.result,
        status=answer.status,
        error=error,
        pieces=tuple(_pieces(answer, sounds)),
    )


def _pieces(answer: Answered, sounds: _Sounds) -> list[Piece]:
    """All output; what was spoken in several messages is one piece, for its sound is one."""
    spoken = [item_id for item_id, item in answer.items.items() if is_spoken(item)]
    pieces: list[Piece] = []
    for item_id, item in answer.items.items():
        at_s = round(
            max(0.0, answer.item_at_s.get(item_id, answer.created_s) - answer.created_s), 3
        )
        if item.get("type") in ("function_call", "mcp_call"):
            pieces.append(_call(item, at_s))
        elif item_id in spoken[:1]:
            words = " ".join(filter(None, (words_of(answer, each) for each in spoken)))
            pieces.append(_spoken(answer, words, at_s, sounds))
        elif item.get("type") == "message" and item_id not in spoken:
            pieces.append(Piece(say=words_of(answer, item_id), at_s=at_s))
    return pieces


def _call(item: dict[str, Any], at_s: float) -> Piece:
    label = item.get("server_label")
    return Piece(
        call=str(item.get("name")),
        arguments=str(item.get("arguments") or "{}"),
        server_label=None if label is None else str(label),
        at_s=at_s,
    )


def _spoken(answer: Answered, words: str, at_s: float, sounds: _Sounds) -> Piece:
    sound = sounds.of(answer)
    if sound is not None and answer.sound_from_s is not None:
        at_s = round(max(0.0, answer.sound_from_s - answer.created_s), 3)
    was_cut = answer.was_cleared or answer.status == "cancelled"
    return Piece(say=words, audio=sound, at_s=at_s, cut=was_cut)


def _head(trace: Trace, read: ReadSession, path_s: float, notes: Sequence[str]) -> dict[str, Any]:
    header = trace.header
    carried = trace.of_type("call.protocol")
    carrier = {name: carried[0].data.get(name) for name in ("over", "label")} if carried else {}
    session = {name: value for name, value in read.settings.items() if name not in _OF_ONE_CALL}
    signalling = {**signalling_of(trace.events), **carrier}
    fields = {
        "harness_cassette": 1,
        "engine": header.get("engine"),
        "harness": header.get("harness"),
        "model": session.get("model"),
        "name": str(header.get("name") or ""),
        "notes": list(notes),
        "path_s": path_s,
        "recorded_at": header.get("started_at"),
        "server": shown(str(header["server"])) if header.get("server") else None,
        "session": session,
        "signalling": signalling,
    }
    return Head.model_validate(fields).model_dump()


_OF_ONE_CALL = ("id", "object", "expires_at", "client_secret")
"""Of a session object: made new in every call."""


def _path_s(trace: Trace) -> float:
    measured = [event.data.get("path_s") for event in trace.of_type("path.measured")]
    known = KNOWN_PATH_S.get(str(trace.header.get("engine")), 0.0)
    # What was measured is both ways.
    return round(float(measured[-1]) / 2, 3) if measured and measured[-1] else known


def _notes(trace: Trace, read: ReadSession) -> list[str]:
    unfinished = sum(not answer.is_over for turn in read.turns for answer in turn.answers)
    lost = unreadable(trace)
    told = (
        (read.sessions > 1, "Another session began later; only the first one is kept."),
        (read.beside > 0, f"{read.beside} responses outside the conversation are not kept."),
        (
            read.deleted > 0,
            f"{read.deleted} items were deleted from the conversation; later turns may be counted "
            "otherwise in a replay.",
        ),
        (unfinished > 0, f"{unfinished} responses had not ended when the call did."),
        (lost > 0, f"{lost} messages were too long for the trace, or are no events."),
        (trace.cut, "The last line of the trace was cut."),
    )
    return [text for holds, text in told if holds]


def _no_session(trace: Trace) -> UsageError:
    named = [str(event.data.get("protocol")) for event in trace.of_type("call.protocol")]
    return UsageError(
        "There is no session in this call that a cassette could keep.",
        expected="a call that speaks the Realtime protocol, with session.created in its trace",
        found=f"the protocol “{named[0]}”" if named else "no event of that protocol",
    )
