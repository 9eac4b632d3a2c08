"""The benchmark of contexts, on a few items."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench.contexts import by_substring, killed, opening, retrieval
from harness.context.knowledge.passages import Passage


@pytest.mark.realtime
async def test_a_call_with_a_thread_is_compared_with_one_without(tmp_path: Path) -> None:
    figures = await opening(tmp_path / "contexts.db", pairs=1)
    assert (figures["pairs"], figures["open_ms_added"]) == (1, figures["open_ms_added_p95"])


async def test_what_a_killed_process_had_kept_is_counted(tmp_path: Path) -> None:
    figures = await killed(tmp_path / "contexts.db", saves=20, most_at_once=20)
    assert figures["items_lost"] == figures["items_out_of_order"] == 0
    assert figures["items_acknowledged"] >= 20
    assert figures["kills"] >= 1


async def test_the_shipped_questions_are_asked_in_both_ways() -> None:
    figures = await retrieval()
    assert figures["retrieval_hit_at_3"] >= figures["substring_hit_at_3"]
    assert figures["questions"] == 30


def test_the_plain_search_counts_words_as_they_stand() -> None:
    chunks = [Passage("Bread.", "a"), Passage("A soup of the day, hot.", "b")]
    assert by_substring(chunks, "Which soup is hot?")[0] is chunks[1]
