"""The contract of voice protocols: the suite that an adapter of one's own runs.

It is shipped with the package, needs pytest and nothing else of the harness's own tests, and no
browser: messages that were recorded go in, facts come out.

    class TestToyProtocol(ProtocolContract):
        @pytest.fixture
        def make_protocol(self) -> Callable[[], VoiceProtocol]:
            return ToyProtocol

        @pytest.fixture
        def recordings(self) -> Sequence[Recording]:
            return [Recording(recorded("out/toy/trace.jsonl", "toy"), [...])]
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest

from harness.errors import UsageError
from harness.facts.dialogue import DialogueFact
from harness.protocols.interface import Message, VoiceProtocol
from harness.testing.protocol_recordings import STRANGERS, Recording, misfits

SHUFFLES = 50
"""How often a recording is read in another order, with messages cut, doubled and left out."""

_NEEDS = {"user.transcript": "user_words", "tool.called": "tools"}


class ProtocolContract:
    """The rules of `harness.protocols.interface` as tests. Subclass it, with both fixtures."""

    # What a subclass says

    @pytest.fixture
    def make_protocol(self) -> Callable[[], VoiceProtocol]:
        """The adapter under test. Override it."""
        raise NotImplementedError("override the fixture make_protocol: it returns your class")

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """What went over its channels, and what that means. Override it."""
        raise NotImplementedError("override the fixture recordings: see `recorded`")

    @pytest.fixture
    def strangers(self) -> Sequence[Message]:
        """Messages of other protocols, none of which may be taken for its own."""
        return STRANGERS

    # Reading

    def test_a_recording_means_what_it_is_said_to(
        self, make_protocol: Callable[[], VoiceProtocol], recordings: Sequence[Recording]
    ) -> None:
        """The facts, all of them, in their order."""
        assert recordings, "at least one recording"
        for recording in recordings:
            assert _facts(make_protocol(), recording.messages) == list(recording.facts)

    def test_facts_fit_together(
        self, make_protocol: Callable[[], VoiceProtocol], recordings: Sequence[Recording]
    ) -> None:
        """An answer begins once, before anything else of it, and ends once, behind all of it."""
        for recording in recordings:
            assert not misfits(_facts(make_protocol(), recording.messages))

    def test_each_call_has_an_adapter_of_its_own(
        self, make_protocol: Callable[[], VoiceProtocol], recordings: Sequence[Recording]
    ) -> None:
        """Two calls at once, read in turns, mean the same as one after the other."""
        for recording in recordings:
            first, second = make_protocol(), make_protocol()
            told: tuple[list[DialogueFact], list[DialogueFact]] = ([], [])
            for message in recording.messages:
                told[0].extend(first.read(message))
                told[1].extend(second.read(message))
            assert told[0] == told[1] == list(recording.facts)

    def test_it_says_what_it_tells(
        self, make_protocol: Callable[[], VoiceProtocol], recordings: Sequence[Recording]
    ) -> None:
        """`tells` decides what is judged by it, and what by ear."""
        protocol = make_protocol()
        assert protocol.name
        types = {fact.type for recording in recordings for fact in recording.facts}
        lacking = {need for kind, need in _NEEDS.items() if kind in types} - protocol.tells
        assert not lacking, f"`tells` lacks {lacking}"

    # Recognition

    def test_its_own_messages_are_recognised(
        self, make_protocol: Callable[[], VoiceProtocol], recordings: Sequence[Recording]
    ) -> None:
        """By the channel, or by a message of it; else no call would ever be read."""
        for recording in recordings:
            protocol = make_protocol()
            assert any(
                protocol.knows_channel(each.channel) or protocol.knows(each)
                for each in recording.messages
            )

    def test_those_of_others_are_not(
        self, make_protocol: Callable[[], VoiceProtocol], strangers: Sequence[Message]
    ) -> None:
        """A page has channels of its own."""
        protocol = make_protocol()
        taken = [m for m in strangers if protocol.knows_channel(m.channel) or protocol.knows(m)]
        assert not taken

    # Anything may come

    def test_nothing_that_comes_raises(
        self, make_protocol: Callable[[], VoiceProtocol], recordings: Sequence[Recording]
    ) -> None:
        """Cut, doubled, lost, out of order, of other types: a page may send anything."""
        lots = random.Random(1)
        for recording in recordings:
            for _ in range(SHUFFLES):
                protocol = make_protocol()
                for message in _spoilt(recording.messages, lots):
                    protocol.knows(message)
                    protocol.event_of(message)
                    told = protocol.read(message)
                    assert all(isinstance(fact, get_args(DialogueFact)) for fact in told)

    # What goes out

    def test_what_it_sends_is_json_or_refused(
        self, make_protocol: Callable[[], VoiceProtocol]
    ) -> None:
        """`end_turn` and `tool_result` give events, or say that there are none."""
        protocol = make_protocol()
        for make in (protocol.end_turn, lambda: protocol.tool_result("call", "done")):
            try:
                events = make()
            except UsageError:
                continue
            assert events
            for event in events:
                assert isinstance(event, dict)
                json.dumps(event)
                assert protocol.asks_for_answer(event) in (True, False)


def _facts(protocol: VoiceProtocol, messages: Sequence[Message]) -> list[DialogueFact]:
    return [fact for message in messages for fact in protocol.read(message)]


def _spoilt(messages: Sequence[Message], lots: random.Random) -> list[Message]:
    spoilt = [_changed(lots.choice(messages), lots) for _ in messages]
    lots.shuffle(spoilt)
    return spoilt


def _changed(message: Message, lots: random.Random) -> Message:
    """The same message, cut off, or with another value somewhere in it; or as it was."""
    if message.data is not None:
        return replace(message, data=message.data[: lots.randrange(len(message.data) + 1)])
    text = message.text or ""
    how = lots.randrange(4)
    if how == 0:
        return replace(message, text=text[: lots.randrange(len(text) + 1)])
    if how == 1:
        try:
            return replace(message, text=json.dumps(_other_value(json.loads(text), lots)))
        except ValueError:
            return replace(message, text=text[::-1])
    return message


def _other_value(value: Any, lots: random.Random) -> Any:
    if isinstance(value, dict) and value:
        name = lots.choice(list(value))
        changed = dict(value)
        if lots.random() < 0.3:
            del changed[name]
        else:
            changed[name] = _other_value(value[name], lots)
        return changed
    return lots.choice([None, 7, -1.5, True, "", "text", [], [1], {}, {"text": 1}])
