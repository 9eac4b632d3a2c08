"""The index of files: their chunks by words and by meaning, current at each question."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from harness.context.errors import KnowledgeError
from harness.context.knowledge.chunks import chunks_of
from harness.context.knowledge.encoder import Encoder, PackagedEncoder
from harness.context.knowledge.files import files_in, text_of_file
from harness.context.knowledge.meanings import Meanings
from harness.context.knowledge.passages import Passage
from harness.errors import HarnessError, MissingExtra
from harness.paths import StrPath

SCHEMA = """
CREATE TABLE files (path TEXT PRIMARY KEY, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL);
CREATE VIRTUAL TABLE chunks USING fts5 (
    heading, text, path UNINDEXED, tokenize = "porter unicode61 remove_diacritics 2"
);
"""

GIVES_WAY_S = 0.001
"""After each file that is read: a call's audio needs the interpreter every few milliseconds."""

HEADING_WEIGHT, TEXT_WEIGHT = 2.0, 1.0

T = TypeVar("T")

By = Literal["words", "meaning", "both"]
RANKED = 20
"""How far down either list is looked, where both are asked."""

RANK_SHARE = 60
"""Reciprocal rank fusion: rank N of a list counts 1 / (60 + N), as Cormack et al. measured it."""

COMMON = frozenset(
    """
    a an and are at be can could do does for from had has have how i if in is it its me my of on or
    our please shall should tell that the their there they this to us was we what when where which
    who why will with would you your
    """.split()  # noqa: SIM905 - so that it can be read
)
"""Words that say nothing of what is asked for."""


