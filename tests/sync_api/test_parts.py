"""The parts of a client in their other colour; a whole client is tried in test_client.py."""

from __future__ import annotations

import asyncio

import pytest

from harness.client import microphone, requests
from harness.errors import NotConnected, ProtocolError
from harness.sync_api import Microphone, Request
from harness.sync_api.loop import running


def test_a_request_gives_its_answer_or_its_refusal() -> None:
    with running() as runner:
        made = runner.read(lambda: requests.Request("event_1"))
        request = Request(made, runner)
        assert not request.is_settled
        runner.read(lambda: made.settle({"type": "done"}, None))
        assert request.wait() == {"type": "done"}
        other = runner.read(lambda: requests.Request("event_2"))
        runner.read(lambda: other.settle(None, ProtocolError("no such item", code="unknown")))
        with pytest.raises(ProtocolError, match="no such item"):
            Request(other, runner).wait()


def test_a_microphone_is_switched_and_says_nothing_without_a_call() -> None:
    switched: list[bool] = []
    with running() as runner:
        made = microphone.Microphone(switched.append, lambda: False)
        ours = Microphone(made, runner)
        ours.off()
        assert ours.toggle() is True
        assert ours.is_on
        assert switched == [False, True]
        with pytest.raises(NotConnected):
            ours.play("goforward")
        ours.stop_all()
        assert runner.run(asyncio.sleep(0, True))
