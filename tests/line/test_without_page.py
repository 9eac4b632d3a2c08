from __future__ import annotations

import numpy as np
import pytest

from harness.errors import PeerLost
from harness.facts.connection import DataChannelOpen
from harness.line.without_page import LineWithoutPage


class Line(LineWithoutPage):
    def __init__(self) -> None:
        super().__init__("toy", "events")

    def fill(self) -> None:
        self._sent.add(0.0, 0, np.full(10, 0.1, np.float32))
        self._heard.add(0.5, 24_000, np.full(20, 0.2, np.float32))
        self._told.tell(DataChannelOpen(*self._told.channel), 7.0)

    def end(self, cause: PeerLost | None = None) -> None:
        self._end_streams(cause)


def test_what_is_received_is_what_is_heard() -> None:
    line = Line()
    assert line.received is line.heard


async def test_at_the_end_what_there_is_comes_out_and_the_streams_are_over() -> None:
    line = Line()
    sent, heard, told = line.sent.reader(), line.heard.reader(), line.envelopes.reader()
    line.fill()
    line.end()
    assert [(len(f.samples), f.source) async for f in sent] == [(10, "microphone")]
    assert [(f.start_s, f.source) async for f in heard] == [(0.5, "remote peer")]
    assert [(e.frame_id, e.data["label"]) async for e in told] == [("toy", "events")]


async def test_a_line_that_broke_says_why_on_all_its_streams() -> None:
    line, cause = Line(), PeerLost("The line broke.")
    readers = line.sent.reader(), line.heard.reader(), line.envelopes.reader()
    line.end(cause)
    for reader in readers:
        with pytest.raises(PeerLost):
            async for _ in reader:
                pass
