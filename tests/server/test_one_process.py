"""A server in one process."""

from __future__ import annotations

import json

import pytest

from harness.server.one_process import CountTold
from tests.support.list_call import ListCall


def test_a_worker_says_how_many_calls_it_has(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each time that changes; its front chooses by it."""
    count = 1
    told = CountTold(lambda: count)
    told.call_began(ListCall())
    count = 0
    told.call_ended(ListCall(), "hung up")
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [{"calls": 1}, {"calls": 0}]
