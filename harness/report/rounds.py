"""Rounds of offer and answer of a connection, and what followed from what in them. Pure.

A browser tells a description when it is wholly taken: what the answer set off, a track or the first
checks, may stand before the answer in the trace, and followed from it all the same.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from harness.report.sdp_words import explained, gist, ice_fragment
from harness.terminal_text import printable
from harness.trace import TraceEvent

MOST_STEPS = 40
"""A round shows so many; what is left out is counted, and in the trace."""

MOST_TEXTS = 8
"""A round shows so many descriptions."""

MOST_SDP_CHARS = 600_000
"""All descriptions of a call share so much of the page."""

_SIDES = {"local": "this side", "remote": "the other side"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened in a round, and what it followed from."""

    seq: int
    at_s: float | None
    text: str
    after_s: float | None
    """Since what it followed from; None where one of both has no time."""

    after: str
    """What it followed from, in a word or two; "" where that is not known."""

    is_bad: bool = False


@dataclass(slots=True)
class SdpText:
    """An offer or an answer, line by line."""

    key: str
    """"1-offer": the round and the kind, unique in its connection."""

    label: str
    lines: list[tuple[str, str]]
    """Text and words; none where the page has no room for it."""

    left_out: int


@dataclass(slots=True)
class Round:
    """An offer, and what came of it until the next one."""

    number: int
    steps: list[Step] = field(default_factory=list)
    texts: list[SdpText] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is remarkable of it: never answered, ICE restarted, other media than before."""

    more_steps: int = 0


class SdpRoom:
    """How much of descriptions the page still takes."""

    def __init__(self) -> None:
        self._left = MOST_SDP_CHARS

    def lines(self, sdp: str) -> tuple[list[tuple[str, str]], int]:
        """Lines with their words, as far as there is room; and how many are left out."""
        if self._left <= 0:
            return [], sdp.count("\n")
        lines, left_out = explained(sdp)
        chars = sum(len(line.text) + len(line.words) for line in lines)
        self._left -= chars
        if self._left < 0:
            return [], len(lines) + left_out
        return [(line.text, line.words) for line in lines], left_out


class Story:
    """The rounds of a connection, told event by event."""

    def __init__(self, room: SdpRoom) -> None:
        self.rounds: list[Round] = []
        self.links: dict[int, int] = {}
        self.offer: TraceEvent | None = None
        self.answer: TraceEvent | None = None
        self.came_up: TraceEvent | None = None
        self._room = room
        self._described: dict[str, TraceEvent] = {}
        self._before: dict[str, tuple[str, str]] = {}
        self._created: TraceEvent | None = None
        self._reached: dict[str, TraceEvent] = {}
        self._found: dict[str, int] = {}
        self._early: list[tuple[TraceEvent, int]] = []

    @property
    def _round(self) -> Round:
        if not self.rounds:
            self.rounds.append(Round(1))
        return self.rounds[-1]

    def take(self, event: TraceEvent) -> None:
        """The next event of the connection, in the order of the trace."""
        kind = event.type.removeprefix("peer_connection.")
        if kind == "created":
            self._created = event
        elif kind in ("offer", "answer"):
            self._describe(event, kind)
        elif kind == "page.signalled":
            self._signal(event)
        elif kind == "candidate":
            self._find(event)
        elif kind == "state":
            self._change(event)
        elif kind == "track":
            what = f"a remote {text_of(event, 'kind')} track came"
            self._add(event, what, self._taken_from_remote(event))
        elif kind == "data_channel.open":
            label = text_of(event, "label")
            what = f"the data channel “{label}” opened" if label else "a data channel opened"
            self._add(event, what, self._reached.get("connection"))
        elif kind == "error":
            what = f"{text_of(event, 'operation')} was refused: {text_of(event, 'message')}"
            self._add(event, what, self.offer, is_bad=True)
        elif kind == "closed":
            self._add(event, "the page closed the connection", None)

    def end(self) -> None:
        """Nothing follows."""
        if self.offer is not None and self.answer is None:
            self._note("No answer to this offer was set.")
        self._tell_candidates()

    def _describe(self, event: TraceEvent, kind: str) -> None:
        if kind == "offer":
            self._begin(event)
        side, sdp = text_of(event, "side"), _sdp(event)
        self._described[side] = event
        who = _SIDES.get(side, "a side")
        cause = self._created if kind == "offer" and len(self.rounds) == 1 else None
        if kind == "answer":
            cause = self._reached.get("signalled") or self.offer
            if self.offer is None:
                self._note("The offer to this answer is not in the trace.")
            elif self.answer is not None:
                self._note("More than one answer was set.")
            self.answer = event
        about = gist(sdp)
        self._compare(side, (ice_fragment(sdp), about))
        self._add(event, f"{kind} of {who}: {about}", cause)
        self._link_early(event)
        if len(self._round.texts) >= MOST_TEXTS:
            return
        of_kind = sum(text.key.split("-")[1].startswith(kind) for text in self._round.texts)
        key = f"{self._round.number}-{kind}" + (str(of_kind + 1) if of_kind else "")
        lines, left_out = self._room.lines(sdp)
        label = f"Round {self._round.number}: {kind} of {who}"
        self._round.texts.append(SdpText(key, label, lines, left_out))

    def _taken_from_remote(self, event: TraceEvent) -> TraceEvent | None:
        """The other side's description: the trace has it when it is wholly taken, maybe later."""
        is_answered = self.offer is None or self.offer.data.get("side") != "local"
        if is_answered or self.answer is not None:
            return self._described.get("remote")
        self._early.append((event, len(self._round.steps)))
        return None

    def _link_early(self, event: TraceEvent) -> None:
        if event.data.get("side") != "remote":
            return
        steps = self._round.steps
        for effect, at in self._early:
            self._link(effect, event)
            if at < len(steps) and steps[at].seq == effect.seq:
                steps[at] = dataclasses.replace(steps[at], after=f"with {_name_of(event)}")
        self._early = []

    def _begin(self, offer: TraceEvent) -> None:
        self._tell_candidates()
        if self.offer is not None and self.answer is None:
            both = self.offer.data.get("side") != offer.data.get("side")
            self._note(
                "Both sides made an offer at once (glare)."
                if both
                else "No answer to this offer was set before the next one."
            )
        self.rounds.append(Round(len(self.rounds) + 1))
        self.offer, self.answer, self._early = offer, None, []
        self._reached.pop("signalled", None)

    def _compare(self, side: str, now: tuple[str, str]) -> None:
        """Against the last one of this side: the name of ICE, and what it is about."""
        before = self._before.get(side)
        self._before[side] = now
        if before is None:
            return
        who = _SIDES.get(side, "a side")
        if before[0] and now[0] and before[0] != now[0]:
            self._note(f"ICE is restarted by {who}: its name (ice-ufrag) is new.")
        if before[1] != now[1]:
            self._note(f"Changed by {who}: {before[1]} → {now[1]}.")

    def _signal(self, event: TraceEvent) -> None:
        # told from outside the page, some tenths of a second late: its time would mislead here
        event = dataclasses.replace(event, t_s=None)
        status = event.data.get("status")
        took_s = event.data.get("took_s")
        took = f" after {took_s * 1000:.0f} ms" if isinstance(took_s, int | float) else ""
        answered = f"was answered with {status}{took}" if status else "got no answer"
        is_bad = not isinstance(status, int) or status >= 400
        self._add(event, f"the posted offer {answered}", self.offer, is_bad=is_bad)
        self._reached["signalled"] = event

    def _find(self, event: TraceEvent) -> None:
        side = text_of(event, "side")
        self._link(event, self._described.get(side))
        if not event.data.get("candidate"):
            if side == "local":
                self._reached["gathered"] = event
            return
        self._found[side] = self._found.get(side, 0) + 1
        if self._found[side] == 1:
            self._reached[f"{side} candidate"] = event

    def _tell_candidates(self) -> None:
        """Candidates are one step a side, placed where the first was told."""
        if not self.rounds:
            return
        for side, count in self._found.items():
            first = self._reached.pop(f"{side} candidate")
            found = "found by" if side == "local" else "told by"
            what = (
                f"{count} candidate{'s' if count > 1 else ''} {found} {_SIDES.get(side, 'a side')}"
            )
            end = self._reached.get("gathered") if side == "local" else None
            until = between(first, end)
            what += f", the last within {until * 1000:.0f} ms" if until is not None else ""
            self._add(first, what, self._described.get(side))
        self._found = {}
        self._round.steps.sort(key=lambda step: step.seq)
        self._reached.pop("gathered", None)

    def _change(self, event: TraceEvent) -> None:
        kind, state = text_of(event, "kind"), text_of(event, "state")
        if kind not in ("ice", "connection"):
            return
        cause = self._reached.get("ice")
        if (kind, state) == ("ice", "checking"):
            cause = self._taken_from_remote(event)
        words = {
            ("ice", "checking"): "ICE began its checks",
            ("ice", "connected"): "ICE is connected: a check was answered",
            ("ice", "completed"): "ICE is complete",
            ("ice", "disconnected"): "ICE is disconnected: checks are not answered any more",
            ("ice", "failed"): "ICE failed: no pair of addresses worked",
            ("connection", "connected"): "connected: encryption (DTLS) is agreed",
            ("connection", "failed"): "the connection failed",
            ("connection", "disconnected"): "the connection is disconnected",
        }.get((kind, state))
        if kind == "connection" and state == "connected":
            self.came_up = self.came_up or event
        if words:
            self._add(event, words, cause, is_bad=state in ("failed", "disconnected"))
        else:
            self._link(event, cause)
        self._reached[kind] = event

    def _add(
        self, event: TraceEvent, text: str, cause: TraceEvent | None, *, is_bad: bool = False
    ) -> None:
        self._link(event, cause)
        if len(self._round.steps) >= MOST_STEPS:
            self._round.more_steps += 1
            return
        after_s = between(cause, event)
        after = f"after {_name_of(cause)}" if cause is not None else ""
        self._round.steps.append(Step(event.seq, event.t_s, text, after_s, after, is_bad))

    def _note(self, text: str) -> None:
        if text not in self._round.notes and len(self._round.notes) < MOST_TEXTS:
            self._round.notes.append(text)

    def _link(self, event: TraceEvent, cause: TraceEvent | None) -> None:
        if cause is not None and cause is not event:
            self.links[event.seq] = cause.seq


def _name_of(event: TraceEvent) -> str:
    """A cause in a word or two."""
    kind = event.type.removeprefix("peer_connection.")
    if kind == "state":
        is_ice, state = event.data.get("kind") == "ice", text_of(event, "state")[:20]
        return f"{'ICE ' if is_ice else ''}{state}"
    names = {"created": "it was made", "page.signalled": "the reply"}
    return names.get(kind, f"the {kind}")


def text_of(event: TraceEvent, name: str) -> str:
    """A text of an event, bounded and fit to be shown; "" where it has none of that name."""
    value = event.data.get(name)
    return printable(value)[:300] if isinstance(value, str) else ""


def _sdp(event: TraceEvent) -> str:
    value = event.data.get("sdp")
    return value if isinstance(value, str) else ""


def between(cause: TraceEvent | None, effect: TraceEvent | None) -> float | None:
    """From one to the other, seconds; None where one is missing, has no time, or is told late."""
    if cause is None or effect is None or cause.t_s is None or effect.t_s is None:
        return None
    return effect.t_s - cause.t_s if effect.t_s >= cause.t_s else None
