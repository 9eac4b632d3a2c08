"""Pages of HTML as Markdown: what they show, without what they hide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

UNSEEN = frozenset(
    """
    datalist iframe noembed noframes noscript script style template title
    """.split()  # noqa: SIM905 - so that it can be read
)
"""What a browser that runs scripts shows nothing of (WHATWG HTML, 15.3.1)."""

INLINE = frozenset(
    """
    a abbr b bdi bdo big cite code data del dfn em font i img ins kbd mark q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr
    """.split()  # noqa: SIM905 - so that it can be read
)
CELLS = {"td", "th"}
HEADINGS = {f"h{depth}" for depth in range(1, 7)}
LINES = {"br", "div"}
"""What a heading may have in it, and is still one heading."""

PARAGRAPH = "\n\n"
NOT_SHOWN = re.compile(r"(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)


def markdown_of(html: str) -> str:
    """What a page shows, with its headings as those of Markdown.

    What the page itself hides (`hidden`, or a style of its own that takes it away) is left out:
    nobody who read the page before it was indexed has seen it. Style sheets are not looked at.
    """
    from selectolax.lexbor import LexborHTMLParser

    parts: list[str] = []
    ahead: list[tuple[LexborNode | str, bool]] = []
    """What is still to come, the next last, and whether in a heading: a page may be nested deeper
    than Python calls."""

    if (root := LexborHTMLParser(html, scripting=True).root) is not None:
        ahead.append((root, False))
    while ahead:
        node, is_in_heading = ahead.pop()
        if isinstance(node, str):
            parts.append(node)
        elif node.is_text_node:
            parts.append(re.sub(r"\s+", " ", node.text_content or ""))
        elif node.is_element_node and _is_shown(node):
            before, after = _marks(node.tag or "", is_in_heading)
            inner: list[LexborNode | str] = [before, *node.iter(include_text=True), after]
            is_in_heading = is_in_heading or node.tag in HEADINGS
            ahead += ((one, is_in_heading) for one in reversed(inner))
    return re.sub(r"\n{3,}", PARAGRAPH, "".join(parts))


def _is_shown(node: LexborNode) -> bool:
    attributes = node.attributes
    if node.tag in UNSEEN or NOT_SHOWN.search(attributes.get("style") or ""):
        return False
    return "hidden" not in attributes or attributes["hidden"] == "until-found"


def _marks(tag: str, is_in_heading: bool) -> tuple[str, str]:
    """What Markdown has before and after an element."""
    if tag in INLINE:
        return "", ""
    if tag in CELLS:
        return " ", ""
    if is_in_heading and tag in LINES:
        return " ", " "
    if tag in HEADINGS:
        return f"{PARAGRAPH}{'#' * int(tag[1])} ", PARAGRAPH
    return PARAGRAPH, PARAGRAPH
