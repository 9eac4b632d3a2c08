"""A call without a browser, through real WebRTC, to a real server."""

from pathlib import Path

import pytest

from harness.call.opening import CallOptions
from harness.client.server_api import set_script
from harness.engines.native.open import open_native_call
from harness.engines.servers import RemoteServer
from harness.errors import ServerUnreachable, UsageError
from harness.server.process.launch import RunningServer
from harness.trace import read_trace
from tests.support.no_key import has_key

pytestmark = pytest.mark.realtime

SCRIPT = {"rules": [{"when": {"words": ["forward"]}, "say": "Going forward."}]}


@pytest.mark.parametrize("implementation", ["wrtc", "aiortc"])
async def test_a_turn_is_said_understood_answered_and_measured(
    shared_server: RunningServer, tmp_path: Path, implementation: str
) -> None:
    await set_script(shared_server, SCRIPT)
    opening = open_native_call(shared_server, implementation=implementation, out=tmp_path)
    async with opening as call:
        said = await call.say("goforward")
        answer = await call.answer(within_s=30)
        assert answer.transcript == "Going forward."
        assert answer.start_s is not None
        assert answer.start_s > said.speech_end_s
        assert [found.name for found in call.findings if found.severity == "error"] == []
        await call.hang_up()
    trace = read_trace(tmp_path / "trace.jsonl")
    assert len(trace.of_type("peer_connection.created")) == 1
    assert (trace.header["engine"], trace.header["native"]) == ("native", implementation)
    assert trace.of_type("error") == []
    text = (tmp_path / "trace.jsonl").read_text()
    assert shared_server.api_key not in text
    assert not has_key(text)


async def test_no_such_implementation_is_a_usage_error(shared_server: RunningServer) -> None:
    with pytest.raises(UsageError, match="no such WebRTC engine"):
        async with open_native_call(shared_server, implementation="nothing"):
            pass


async def test_a_server_that_is_not_there_is_named() -> None:
    nobody = RemoteServer("http://127.0.0.1:9", "sk-not-a-key")
    with pytest.raises(ServerUnreachable, match="No Realtime server answers"):
        async with open_native_call(nobody, options=CallOptions(connect_s=2)):
            pass
