"""What stands in closed shadow roots, by DevTools' two trees."""

from __future__ import annotations

from typing import Any

import pytest

from harness.browser.launch import Chromium
from harness.engines.browser.closed_roots import closed_nodes, in_closed_roots, named_nodes


def node(number: int, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"backendNodeId": number, "children": list(children), **more}


def test_only_what_is_below_a_closed_root_counts() -> None:
    inside = node(5, node(6, shadowRoots=[node(7, shadowRootType="open")]))
    document = node(
        1,
        node(2, shadowRoots=[node(3, inside, shadowRootType="closed")]),
        node(8, shadowRoots=[node(9, node(10), shadowRootType="open")]),
        node(11, shadowRoots=[node(12, node(13), shadowRootType="user-agent")]),
    )
    assert set(closed_nodes(document)) == {3, 5, 6, 7}


def test_they_are_named_as_assistive_technology_does() -> None:
    button = {"role": {"value": "button"}, "name": {"value": "Call"}, "ignored": False}
    nodes: list[dict[str, Any]] = [
        {**button, "backendDOMNodeId": 5},
        {**button, "backendDOMNodeId": 6, "ignored": True},
        {**button, "backendDOMNodeId": 10},
        {"ignored": False},
    ]
    assert named_nodes(nodes, {5, 6, 7}) == [("button", "Call")]


PAGE = """<button>Open</button><p id=a></p><p id=b></p><script>
a.attachShadow({ mode: "closed" }).innerHTML = "<button>Call the desk</button>";
b.attachShadow({ mode: "open" }).innerHTML = "<button>Menu</button>";
</script>"""


@pytest.mark.browser
async def test_a_button_in_a_closed_root_of_a_real_page_is_found(
    shared_chromium: Chromium,
) -> None:
    page = await shared_chromium.browser.new_page()
    await page.set_content(PAGE)
    assert ("button", "Call the desk") in await in_closed_roots(page)
    assert not {"Open", "Menu"} & {name for _, name in await in_closed_roots(page)}
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") == "a", "keys do reach it"
    await page.close()
