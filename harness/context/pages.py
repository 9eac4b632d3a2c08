"""Pages of a list, in the envelope that all lists of the hosted service have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.errors import ProtocolError
from harness.realtime import vocabulary as v

ORDERS = ("asc", "desc")


@dataclass(frozen=True, slots=True)
class PageQuery:
    """Which part of a list is wanted."""

    limit: int = 20
    is_descending: bool = True
    after: str | None = None
    before: str | None = None


def read_page_query(
    query: Mapping[str, str], *, least: int = 1, most: int = 100, known: Sequence[str] = ()
) -> PageQuery:
    """What a URL's query asks for.

    Args:
        least, most: bounds of ``limit``.
        known: other parameters that there may be.

    Raises:
        ProtocolError: a value cannot be used, or a parameter is none.
    """
    for name in query:
        if name not in ("limit", "order", "after", "before", *known):
            v.refuse_unknown(name)
    limit = query.get("limit", "20")
    if not limit.removeprefix("-").isascii() or not limit.removeprefix("-").isdigit():
        v.refuse(
            f"Invalid type for 'limit': expected an integer, but got '{limit}' instead.",
            "invalid_type",
            "limit",
        )
    v.Integer(least, most).check(int(limit[:20]), "limit")
    order = query.get("order", "desc")
    v.Choice(ORDERS).check(order, "order")
    return PageQuery(int(limit), order == "desc", query.get("after"), query.get("before"))


def page_of(oldest_first: Sequence[Mapping[str, Any]], query: PageQuery) -> dict[str, Any]:
    """The wanted part of a list.

    Raises:
        ProtocolError: a cursor is of nothing in it.
    """
    found = list(reversed(oldest_first)) if query.is_descending else list(oldest_first)
    if query.after is not None:
        found = found[_place(found, query.after, "after") + 1 :]
    if query.before is not None:
        end = _place(found, query.before, "before")
        start = 0 if query.after is not None else max(0, end - query.limit)
        found, has_earlier = found[start:end], start > 0
    else:
        has_earlier = False
    data = found[: query.limit]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": has_earlier or len(found) > len(data),
    }


def _place(found: Sequence[Mapping[str, Any]], cursor: str, name: str) -> int:
    for place, one in enumerate(found):
        if one["id"] == cursor:
            return place
    raise ProtocolError(f"No item with id '{cursor}' found.", code="invalid_value", param=name)
