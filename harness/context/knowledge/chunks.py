"""Chunks of documents: what a file says, in pieces that can be read out, each with its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

MOST_WORDS = 120
"""Of one chunk: what fits into an answer that is spoken."""

SHORT_WORDS = 40
"""Paragraphs are joined as long as they are shorter than this."""

HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
HIDDEN = {"script", "style", "template", "noscript", "head"}
BLOCKS = {"p", "div", "li", "tr", "section", "article", "br", "table", "ul", "ol", "dd", "dt"}


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document."""

    heading: str
    """What it stands under, "" for nothing; the outermost heading first."""

    text: str


def chunks_of(markdown: str) -> Iterator[Chunk]:
    """The chunks of a text or of Markdown, in order."""
    headings: list[tuple[int, str]] = []
    paragraphs: list[str] = []
    for block in re.split(r"\n\s*\n|\n(?=#{1,6}\s)|(?<=\n)(?=#{1,6}\s)", markdown):
        lines = block.strip().split("\n")
        if found := HEADING.match(lines[0]):
            yield from _joined(paragraphs, headings)
            paragraphs = []
            depth = len(found[1])
            headings = [*((d, h) for d, h in headings if d < depth), (depth, found[2])]
            lines = lines[1:]
        text = " ".join(line.strip() for line in lines if line.strip())
        if text:
            paragraphs.append(text)
    yield from _joined(paragraphs, headings)


def markdown_of(html: str) -> str:
    """What a page of HTML says, with its headings as those of Markdown."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def _joined(paragraphs: list[str], headings: list[tuple[int, str]]) -> Iterator[Chunk]:
    heading = " › ".join(heading for _, heading in headings)
    waiting: list[str] = []
    for piece in (piece for paragraph in paragraphs for piece in _pieces(paragraph)):
        if waiting and _words([*waiting, piece]) > MOST_WORDS:
            yield Chunk(heading, " ".join(waiting))
            waiting = []
        waiting.append(piece)
        if _words(waiting) >= SHORT_WORDS:
            yield Chunk(heading, " ".join(waiting))
            waiting = []
    if waiting:
        yield Chunk(heading, " ".join(waiting))


def _pieces(paragraph: str) -> Iterator[str]:
    """A paragraph; a long one by its sentences, a long sentence by its words."""
    if _words([paragraph]) <= MOST_WORDS:
        yield paragraph
        return
    for sentence in SENTENCE_END.split(paragraph):
        words = sentence.split()
        for start in range(0, len(words), MOST_WORDS):
            yield " ".join(words[start : start + MOST_WORDS])


def _words(texts: list[str]) -> int:
    return sum(len(text.split()) for text in texts)


class _Reader(HTMLParser):
    """Collects what is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN:
            self._hidden += 1
        elif re.fullmatch("h[1-6]", tag):
            self.parts.append(f"\n\n{'#' * int(tag[1])} ")
        elif tag in BLOCKS:
            self.parts.append("\n\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in BLOCKS or re.fullmatch("h[1-6]", tag):
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))
