"""Messages from before a session began."""

from __future__ import annotations

from harness.server.calls.early_messages import EarlyMessages


def test_they_come_out_in_order_and_once() -> None:
    early = EarlyMessages(3)
    assert [early.add(text) for text in ("a", "b")] == [True, True]
    assert early.take() == ["a", "b"]
    assert early.take() == []


def test_there_is_room_for_so_many_from_all_sources_together() -> None:
    early = EarlyMessages(2)
    assert early.add("a", "one")
    assert early.add("b", "other")
    assert not early.has_lost
    assert not early.add("c", "third")
    assert early.has_lost
    assert early.take("other") == ["b"]
    assert early.add("c", "third")


def test_there_is_room_for_so_many_bytes() -> None:
    """As they went over the wire; half a character counts, too. A smaller one still fits."""
    early = EarlyMessages(10, most_bytes=6)
    assert early.add("ää")
    assert not early.add("\ud800")
    assert early.add("bb")
    assert not early.add("c")
