"""The reassembly of envelopes: whole, in order, or an error that says what is missing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.browser.reassembler import EnvelopeGap, Reassembler

REALMS = ("top", "frame", "other")


def envelope(realm: str, seq: int) -> dict[str, Any]:
    return {
        "v": 1,
        "frame_id": realm,
        "seq": seq,
        "page_ms": 1_000.0 + seq,
        "type": "page.error",
        "data": {"message": f"{realm} {seq}"},
    }


@st.composite
def batches(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """Any interleaving of realms, cut into any batches; a batch is of one realm."""
    counts = dict.fromkeys(REALMS, 0)
    made = []
    for realm, size in draw(st.lists(st.tuples(st.sampled_from(REALMS), st.integers(1, 6)))):
        made.append([envelope(realm, counts[realm] + i) for i in range(size)])
        counts[realm] += size
    return made


@given(batches())
def test_any_cut_into_batches_gives_every_realm_whole_and_in_order(
    cut: list[list[dict[str, Any]]],
) -> None:
    """What was numbered comes out once, in order."""
    reassembler = Reassembler()
    out = [e for batch in cut for e in reassembler.feed(json.dumps(batch))]
    assert [e.model_dump() for e in out] == [e for batch in cut for e in batch]
    assert reassembler.received == len(out)
    assert reassembler.lost == 0


@given(batches(), st.data())
def test_any_missing_envelope_is_noticed_and_counted(
    cut: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    """Take one away that another of its realm follows: the gap is an error, and counted as one."""
    flat = [e for batch in cut for e in batch]
    last = {e["frame_id"]: e["seq"] for e in flat}
    inner = [i for i, e in enumerate(flat) if e["seq"] < last[e["frame_id"]]]
    if not inner:
        return
    taken = flat.pop(data.draw(st.sampled_from(inner)))
    reassembler = Reassembler()
    gaps = []
    received = []
    for one in flat:
        try:
            received += reassembler.feed(json.dumps([one]))
        except EnvelopeGap as found:
            gaps.append(found)
            received += found.envelopes
    [gap] = gaps
    assert (gap.frame_id, gap.expected_seq) == (taken["frame_id"], taken["seq"])
    assert [e.model_dump() for e in received] == flat
    assert reassembler.lost == 1


def test_one_that_comes_twice_is_noticed() -> None:
    """A number that came before is not what follows."""
    reassembler = Reassembler()
    reassembler.feed(json.dumps([envelope("top", 0)]))
    with pytest.raises(EnvelopeGap, match="twice or late"):
        reassembler.feed(json.dumps([envelope("top", 0)]))
    assert reassembler.lost == 0


def test_a_realm_starts_at_zero() -> None:
    """A first envelope with another number says that the beginning is missing."""
    with pytest.raises(EnvelopeGap, match="3 envelopes"):
        Reassembler().feed(json.dumps([envelope("top", 3)]))
