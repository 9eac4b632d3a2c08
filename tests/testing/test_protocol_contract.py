"""The contract suite fails what it must: adapters that each break one rule of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest

from harness.facts.dialogue import (
    AnswerEnded,
    AnswerStarted,
    DialogueFact,
    ToolCalled,
    UserTranscript,
)
from harness.protocols.interface import Channel, Message, Tells, VoiceProtocol
from harness.testing.protocol_contract import ProtocolContract
from harness.testing.protocol_recordings import STRANGERS, Recording

CHANNEL = Channel("mine")


def said(**content: Any) -> Message:
    return Message(CHANNEL, "received", json.dumps(content))


class Good(VoiceProtocol):
    name: ClassVar[str] = "Mine"
    labels: ClassVar[Sequence[str]] = ("mine",)
    tells: ClassVar[frozenset[Tells]] = frozenset({"user_words", "tools"})

    def knows(self, message: Message) -> bool:
        return False

    def read(self, message: Message) -> Sequence[DialogueFact]:
        if "heard" in (message.text or ""):
            return [UserTranscript("1", "two"), ToolCalled("c", "book", "{}")]
        return []


class Raises(Good):
    def read(self, message: Message) -> Sequence[DialogueFact]:
        content = json.loads(message.text or "")
        return Good().read(message) if content["heard"] else []


class Greedy(Good):
    def knows(self, message: Message) -> bool:
        return True


class Unknown(Good):
    labels: ClassVar[Sequence[str]] = ()


class Silent(Good):
    tells: ClassVar[frozenset[Tells]] = frozenset()


class Shared(Good):
    seen: ClassVar[list[str]] = []

    def read(self, message: Message) -> Sequence[DialogueFact]:
        self.seen.append("message")
        return Good().read(message) if len(self.seen) == 1 else []


class Unsendable(Good):
    def end_turn(self) -> list[dict[str, Any]]:
        return [{"when": object()}]


class Begins(Good):
    def read(self, message: Message) -> Sequence[DialogueFact]:
        return [AnswerEnded("a", "completed", None, ""), AnswerStarted("a")]


RECORDING = Recording(
    [said(heard="two")], [UserTranscript("1", "two"), ToolCalled("c", "book", "{}")]
)
RULES = [name for name in dir(ProtocolContract) if name.startswith("test_")]


def broken(make: Callable[[], VoiceProtocol]) -> set[str]:
    """The rules that an adapter breaks, by the names of their tests."""
    suite, found = ProtocolContract(), set()
    given: dict[str, Any] = {
        "make_protocol": make, "recordings": [RECORDING], "strangers": STRANGERS,
    }  # fmt: skip
    for name in RULES:
        test = getattr(suite, name)
        wanted = test.__code__.co_varnames[1 : test.__code__.co_argcount]
        try:
            test(**{each: given[each] for each in wanted})
        except Exception:
            found.add(name)
    return found


def test_a_good_one_passes() -> None:
    assert broken(Good) == set()


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (Raises, "test_nothing_that_comes_raises"),
        (Greedy, "test_those_of_others_are_not"),
        (Unknown, "test_its_own_messages_are_recognised"),
        (Silent, "test_it_says_what_it_tells"),
        (Shared, "test_each_call_has_an_adapter_of_its_own"),
        (Unsendable, "test_what_it_sends_is_json_or_refused"),
        (Begins, "test_facts_fit_together"),
        (Begins, "test_a_recording_means_what_it_is_said_to"),
    ],
)
def test_each_rule_has_somebody_who_breaks_it(make: type[Good], rule: str) -> None:
    if make is Shared:
        Shared.seen.clear()
    assert rule in broken(make)


def test_every_rule_is_broken_by_one() -> None:
    Shared.seen.clear()
    every = [broken(make) for make in (Raises, Greedy, Unknown, Silent, Shared, Unsendable, Begins)]
    assert set().union(*every) == set(RULES)
