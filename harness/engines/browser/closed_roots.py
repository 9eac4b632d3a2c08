"""Elements in closed shadow roots: seen by people, reached by keys, found by no selector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playwright.async_api import Page

Node = Mapping[str, Any]


async def in_closed_roots(page: Page) -> list[tuple[str, str]]:
    """Role and name of what stands in closed shadow roots of the page's document.

    Raises:
        playwright.async_api.Error: the page cannot be asked.
    """
    session = await page.context.new_cdp_session(page)
    try:
        document = await session.send("DOM.getDocument", {"depth": -1, "pierce": True})
        closed = set(closed_nodes(document["root"]))
        if not closed:
            return []
        tree = await session.send("Accessibility.getFullAXTree")
    finally:
        await session.detach()
    return named_nodes(tree["nodes"], closed)


def closed_nodes(node: Node, *, is_closed: bool = False) -> Iterator[int]:
    """DevTools' numbers of the nodes that stand in a closed shadow root."""
    if is_closed:
        yield int(node["backendNodeId"])
    for root in node.get("shadowRoots", ()):
        yield from closed_nodes(root, is_closed=is_closed or root["shadowRootType"] == "closed")
    for child in node.get("children", ()):
        yield from closed_nodes(child, is_closed=is_closed)


def named_nodes(nodes: Sequence[Node], wanted: set[int]) -> list[tuple[str, str]]:
    """Role and name of these nodes of an accessibility tree, in its order."""
    return [
        (_value(node, "role"), _value(node, "name"))
        for node in nodes
        if node.get("backendDOMNodeId") in wanted and not node.get("ignored")
    ]


def _value(node: Node, name: str) -> str:
    return str(node.get(name, {}).get("value", ""))
