"""The other side's understanding of one turn of the user: the transcripts that belong to it."""

from __future__ import annotations

from harness.call.events import CallEvent


class UserTurn:
    """The transcripts of what was said in a stretch of the timeline.

    A turn that was committed before the stretch is an earlier one, whatever is transcribed later;
    so is one that was noticed before it and committed in the middle of it.

    Args:
        from_s: first voiced sample of what was said.
        until_s: last voiced sample; a turn committed before it is only the first part.
    """

    def __init__(self, from_s: float, until_s: float) -> None:
        self._from_s = from_s
        self._until_s = until_s
        self._noticed: dict[str, float] = {}
        self._committed: dict[str, float] = {}
        self._turns: set[str] = set()
        """All turns that were noticed or committed, those of others too."""

        self._loose: dict[str, float] = {}
        """When words were told last whose turn nobody tells of."""

        self._texts: dict[str, str | None] = {}

    def on_call_event(self, event: CallEvent) -> None:
        """One event of the call; all but those of the user's turns mean nothing here."""
        if event.source != "dialogue" or not event.type.startswith("user."):
            return
        turn_id = str(event.data.get("turn_id"))
        if event.type in ("user.speech_started", "user.committed"):
            self._turns.add(turn_id)
        if event.type == "user.speech_started":
            self._noticed.setdefault(turn_id, event.t_s)
        elif event.type == "user.committed" and self._is_ours(turn_id, event.t_s):
            self._committed.setdefault(turn_id, event.t_s)
        elif event.type == "user.transcript":
            self._texts[turn_id] = str(event.data.get("text") or "")
            if turn_id not in self._turns and event.t_s >= self._from_s:
                self._loose[turn_id] = event.t_s
        elif event.type == "user.transcript_failed":
            self._texts[turn_id] = None

    def _is_ours(self, turn_id: str, committed_s: float) -> bool:
        noticed_s = self._noticed.get(turn_id, committed_s)
        return committed_s >= self._from_s and (
            noticed_s >= self._from_s or committed_s >= self._until_s
        )

    def settled_at_s(self, settle_s: float) -> float:
        """Until when more words may follow, where nobody tells of turns; else 0.

        Args:
            settle_s: how long after the last words they are complete.
        """
        if self._turns or not self._loose:
            return 0.0
        return max(self._loose.values()) + settle_s

    def completed_by(self, event: CallEvent) -> bool:
        """Take one event more; whether everything is told now."""
        self.on_call_event(event)
        return self.is_told

    def grown_by(self, event: CallEvent) -> bool:
        """Take one event more; whether it told more words."""
        before = self.text
        self.on_call_event(event)
        return self.text != before

    @property
    def is_told(self) -> bool:
        """Whether the whole of it was committed, and all of that has its transcript.

        Of a protocol without turns: whether words came after the user's last sound.
        """
        if not self._turns:
            return any(t_s >= self._until_s for t_s in self._loose.values())
        ends = any(t_s >= self._until_s for t_s in self._committed.values())
        return ends and all(turn_id in self._texts for turn_id in self._committed)

    @property
    def text(self) -> str | None:
        """What was understood so far; None where nothing of this turn was transcribed."""
        turns = (*self._committed, *(turn for turn in self._loose if turn not in self._turns))
        texts = [text for turn in turns if (text := self._texts.get(turn)) is not None]
        return " ".join(texts) if texts else None
