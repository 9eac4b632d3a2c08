"""A model that ends is told in the log, once."""

from __future__ import annotations

import logging

import pytest

from harness.server.calls.registry import Calls
from harness.server.status.endings import EndingModels
from tests.support.list_call import ListCall


async def test_a_session_with_a_model_that_ends_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    transcription = {"audio": {"input": {"transcription": {"model": "whisper-1"}}}}
    async with Calls() as calls:
        calls.listeners.append(EndingModels())
        for call_id in ("rtc_first", "rtc_second"):
            call = ListCall(call_id)
            calls.run(call)
            call.deliver({"type": "session.created", "session": {"model": "gpt-realtime-2.1"}})
            call.deliver({"type": "response.created", "session": {"model": "gpt-realtime"}})
            call.deliver({"type": "session.updated", "session": transcription})
    [said] = [record.getMessage() for record in caplog.records]
    assert "whisper-1" in said
    assert "2027" in said
