"""A reader of protocol buffers that takes whatever comes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.protocols.protobuf import fields_of, messages_of, text_of
from tests.support.protobuf import field, message

NUMBERS = st.integers(1, 2**29 - 1)
VALUES = st.one_of(st.integers(0, 2**64 - 1), st.binary(max_size=200))


@given(st.lists(st.tuples(NUMBERS, VALUES), max_size=8))
def test_what_was_written_is_read(written: list[tuple[int, int | bytes]]) -> None:
    read = fields_of(b"".join(field(number, value) for number, value in written))
    for number, _ in written:
        assert list(read[number]) == [value for n, value in written if n == number]
    assert set(read) == {number for number, _ in written}


@given(st.binary(max_size=400))
def test_anything_else_gives_what_could_be_read(data: bytes) -> None:
    for values in fields_of(data).values():
        for value in values:
            assert isinstance(value, int) or value in data


@given(st.binary(max_size=60), st.integers(0, 60))
def test_what_is_cut_off_keeps_whole_fields_alone(content: bytes, cut: int) -> None:
    data = message({1: b"whole", 2: content})
    read = fields_of(data[: max(7, len(data) - 1 - cut)])
    assert read[1] == [b"whole"]
    assert 2 not in read


def test_fixed_numbers_are_stepped_over() -> None:
    fixed = bytes([1 << 3 | 1]) + bytes(8) + bytes([2 << 3 | 5]) + (7).to_bytes(4, "little")
    assert fields_of(fixed + field(3, b"text")) == {1: [0], 2: [7], 3: [b"text"]}


def test_texts_and_messages_are_taken_from_values() -> None:
    assert text_of([b"a", b"b"]) == "b"
    assert text_of(None) == text_of([5]) == ""
    assert text_of([b"\xff"]) == "�"
    assert messages_of([message({1: b"in"}), 7]) == [{1: [b"in"]}]
    assert messages_of(None) == []
