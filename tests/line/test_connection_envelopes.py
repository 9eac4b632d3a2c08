"""A line without a page tells what a page would tell."""

from harness.facts.connection import (
    ConnectionClosed,
    ConnectionState,
    DataChannelClosed,
    DataChannelCreated,
    DataChannelOpen,
)
from harness.line.connection_envelopes import CONNECTION, ConnectionEnvelopes
from harness.line.envelope import parse_batch


def test_what_is_told_fits_the_schema_of_the_page() -> None:
    told = ConnectionEnvelopes("native", "oai-events")
    told.tell(ConnectionState(CONNECTION, "connection", "connected"), 1.0)
    told.tell(DataChannelCreated(*told.channel, "local"), 2.0)
    told.tell(DataChannelOpen(*told.channel), 2.0)
    told.message("sent", "grüß", 3.0)
    told.message("received", b"\x00\x01", 4.0)
    told.tell(DataChannelClosed(*told.channel), 5.0)
    told.tell(ConnectionClosed(CONNECTION), 5.0)
    kept = told.stream.snapshot()
    payload = "[" + ",".join(envelope.model_dump_json() for envelope in kept) + "]"
    assert parse_batch(payload) == kept
    assert [envelope.seq for envelope in kept] == list(range(7))
    assert kept[3].data["bytes_length"] == 6
    assert kept[4].data["text"] is None
