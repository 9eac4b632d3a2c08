"""Pages of HTML as Markdown: what they show, without what they hide."""

from __future__ import annotations

import re
from html.parser import HTMLParser

UNSEEN = {"script", "style", "template", "noscript", "title"}
VOID = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr
    """.split()  # noqa: SIM905 - so that it can be read
)
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

ENDED_BY = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "tr": {"tr", "tbody", "tfoot"},
    **{cell: {*CELLS, "tr", "tbody", "tfoot"} for cell in CELLS},
    "option": {"option", "optgroup"},
    **{heading: {*HEADINGS, "p", "ul", "ol", "table"} for heading in HEADINGS},
}
"""Elements whose end tag people leave out, and what begins then; a `p` is ended by every block."""

NOT_SHOWN = re.compile(r"(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)


def markdown_of(html: str) -> str:
    """What a page shows, with its headings as those of Markdown.

    What the page itself hides (`hidden`, or a style of its own that takes it away) is left out:
    nobody who read the page before it was indexed has seen it. Style sheets are not looked at.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    """Collects what is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        """The elements around, the outermost first, and whether each is shown."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self._open and _is_ended(self._open[-1][0], tag):
            self._open.pop()
        self._begin_or_end(tag)
        if tag in HEADINGS and self._is_shown:
            self.parts.append("#" * int(tag[1]) + " ")
        if tag not in VOID:
            is_unseen = tag in UNSEEN or _is_hidden(dict(attrs))
            self._open.append((tag, self._is_shown and not is_unseen))

    def handle_endtag(self, tag: str) -> None:
        for place in reversed(range(len(self._open))):
            if self._open[place][0] == tag:
                del self._open[place:]
                break
        self._begin_or_end(tag)

    def handle_data(self, data: str) -> None:
        if self._is_shown:
            self.parts.append(re.sub(r"\s+", " ", data))

    @property
    def _is_shown(self) -> bool:
        return not self._open or self._open[-1][1]

    def _begin_or_end(self, tag: str) -> None:
        if tag in INLINE or not self._is_shown:
            return
        is_in_a_heading = tag in LINES and any(one in HEADINGS for one, _ in self._open)
        self.parts.append(" " if tag in CELLS or is_in_a_heading else "\n\n")


def _is_ended(element: str, tag: str) -> bool:
    if element == "p":
        return tag not in INLINE and tag not in VOID
    return tag in ENDED_BY.get(element, ())


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    return NOT_SHOWN.search(attributes.get("style") or "") is not None
