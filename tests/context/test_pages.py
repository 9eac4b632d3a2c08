"""Parts of a list, and how they are asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.context.pages import PageQuery, page_of, read_page_query
from harness.errors import ProtocolError

ITEMS = [{"id": f"i{number}"} for number in range(5)]


def ids(query: PageQuery) -> list[str]:
    return [one["id"] for one in page_of(ITEMS, query)["data"]]


def test_the_newest_come_first_unless_asked_otherwise() -> None:
    page = page_of(ITEMS, PageQuery(2))
    assert page == {
        "object": "list",
        "data": [{"id": "i4"}, {"id": "i3"}],
        "first_id": "i4",
        "last_id": "i3",
        "has_more": True,
    }
    assert ids(PageQuery(2, is_descending=False)) == ["i0", "i1"]
    assert page_of([], PageQuery())["first_id"] is None


def test_a_page_lies_after_or_before_an_item() -> None:
    assert ids(PageQuery(2, after="i3")) == ["i2", "i1"]
    assert ids(PageQuery(2, before="i1")) == ["i3", "i2"]
    assert ids(PageQuery(9, after="i4", before="i1")) == ["i3", "i2"]
    with pytest.raises(ProtocolError, match="i9"):
        page_of(ITEMS, PageQuery(after="i9"))


@given(st.integers(1, 7), st.booleans())
def test_pages_one_after_the_other_are_the_whole_list(limit: int, is_descending: bool) -> None:
    found: list[str] = []
    after = None
    while True:
        page = page_of(ITEMS, PageQuery(limit, is_descending, after))
        found += [one["id"] for one in page["data"]]
        after = page["last_id"]
        if not page["has_more"]:
            break
    assert found == [one["id"] for one in (reversed(ITEMS) if is_descending else ITEMS)]


def test_a_query_is_read() -> None:
    query = {"limit": "7", "order": "asc", "after": "a", "before": "b"}
    assert read_page_query(query) == PageQuery(7, False, "a", "b")
    assert read_page_query({}) == PageQuery(20, True)


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ({"limit": "0"}, "integer_below_min_value", "limit"),
        ({"limit": "101"}, "integer_above_max_value", "limit"),
        ({"limit": "²"}, "invalid_type", "limit"),
        ({"limit": "many"}, "invalid_type", "limit"),
        ({"order": "up"}, "invalid_value", "order"),
        ({"page": "2"}, "unknown_parameter", "page"),
    ],
)
def test_a_wrong_query_is_refused(query: dict[str, str], code: str, param: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        read_page_query(query)
    assert (caught.value.code, caught.value.param) == (code, param)
