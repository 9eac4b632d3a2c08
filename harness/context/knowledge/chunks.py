"""Chunks of documents: what a file says, in pieces that can be read out, each with its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_WORDS = 120
"""Of one chunk: what fits into an answer that is spoken."""

SHORT_WORDS = 40
"""Paragraphs are joined as long as they are shorter than this."""

HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
UNDERLINE = re.compile(r"^ {0,3}(?:(=+)|-{3,})\s*$")
FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document."""

    heading: str
    """What it stands under, "" for nothing; the outermost heading first."""

    text: str


def chunks_of(markdown: str) -> Iterator[Chunk]:
    """The chunks of a text or of Markdown, in order; a heading with nothing under it is one."""
    headings: list[tuple[int, str]] = []
    paragraphs: list[str] = []
    is_bare = False
    for depth, text in [*_blocks(markdown), (1, "")]:
        if depth == 0:
            paragraphs.append(text)
            is_bare = False
            continue
        if is_bare and depth <= headings[-1][0]:
            paragraphs = [headings.pop()[1]]
        yield from _joined(paragraphs, headings)
        paragraphs = []
        headings = [*((d, h) for d, h in headings if d < depth), (depth, text)]
        is_bare = bool(text)


def _blocks(markdown: str) -> Iterator[tuple[int, str]]:
    """Headings with their depth, 1 to 6, and paragraphs, with 0."""
    lines: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        if not fence and (found := _heading(line, lines)):
            if lines:
                yield 0, " ".join(lines)
            lines = []
            yield found
            continue
        if mark := FENCE.match(line):  # in code, a line that begins with # is no heading
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        if line.strip():
            lines.append(line.strip())
        elif lines:
            yield 0, " ".join(lines)
            lines = []
    if lines:
        yield 0, " ".join(lines)


def _heading(line: str, before: list[str]) -> tuple[int, str] | None:
    """The heading that a line makes; one that is underlined is taken from the lines before."""
    if found := HEADING.match(line):
        return len(found[1]), " ".join(found[2].split())
    if len(before) == 1 and (found := UNDERLINE.match(line)):
        return 1 if found[1] else 2, before.pop()
    return None


def _joined(paragraphs: list[str], headings: list[tuple[int, str]]) -> Iterator[Chunk]:
    heading = " › ".join(heading for _, heading in headings if heading)
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
