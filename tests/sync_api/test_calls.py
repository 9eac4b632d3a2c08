"""A whole call without an event loop: a real one, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.engines.native.open import open_native_call
from harness.errors import ExpectationFailed
from harness.sync_api import Call, start_server
from harness.sync_api.loop import running

SCRIPT: dict[str, Any] = {"rules": [{"say": "We open at nine on Sundays."}]}


@pytest.mark.realtime
def test_a_conversation_is_held_step_by_step(tmp_path: Path) -> None:
    with (
        start_server(script=SCRIPT) as server,
        running() as runner,
        runner.within(open_native_call(server, out=tmp_path)) as wrapped,
    ):
        call = Call(wrapped, runner)
        said = call.say("When do you open on Sunday?")
        assert (
            call.now_s >= said.end_s - 0.05
        )  # events and audio are paired within some milliseconds
        answer = call.answer(within_s=10)
        assert "nine" in answer.words
        assert call.events("response.*").take_available()
        assert call.expect("response.done", from_start=True).type == "response.done"
        assert [one.answer_id for one in call.answers] == [answer.answer_id]
        assert call.user_transcript(within_s=0.2) is None, "this session transcribes nothing"
        with pytest.raises(ExpectationFailed, match="no_such_event"):
            call.expect("no_such_event", within_s=0.2)
        heard = next(call.heard())
        assert heard.samples.ndim == 1
        call.hang_up()
    assert (tmp_path / "trace.jsonl").exists()
