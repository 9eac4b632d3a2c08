"""What a server and a trace are told when a scenario's call begins."""

from __future__ import annotations

from pathlib import Path

from harness.call.opening import CallOptions
from harness.engines.servers import RemoteServer
from harness.scenario.call_beginning import told_server
from harness.scenario.load import load_scenario
from harness.scenario.prepare import prepare
from harness.speech.engines import default_synthesiser
from harness.speech.store import SpeechStore


def test_the_hosted_service_is_told_nothing(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text("name: short\nsteps: [{say: goforward}, hang_up]\n", encoding="utf-8")
    (one,) = prepare([load_scenario(path)], default_synthesiser(SpeechStore(None)))
    options = CallOptions()
    hosted = RemoteServer("https://api.openai.com/v1", "sk-nobodyMayRead")
    assert told_server(one, options, hosted, None) is options
    local = RemoteServer("http://127.0.0.1:9/v1", "sk-nobodyMayRead")
    told = told_server(one, options, local, None)
    assert told.witness is not None
    assert told.prepare is not None
