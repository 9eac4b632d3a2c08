"""What is heard is what the page plays: pages that keep an answer from their user, and say so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from aiohttp import ClientSession, web

from harness.client.server_api import set_script
from harness.scenario.run import run_scenarios
from harness.server.process.launch import RunningServer
from tests.support.small_server import html, serve

pytestmark = [pytest.mark.browser, pytest.mark.realtime]

CALL = """
<script>
const audio = new Audio(), context = new AudioContext();
audio.autoplay = true;
(async () => {
  const { key, url } = await (await fetch("/key", { method: "POST" })).json();
  const peer = new RTCPeerConnection();
  peer.ontrack = ({ track, streams: [stream] }) => { ON_TRACK };
  const channel = peer.createDataChannel("oai-events");
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  peer.addTrack(microphone.getTracks()[0], microphone);
  await peer.setLocalDescription();
  const answer = await fetch(url, {
    method: "POST", body: peer.localDescription.sdp,
    headers: { Authorization: "Bearer " + key, "Content-Type": "application/sdp" },
  });
  await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
})();
</script>
"""
PULL = "const pull = new Audio(); pull.muted = true; pull.srcObject = stream;"
GRAPH = f"{PULL} context.createMediaStreamSource(stream)"

UNHEARD = {
    "muted": ("audio.srcObject = stream; audio.muted = true;", "the element is muted"),
    "disabled": ("audio.srcObject = stream; track.enabled = false;", "the track is disabled"),
    "stopped": ("audio.srcObject = stream; track.stop();", "the track was stopped"),
    "suspended": (
        f"{GRAPH}.connect(context.destination); context.suspend();",
        "the AudioContext is suspended",
    ),
}
HEARD = {
    "copy": "audio.srcObject = new MediaStream([track.clone()]);",
    # A delay is no gain: what comes out of the graph is what is heard, when it comes out.
    "graph": f"peer.getReceivers()[0].jitterBufferTarget = 400; {GRAPH}.connect(new DelayNode("
    "context, {delayTime: 0.4, maxDelayTime: 1})).connect(context.destination);",
    # What a graph makes of the answer, played by an element.
    "made": f"const out = context.createMediaStreamDestination(); {GRAPH}.connect(out); "
    "audio.srcObject = out.stream;",
}


TALKS_ON = {"turn_detection": {"type": "server_vad", "interrupt_response": False}}
MUTES_ITSELF = """
  audio.srcObject = stream;
  let answers = false; // not at once: after a hole, the first sentence may go on a moment later
  channel.onmessage = ({ data }) => {
    const { type } = JSON.parse(data);
    if (type === "output_audio_buffer.started") setTimeout(() => { answers = true; }, 500);
    if (type === "input_audio_buffer.speech_started" && answers) audio.muted = true;
  };
"""
ASK = "  - say: goforward\n  - expect: {words: [weather], within_s: 8}\n"
CUT = (
    "  - say: goforward\n"
    "  - interrupt: {after_ms: 1000, say: interruption-stop, stops_within_s: 1.2}\n"
)
WEATHER = "The weather on the hill is nice today."
TALE = "We opened forty years ago as a small bakery by the harbour, with fish from our own boats."


async def run(
    server: RunningServer, folder: Path, on_track: str, steps: str = ASK, says: str = WEATHER
) -> tuple[str, str, Path]:
    """The verdict of a scenario at a page that does this with its track."""
    await set_script(server, {"rules": [{"say": says}]})
    session = {"type": "realtime", "audio": {"input": TALKS_ON}}

    async def key(_: web.Request) -> web.Response:
        url = f"{server.url}/v1/realtime"
        headers = {"Authorization": f"Bearer {server.api_key}"}
        async with ClientSession(headers=headers) as http:
            minted = await (
                await http.post(f"{url}/client_secrets", json={"session": session})
            ).json()
        return web.json_response({"key": minted["value"], "url": f"{url}/calls"})

    path = folder / "never-played.yaml"
    path.write_text(f"name: never-played\nallow_problems: ['*']\nsteps:\n{steps}  - hang_up\n")
    routes = {("GET", "/"): html(CALL.replace("ON_TRACK", on_track)), ("POST", "/key"): key}
    async with serve(routes) as url:
        results = await run_scenarios([path], out=folder / "out", page_url=url)
    (result,) = results.scenarios
    return result.verdict, str(result.expectations), folder / "out" / "never-played"


@pytest.mark.parametrize("what", UNHEARD)
async def test_an_answer_that_nobody_heard_fails_by_its_name(
    what: str, shared_server: RunningServer, tmp_path: Path
) -> None:
    on_track, reason = UNHEARD[what]
    verdict, evidence, folder = await run(shared_server, tmp_path, on_track)
    assert verdict == "failed"
    assert f"never played: {reason}" in evidence
    trace = [json.loads(line) for line in (folder / "trace.jsonl").read_text().splitlines()]
    [lost] = [event for event in trace if event.get("type") == "heard.not_played"]
    assert lost["data"]["reason"] == reason
    received, _ = soundfile.read(folder / "received.wav")
    assert np.abs(received).max() > 0.01


@pytest.mark.parametrize("what", HEARD)
async def test_an_answer_that_is_played_in_another_way_is_heard(
    what: str, shared_server: RunningServer, tmp_path: Path
) -> None:
    verdict, evidence, folder = await run(shared_server, tmp_path, HEARD[what])
    assert verdict == "passed", evidence
    stages = stages_in(folder.parent)
    if what == "graph":  # a delay of 400 ms; and a buffer that grows slowly to what was asked
        assert stages["page"] == pytest.approx(0.4, abs=0.06)
        assert stages["jitter buffer"] > 0.12
    else:
        assert stages["page"] < 0.15


def stages_in(out: Path) -> dict[str, float]:
    """How long each stage of the first turn's wait took, by the results; all of them are there."""
    (scenario,) = json.loads((out / "results.json").read_text())["scenarios"]
    turn = scenario["turns"][0]
    assert turn["not_told"] == []
    waited_s = sum(stage["end_s"] - stage["start_s"] for stage in turn["stages"])
    assert waited_s == pytest.approx(turn["latencies"]["voice_to_voice_s"], abs=0.003)
    return {stage["name"]: stage["end_s"] - stage["start_s"] for stage in turn["stages"]}


async def test_a_page_that_mutes_the_answer_itself_is_judged_by_what_its_user_hears(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    """The server talks on; for the user the answer is silent soon after the interruption."""
    verdict, evidence, folder = await run(shared_server, tmp_path, MUTES_ITSELF, CUT, TALE)
    assert verdict == "passed", evidence
    assert (folder / "received.wav").exists()
