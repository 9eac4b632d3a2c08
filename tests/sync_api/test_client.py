"""A Realtime client without an event loop, against the local server."""

from __future__ import annotations

import pytest

from harness.errors import HarnessError
from harness.sync_api import RealtimeClient, Request, start_server

pytestmark = pytest.mark.realtime


def test_a_client_asks_and_is_answered() -> None:
    with (
        start_server(script={"rules": [{"say": "Two rolls. Anything else?"}]}) as server,
        RealtimeClient(server.url, api_key=server.api_key) as client,
    ):
        assert client.state == "open"
        client.send_text("Two rolls, please.")
        request = client.respond()
        assert isinstance(request, Request)
        answer = client.expect("answer_over", within_s=20)
        assert answer.data["text"] == "Two rolls. Anything else?"
        client.microphone.off()
        assert client.microphone.is_on is False
        client.set_volume(0.5)
        assert client.volume == 0.5
        refused = client.delete_item("item_nobody_knows")
        with pytest.raises(HarnessError, match="item_nobody_knows"):
            refused.wait()
        assert refused.is_settled
        assert refused.problem is not None


def test_a_server_that_is_not_there_leaves_nothing_behind() -> None:
    with (
        pytest.raises(HarnessError),
        RealtimeClient("http://127.0.0.1:9", api_key="nobody's key"),
    ):
        pass
