"""Replies that are kept: found again by their words, and told where a file is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ScenarioError
from harness.personas.replies import KeptReplies, Message, key_of

ASKED: list[Message] = [("other", "Good evening. For how many?")]


def test_a_reply_is_there_in_the_next_run_with_what_it_answers(tmp_path: Path) -> None:
    path = tmp_path / "guest.replies.json"
    KeptReplies(path).keep("k", ASKED, "For two.")
    assert KeptReplies(path).get("k") == "For two."
    assert KeptReplies(path).get("other") is None
    assert json.loads(path.read_text(encoding="utf-8"))["replies"]["k"] == {
        "answers": "Good evening. For how many?",
        "reply": "For two.",
    }


def test_commas_and_capitals_are_no_other_question() -> None:
    same: list[Message] = [("other", "good evening, for how many")]
    assert key_of("m", 0, "i", ASKED) == key_of("m", 0, "i", same)
    others = {
        key_of("n", 0, "i", ASKED),
        key_of("m", 1, "i", ASKED),
        key_of("m", 0, "j", ASKED),
        key_of("m", 0, "i", [("model", ASKED[0][1])]),
        key_of("m", 0, "i", [*ASKED, *ASKED]),
    }
    assert len(others | {key_of("m", 0, "i", ASKED)}) == 6


@given(st.binary(max_size=40) | st.sampled_from([b"[]", b"{}", b'{"replies": 1}']))
def test_any_other_file_is_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("kept") / "guest.replies.json"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match="replies of a model"):
        KeptReplies(path)


def test_nothing_is_kept_without_a_file() -> None:
    kept = KeptReplies(None)
    kept.keep("k", ASKED, "For two.")
    assert kept.get("k") == "For two."
