from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.errors import ProtocolError
from harness.realtime.conversation import Conversation
from harness.realtime.items import user_audio_item


def conversation_of(*item_ids: str) -> Conversation:
    conversation = Conversation()
    for item_id in item_ids:
        conversation.insert(user_audio_item(item_id))
    return conversation


def test_items_go_to_the_end_the_front_or_after_another() -> None:
    conversation = conversation_of("a", "b")
    assert conversation.insert(user_audio_item("c")) == "b"
    assert conversation.insert(user_audio_item("front"), "root") is None
    assert conversation.insert(user_audio_item("between"), "a") == "a"
    assert conversation.item_ids == ["front", "a", "between", "b", "c"]


def test_an_unknown_previous_item_changes_nothing() -> None:
    conversation = conversation_of("a")
    with pytest.raises(ProtocolError) as caught:
        conversation.insert(user_audio_item("b"), "nowhere")
    assert (caught.value.code, caught.value.param) == ("item_not_found", "previous_item_id")
    assert conversation.item_ids == ["a"]


def test_a_taken_id_is_refused() -> None:
    with pytest.raises(ProtocolError) as caught:
        conversation_of("a", "a")
    assert caught.value.code == "item_already_exists"


def test_a_replaced_item_keeps_its_place() -> None:
    conversation = conversation_of("a", "b")
    assert conversation.replace(user_audio_item("b", "words")) == "a"
    assert conversation.item_ids == ["a", "b"]
    assert conversation.get("b")["content"][0]["transcript"] == "words"


class ConversationMachine(RuleBasedStateMachine):
    """The conversation against a plain list."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation()
        self.model: list[str] = []

    IDS = st.sampled_from(["a", "b", "c", "d"])

    @rule(item_id=IDS, previous=st.none() | st.just("root") | IDS)
    def insert(self, item_id: str, previous: str | None) -> None:
        is_legal = item_id not in self.model and (previous in (None, "root", *self.model))
        try:
            before = self.conversation.insert(user_audio_item(item_id), previous)
        except ProtocolError:
            assert not is_legal
            return
        assert is_legal
        at = {None: len(self.model), "root": 0}.get(previous)
        self.model.insert(self.model.index(str(previous)) + 1 if at is None else at, item_id)
        index = self.model.index(item_id)
        assert before == (self.model[index - 1] if index else None)

    @rule(item_id=IDS)
    def delete(self, item_id: str) -> None:
        try:
            self.conversation.delete(item_id)
        except ProtocolError:
            assert item_id not in self.model
            return
        self.model.remove(item_id)

    @invariant()
    def is_the_same(self) -> None:
        assert self.conversation.item_ids == self.model
        assert [item["id"] for item in self.conversation] == self.model
        assert self.conversation.last_item_id == (self.model[-1] if self.model else None)


TestConversationMachine = ConversationMachine.TestCase
