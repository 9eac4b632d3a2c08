"""Checked envelopes in order, from what the page's binding delivers; notices gaps."""

from __future__ import annotations

from harness.errors import BridgeGap
from harness.line.envelope import Envelope, parse_batch


class Reassembler:
    """Check that every realm's envelopes follow each other.

    Feed it each payload of the binding, in the order of arrival. Knows no browser.
    """

    def __init__(self) -> None:
        self._next_seq: dict[str, int] = {}
        self.received = 0
        """Envelopes that came, of all realms."""
        self.lost = 0
        """Envelopes that are known to be missing."""

    def feed(self, payload: str) -> list[Envelope]:
        """The envelopes of one payload.

        Raises:
            EnvelopeError: the schema refuses the payload; nothing of it counts as received.
            BridgeGap: numbers do not follow. Its attribute ``envelopes`` has what came, so that it
                can still be recorded; the next payload may be fed.
        """
        envelopes = parse_batch(payload)
        gap: EnvelopeGap | None = None
        for envelope in envelopes:
            expected = self._next_seq.get(envelope.frame_id, 0)
            if envelope.seq != expected:
                gap = gap or EnvelopeGap(envelope, expected, envelopes)
                self.lost += max(0, envelope.seq - expected)
            self._next_seq[envelope.frame_id] = envelope.seq + 1
        self.received += len(envelopes)
        if gap is not None:
            raise gap
        return envelopes


class EnvelopeGap(BridgeGap):
    """A gap, with the facts and with what came after it."""

    def __init__(self, envelope: Envelope, expected_seq: int, envelopes: list[Envelope]) -> None:
        self.frame_id = envelope.frame_id
        self.expected_seq = expected_seq
        self.found_seq = envelope.seq
        self.envelopes = envelopes
        missing = envelope.seq - expected_seq
        super().__init__(
            f"{missing} envelopes from the page are missing."
            if missing > 0
            else "An envelope from the page came twice or late.",
            expected=f"number {expected_seq} of page realm {envelope.frame_id}",
            found=f"number {envelope.seq}, {envelope.type}",
            hint="the page may send more than the machine can take; look at its CPU load",
        )
