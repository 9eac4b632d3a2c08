from __future__ import annotations

from typing import Any

import pytest

from harness.errors import EventOutOfOrder
from harness.realtime.client.followed_conversation import FollowedConversation
from tests.support.client_driver import response, spoken_message, user_message


class Told:
    """A followed conversation, and the problems it had."""

    def __init__(self) -> None:
        self.followed = FollowedConversation()
        self.problems: list[Any] = []
        self.now_s = 0.0

    def receive(self, kind: str, **fields: Any) -> None:
        problem = self.followed.on_server_event({"type": kind, **fields}, self.now_s)
        if problem is not None:
            self.problems.append(problem)

    def add(self, item: dict[str, Any], before: str | None = None) -> Told:
        self.receive("conversation.item.added", item=item, previous_item_id=before)
        return self

    @property
    def ids(self) -> list[str]:
        return self.followed.conversation.item_ids


def test_order_comes_from_added_alone() -> None:
    told = Told().add(user_message("a")).add(user_message("c"), "a").add(user_message("b"), "a")
    told.add(user_message("first"))
    told.receive("conversation.item.done", item=user_message("c"), previous_item_id=None)
    assert told.ids == ["first", "a", "b", "c"]
    assert not told.problems


def test_the_name_that_the_beta_had_for_added_is_understood() -> None:
    told = Told()
    told.receive("conversation.item.created", item=user_message("a"), previous_item_id=None)
    assert told.ids == ["a"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("conversation.item.added", {"item": user_message("a")}),
        ("conversation.item.added", {"item": user_message("b"), "previous_item_id": "nowhere"}),
        ("conversation.item.done", {"item": user_message("b"), "previous_item_id": "a"}),
        ("conversation.item.deleted", {"item_id": "nowhere"}),
        ("conversation.item.retrieved", {"item": user_message("nowhere")}),
        ("conversation.item.truncated", {"item_id": "nowhere", "audio_end_ms": 1}),
        ("conversation.item.truncated", {"item_id": "a", "audio_end_ms": 1}),
    ],
)
def test_what_comes_out_of_order_is_a_problem_that_harms_nothing(
    kind: str, fields: dict[str, Any]
) -> None:
    told = Told().add(user_message("a"))
    told.receive(kind, **fields)
    assert [type(problem) for problem in told.problems] == [EventOutOfOrder]
    assert told.ids[0] == "a"
    assert len(set(told.ids)) == len(told.ids)


def test_a_finished_item_that_was_never_added_goes_where_it_says() -> None:
    told = Told().add(user_message("a")).add(user_message("c"), "a")
    told.receive("conversation.item.done", item=user_message("b"), previous_item_id="a")
    told.receive("conversation.item.done", item=user_message("z"), previous_item_id=None)
    assert told.ids == ["a", "b", "c", "z"]


def test_words_come_by_deltas_and_then_for_good() -> None:
    told = Told()
    kind = "conversation.item.input_audio_transcription"
    told.receive(f"{kind}.delta", item_id="u", delta=" hel")
    assert told.followed.text_of("u") == " hel", "also before there is an item"
    told.receive(f"{kind}.completed", item_id="u", transcript="Hello there.")
    told.receive(f"{kind}.delta", item_id="u", delta="lo")
    assert told.followed.text_of("u") == "Hello there."
    told.receive(f"{kind}.failed", item_id="v", error=None)
    assert told.followed.words["v"].failed


def test_a_truncation_takes_the_words_from_the_item_and_keeps_them_aside() -> None:
    told = Told().add(spoken_message("a", "one two three"))
    told.receive("conversation.item.truncated", item_id="a", audio_end_ms=700)
    told.receive("conversation.item.done", item=spoken_message("a", "one two three"))
    item = told.followed.conversation.get("a")
    assert item["content"][0]["transcript"] == ""
    assert told.followed.text_of("a") == "one two three"
    assert told.followed.words["a"].heard_ms == 700


def test_the_earliest_truncation_counts() -> None:
    told = Told().add(spoken_message("a", "one two three"))
    for audio_end_ms in (700, 0, 900):
        told.receive("conversation.item.truncated", item_id="a", audio_end_ms=audio_end_ms)
    assert told.followed.words["a"].heard_ms == 0


def test_the_length_of_the_audio_comes_from_the_usage() -> None:
    told = Told().add(spoken_message("a", "12345")).add(spoken_message("b", "1234567890"), "a")
    usage = {"output_token_details": {"audio_tokens": 60}}
    output = [spoken_message("a", "12345"), spoken_message("b", "1234567890")]
    told.receive("response.done", response=response("r", "completed", output=output, usage=usage))
    words = told.followed.words
    assert (words["a"].audio_ms, words["b"].audio_ms) == (1000, 2000)


@pytest.mark.parametrize("usage", [None, {}, 3, {"output_token_details": {"audio_tokens": "x"}}])
def test_without_usage_the_length_is_not_known(usage: Any) -> None:
    told = Told().add(spoken_message("a", "12345"))
    output = [spoken_message("a", "12345")]
    told.receive("response.done", response=response("r", "completed", output=output, usage=usage))
    assert told.followed.words["a"].audio_ms is None


def test_the_length_of_the_audio_comes_from_its_bytes() -> None:
    told = Told()
    told.receive("response.output_audio.delta", response_id="r", item_id="a", delta="A" * 6400)
    assert told.followed.words["a"].audio_ms == 100


def test_an_end_of_the_connection_cuts_what_is_playing() -> None:
    told = Told()
    told.receive("response.created", response=response("r", "in_progress"))
    item = spoken_message("a", "one two three", "in_progress")
    told.receive("response.output_item.added", response_id="r", item=item)
    told.add(item)
    told.now_s = 10.0
    told.receive("output_audio_buffer.started", response_id="r")
    told.followed.cut_off(11.5)
    assert told.followed.words["a"].heard_ms == 1500


def test_a_deleted_item_leaves_nothing() -> None:
    told = Told().add(user_message("a"))
    told.receive("conversation.item.deleted", item_id="a")
    assert told.ids == []
    assert told.followed.text_of("a") == ""