class FileIndex:
    """A `Retriever` over files. Made in memory; a file that has changed is read again.

    One that cannot be read takes nothing from the others; see `take_unread`.

    Args:
        paths: files, and folders with all that can be read in them.
        by: what a chunk is to share with the question: its words, or what it means, too.
        encoder: says what texts mean; None for the one that a package carries.
        in_thread: False works in the event loop's own thread, which is held up meanwhile: for a
            loop whose time is virtual.

    Raises:
        KnowledgeError: from `retrieve`: a file is missing, or none of them can be read.
        UsageError: the encoder's package is not installed.
    """

    def __init__(
        self,
        paths: Sequence[StrPath],
        *,
        by: By = "words",
        encoder: Encoder | None = None,
        in_thread: bool = True,
    ) -> None:
        self._by = by
        self._meanings = None if by == "words" else Meanings(encoder or PackagedEncoder())
        self._paths = [Path(path) for path in paths]
        self._in_thread = in_thread
        self._turn = asyncio.Lock()
        self._busy = threading.Lock()
        self._is_closed = False
        self._unread: dict[str, tuple[tuple[int, int], HarnessError]] = {}
        self._untold: list[HarnessError] = []
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._database.executescript(SCHEMA)

    async def retrieve(self, query: str, k: int) -> list[Passage]:
        """The chunks that fit best; a file's name is their source.

        Their score is that of BM25, the likeness of meanings, or the sum of shares by rank.

        Raises:
            KnowledgeError: a file is missing, or none of them can be read.
        """
        async with self._turn:
            if not self._in_thread:
                return self._alone(lambda: self._find(query, k))
            return await asyncio.to_thread(self._alone, lambda: self._find(query, k))

    async def prepare(self) -> None:
        """Read the files, and load what tells meanings, so that the first question need not wait.

        Nothing where it works in the event loop's own thread, which it would hold up.

        Raises:
            KnowledgeError: a file is missing, or none of them can be read; so it is with the first
                question.
        """
        if self._in_thread:
            async with self._turn:
                await asyncio.to_thread(self._alone, self._prepare)

    def take_unread(self) -> list[HarnessError]:
        """Why files could not be read, each once, and again when it has changed."""
        taken, self._untold = self._untold, []
        return taken

    def _prepare(self) -> None:
        self._refresh()
        if self._meanings is not None:
            self._meanings.nearest("anything", 1)

    def close(self) -> None:
        """Forget the index; what is under way in a thread ends first."""
        self._is_closed = True
        if self._busy.acquire(blocking=False):
            self._database.close()
            self._busy.release()

    def _alone(self, work: Callable[[], T]) -> T:
        """Do something with the index; whoever asked may be gone by now, and have closed it."""
        with self._busy:
            try:
                return work()
            finally:
                if self._is_closed:
                    self._database.close()

    def _find(self, query: str, k: int) -> list[Passage]:
        self._refresh()
        found = self._ranked(query, k)
        rows = {
            number: (f"{heading}: {text}" if heading else text, path)
            for number, heading, text, path in self._database.execute(
                "SELECT rowid, heading, text, path FROM chunks WHERE rowid IN "
                f"({', '.join('?' * len(found))})",
                [number for number, _ in found],
            )
        }
        return [Passage(*rows[number], score) for number, score in found]

    def _ranked(self, query: str, k: int) -> list[tuple[int, float]]:
        """Numbers of chunks with their scores, the best first."""
        if self._meanings is None:
            return self._by_words(query, k)
        if self._by == "meaning":
            return self._meanings.nearest(query, k)
        shares: defaultdict[int, float] = defaultdict(float)
        for ranked in (self._by_words(query, RANKED), self._meanings.nearest(query, RANKED)):
            for rank, (number, _) in enumerate(ranked, 1):
                shares[number] += 1 / (RANK_SHARE + rank)
        return sorted(shares.items(), key=lambda one: -one[1])[:k]

    def _by_words(self, query: str, k: int) -> list[tuple[int, float]]:
        words = query_words(query)
        if not words:
            return []
        rows = self._database.execute(
            "SELECT rowid, bm25(chunks, ?, ?) AS rank FROM chunks "
            "WHERE chunks MATCH ? ORDER BY rank, rowid LIMIT ?",
            (HEADING_WEIGHT, TEXT_WEIGHT, " OR ".join(f'"{word}"' for word in words), k),
        )
        return [(number, -rank) for number, rank in rows]

    def _refresh(self) -> None:
        found: dict[str, tuple[int, int]] = {}
        for path in files_in(self._paths):
            file = path.stat()
            found[str(path)] = (file.st_mtime_ns, file.st_size)
        rows = self._database.execute("SELECT path, mtime_ns, size FROM files")
        known = {path: (mtime_ns, size) for path, mtime_ns, size in rows}
        for name in known.keys() - found.keys():
            self._forget(name)
        self._unread = {name: why for name, why in self._unread.items() if name in found}
        for name, facts in found.items():
            if known.get(name) != facts:
                self._try(name, facts)
                if self._in_thread:
                    time.sleep(GIVES_WAY_S)
        if self._unread and len(self._unread) == len(found):
            self._untold.clear()  # the first is raised, and the others are no more than that
            raise next(error for _, error in self._unread.values())

    def _try(self, name: str, facts: tuple[int, int]) -> None:
        if name in self._unread and self._unread[name][0] == facts:
            return
        try:
            self._read(name, facts)
            self._unread.pop(name, None)
        except (KnowledgeError, MissingExtra) as error:
            self._forget(name)
            self._unread[name] = (facts, error)
            self._untold.append(error)

    def _read(self, name: str, facts: tuple[int, int]) -> None:
        chunks = list(chunks_of(text_of_file(Path(name))))  # before the old ones are forgotten
        self._forget(name)
        numbers = [
            self._database.execute(
                "INSERT INTO chunks (heading, text, path) VALUES (?, ?, ?)",
                (chunk.heading, chunk.text, name),
            ).lastrowid
            or 0
            for chunk in chunks
        ]
        if self._meanings is not None:
            self._meanings.add(numbers, [f"{one.heading}: {one.text}" for one in chunks])
        self._database.execute("INSERT INTO files VALUES (?, ?, ?)", (name, *facts))

    def _forget(self, name: str) -> None:
        if self._meanings is not None:
            gone = self._database.execute("SELECT rowid FROM chunks WHERE path = ?", (name,))
            self._meanings.forget(number for (number,) in gone)
        self._database.execute("DELETE FROM chunks WHERE path = ?", (name,))
        self._database.execute("DELETE FROM files WHERE path = ?", (name,))


def query_words(query: str) -> list[str]:
    """The words of a question that say what it is about, each once; all, where none does."""
    words = list(dict.fromkeys(re.findall(r"\w+", query.lower())))
    return [word for word in words if word not in COMMON] or words
