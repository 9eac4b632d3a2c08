"""What is heard is what the page plays: pages that keep an answer from their user, and say so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from harness.call.rest import set_script
from harness.scenario.run import run_scenarios
from harness.server.process import RunningServer
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
  peer.createDataChannel("oai-events");
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
    "nothing": ("", "no element plays the track"),
    "disabled": ("audio.srcObject = stream; track.enabled = false;", "the track is disabled"),
    "refused": (
        "audio.autoplay = false; audio.srcObject = stream; audio.play(); audio.pause();",
        "play() was refused: AbortError",
    ),
    "suspended": (
        f"{GRAPH}.connect(context.destination); context.suspend();",
        "the AudioContext is suspended",
    ),
}
HEARD = {
    "copy": "audio.srcObject = new MediaStream([track.clone()]);",
    # A delay is no gain: what comes out of the graph is what is heard.
    "graph": f"{GRAPH}.connect(new DelayNode(context)).connect(context.destination);",
    # What a graph makes of the answer, played by an element.
    "made": f"const out = context.createMediaStreamDestination(); {GRAPH}.connect(out); "
    "audio.srcObject = out.stream;",
}


async def run(server: RunningServer, folder: Path, on_track: str) -> tuple[str, str, Path]:
    """The verdict of a scenario with one question at a page that does this with its track."""
    await set_script(server, {"rules": [{"say": "The weather on the hill is nice today."}]})

    async def key(_: web.Request) -> web.Response:
        url = f"{server.url}/v1/realtime"
        headers = {"Authorization": f"Bearer {server.api_key}"}
        async with ClientSession(headers=headers) as http:
            minted = await (await http.post(f"{url}/client_secrets", json={})).json()
        return web.json_response({"key": minted["value"], "url": f"{url}/calls"})

    path = folder / "never-played.yaml"
    path.write_text(
        "name: never-played\nsteps:\n  - say: goforward\n"
        "  - expect: {words: [weather], within_s: 8}\n  - hang_up\n"
    )
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
    if what != "disabled":  # the browser drops what comes on a disabled track
        trace = [json.loads(line) for line in (folder / "trace.jsonl").read_text().splitlines()]
        [lost] = [event for event in trace if event.get("type") == "heard.not_played"]
        assert lost["data"]["reason"] == reason
        assert (folder / "received.wav").exists()


@pytest.mark.parametrize("what", HEARD)
async def test_an_answer_that_is_played_in_another_way_is_heard(
    what: str, shared_server: RunningServer, tmp_path: Path
) -> None:
    verdict, evidence, folder = await run(shared_server, tmp_path, HEARD[what])
    assert verdict == "passed", evidence
    assert not (folder / "received.wav").exists()
