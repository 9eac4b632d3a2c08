"""Recognition and synthesis as jobs of a call; the engines are fakes."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from harness.server.outputs import Recognise
from tests.support.list_call import ListCall
from tests.support.waiting import until


async def test_speech_comes_part_by_part_and_says_which_is_the_last() -> None:
    """Each when it is ready."""
    call = ListCall()
    call.open()
    call.receive_text('{"do": "speak", "text": "one two"}')
    await until(lambda: len(call.sent) == 4)
    assert [event["is_last"] for event in call.sent[1:]] == [False, False, True]
    call.end("enough")
    await call.run()


async def test_speech_that_fails_is_told() -> None:
    """With the engine's own sentence; the call goes on."""
    call = ListCall()
    call.open()
    call.receive_text('{"do": "speak", "text": "broken"}')
    await until(lambda: len(call.sent) == 2)
    assert call.sent[1]["message"] == "The word cannot be spoken."
    assert call.ended_because is None


async def test_words_come_back_with_their_job() -> None:
    """The text of what was heard."""
    call = ListCall()
    call.open()
    call.session.heard.append(np.zeros(24_000, np.float32))
    call.receive_text('{"do": "recognise"}')
    await until(lambda: len(call.sent) == 2)
    assert (call.sent[1]["job_id"], call.sent[1]["text"]) == ("job", "1.0 seconds")


async def test_the_end_of_a_call_leaves_no_job() -> None:
    """What still runs is cancelled, and tells the session nothing."""
    call = ListCall()
    before = asyncio.all_tasks()
    call.open()
    call.receive_text('{"do": "speak", "text": "one two"}')
    call.end("enough")
    await call.run()
    assert asyncio.all_tasks() == before
    assert call.kinds() == ["session.created"]


async def test_a_job_that_breaks_ends_the_call(caplog: pytest.LogCaptureFixture) -> None:
    """Loudly: the mistake is ours."""
    call = ListCall()
    call.open()
    call._jobs.start(Recognise("job", None, 24_000))  # type: ignore[arg-type]
    await until(lambda: call.ended_because is not None)
    assert call.ended_because == "the server made a mistake"
    assert "a job broke" in caplog.text
